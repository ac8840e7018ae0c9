import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { resolvePaths } from '../../course/paths.ts'
import { freePort } from '../../grader/record/program/ports/free-port.ts'
import { openPool } from '../../store/postgres/open-pool.ts'
import {
  enrolClass,
  findAny,
  namedExercise,
  openTestClass,
  stubGrade,
} from '../../testing/class/class-of-learners.ts'
import {
  POINTS,
  startStubWorker,
  type StubWorkerOptions,
} from '../../testing/class/start-stub-worker.ts'
import { installPostgres } from '../postgres/install-postgres.ts'
import { findPostmaster } from '../postgres/postmaster.ts'
import { useOwnServer } from '../postgres/use-own-server.ts'
import { enqueue } from '../queue/enqueue.ts'
import { openQueues, type Queues } from '../queue/queues.ts'
import { openRunEvents } from '../queue/run-events.ts'
import { startWorker } from './start-worker.ts'
import type { Pool } from 'pg'

// Every one of these waits for a heartbeat to lapse, so they wait together.
describe.concurrent('with a database of its own', () => {
  test(
    '300 submissions are judged once each, though workers are killed 20 times',
    { timeout: 240_000 },
    async ({ onTestFinished }) => {
      const seed = Number(process.env['SEED'] ?? Date.now() % 1e9)
      console.log(`SEED=${seed} draws the same kills.`)
      const draw = randomOf(seed)
      const { pool, url, learners, submit } = await openClass(30)
      const left = Array.from({ length: 10 }, (_, at) =>
        learners.map((learner) => [learner, `exercise-${at}`] as const),
      ).flat()
      const submitSome = async (most: number) => {
        for (const [learner, exercise] of left.splice(0, most)) await submit(learner, exercise)
      }
      await submitSome(240)

      let kills = 0
      let planned = 0
      let isOver = false
      const running = new Set<ReturnType<typeof startStubWorker>['child']>()
      onTestFinished(() => {
        isOver = true
        for (const child of running) child.kill('SIGKILL')
      })
      const keepOneAlive = async () => {
        while (!isOver) {
          const isFated = planned < 20
          if (isFated) planned++
          const fate = { point: POINTS[draw(POINTS.length)]!, occasion: 1 + draw(5) }
          const worker = startStubWorker({
            url,
            slots: { untimed: 2, timed: 1 },
            gradeMs: 60,
            fate: isFated ? fate : null,
          })
          running.add(worker.child)
          if ((await worker.ended) === 'SIGKILL') kills++
          running.delete(worker.child)
        }
      }
      const lives = Promise.all([keepOneAlive(), keepOneAlive(), keepOneAlive()])
      const allJudged = () =>
        vi.waitFor(async () => expect(await unjudged(pool)).toEqual([]), {
          timeout: 100_000,
          interval: 200,
        })
      // Workers that came to their point too seldom get more to do.
      while (left.length > 0) {
        if (kills < 20) await allJudged()
        await submitSome(kills < 20 ? 3 : left.length)
      }
      await allJudged()
      isOver = true
      for (const child of running) child.kill('SIGTERM')
      await lives

      expect(kills).toBe(20)
      expect(await count(pool, 'judgements')).toBe(300)
      expect(await count(pool, '(SELECT DISTINCT submission_id FROM judgements) AS each')).toBe(300)
      expect(await count(pool, 'check_results')).toBe(900)
      expect(await count(pool, `submissions WHERE trouble IS NOT NULL`)).toBe(0)
      expect(await count(pool, `run_events WHERE event LIKE '{"type":"kept"%'`)).toBe(300)
      expect(
        await count(pool, `pgboss.job WHERE state <> 'completed' AND name IN ('untimed', 'timed')`),
      ).toBe(0)
    },
  )

  test('a worker that was stopped for longer than its heartbeat writes no second verdict', async ({
    onTestFinished,
  }) => {
    const { pool, url, learners, submit } = await openClass(1)
    const options: StubWorkerOptions = {
      url,
      slots: { untimed: 1, timed: 0 },
      gradeMs: 2_000,
      fate: null,
    }
    const stopped = startStubWorker(options)
    const { id } = await submit(learners[0]!, 'say-hello')
    await vi.waitFor(
      async () => expect(await count(pool, `submissions WHERE state = 'grading'`)).toBe(1),
      { timeout: 20_000 },
    )
    stopped.child.kill('SIGSTOP')
    const other = startStubWorker(options)
    onTestFinished(() => {
      for (const { child } of [stopped, other]) child.kill('SIGKILL')
    })
    await vi.waitFor(async () => expect(await count(pool, 'judgements')).toBe(1), {
      timeout: 60_000,
      interval: 200,
    })
    stopped.child.kill('SIGCONT')
    await vi.waitFor(
      () => expect(stopped.said.join('\n')).toContain(`${id} (say-hello) is another worker’s now`),
      { timeout: 20_000 },
    )
    expect(await count(pool, 'judgements')).toBe(1)
    expect(await count(pool, `submissions WHERE state = 'judged' AND attempt = 2`)).toBe(1)
    const numbers = await pool.query('SELECT number, event FROM run_events ORDER BY number')
    expect(numbers.rows.map(({ event }) => JSON.parse(event).type)).toEqual([
      'restarted',
      'started',
      'check',
      'check',
      'check',
      'finished',
      'kept',
    ])
    for (const { child, ended } of [stopped, other]) {
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
    }
  })

  test('a submission that kills each worker is given up, and none of those beside it', async ({
    onTestFinished,
  }) => {
    const { pool, url, learners, submit, runs } = await openClass(6)
    const poisoned = await submit(learners[0]!, 'poison')
    const beside = await Promise.all(learners.slice(1).map((learner) => submit(learner, 'good')))
    let isOver = false
    onTestFinished(() => {
      isOver = true
      current?.child.kill('SIGKILL')
    })
    let kills = 0
    let current: ReturnType<typeof startStubWorker> | undefined
    const life = (async () => {
      while (!isOver) {
        current = startStubWorker({
          url,
          slots: { untimed: 6, timed: 0 },
          gradeMs: 10,
          fate: null,
          poison: 'poison',
        })
        if ((await current.ended) === 'SIGKILL') kills++
      }
    })()
    const events: unknown[] = []
    await new Promise<void>((resolve) => {
      runs.follow(poisoned.id, 0, {
        onEvent: ({ event }) => events.push(event),
        onOver: resolve,
      })
    })
    await vi.waitFor(
      async () => expect(await count(pool, `submissions WHERE state = 'judged'`)).toBe(5),
      { timeout: 30_000 },
    )
    isOver = true
    current!.child.kill('SIGTERM')
    await life
    const trouble =
      'Three workers were lost while they graded it, and the last of them graded nothing else. Its program may take more memory than a worker has.'
    expect(kills).toBe(3)
    expect(events.at(-1)).toEqual({ type: 'broken', error: trouble })
    const { rows } = await pool.query('SELECT id, state, attempt, trouble FROM submissions')
    expect(rows.filter(({ trouble }) => trouble !== null)).toEqual([
      { id: poisoned.id, state: 'errored', attempt: 3, trouble },
    ])
    expect(beside.map(({ id }) => rows.find((row) => row.id === id).state)).toEqual(
      Array(5).fill('judged'),
    )
  })
})

test.concurrent('a database that is killed and comes back after 3 s loses nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'roundtrip-killed-'))
  const { postgres } = resolvePaths({})
  const port = await freePort()
  const start = () =>
    useOwnServer({
      folder,
      ours: [folder, join(postgres, '..')],
      programs: () => installPostgres(postgres, { onProgress() {} }),
      onProgress() {},
      // The address has to stay the same.
      settings: [`port=${port}`, 'fsync=off'],
    })
  const { url } = await start()
  const pool = openPool(url, { max: 20 })
  const said: string[] = []
  const { queues, learners, submit, runs, close } = await openOn(pool, 10, said)
  const worker = await startWorker({
    pool,
    slots: { untimed: 4, timed: 1 },
    grade: stubGrade(300),
    find: findAny,
    say: (sentence) => said.push(sentence),
    versionOf: async () => 'version-1',
  })
  const submitted = await Promise.all(
    learners.flatMap((learner) => ['a', 'b', 'c', 'd'].map((each) => submit(learner, each))),
  )
  const followed = submitted.map(
    ({ id }) =>
      new Promise<void>((resolve) => {
        runs.follow(id, 0, { onEvent() {}, onOver: resolve })
      }),
  )
  await vi.waitFor(async () => expect(await count(pool, 'judgements')).toBeGreaterThan(3), 10_000)
  process.kill(findPostmaster(join(folder, 'cluster', 'data'))!.pid, 'SIGKILL')
  await wait(3_000)
  await expect(enqueue(queues, newGrading(learners[0]!, 'e'))).rejects.toThrow()
  const server = await start()
  await Promise.all(followed)
  expect(await count(pool, `submissions WHERE state = 'judged'`)).toBe(40)
  expect(await count(pool, 'judgements')).toBe(40)
  expect(said.join('\n')).toMatch(
    /The database cannot be reached \(.+\)\. Trying again until it can\./,
  )
  expect(said).toContain('The database is back.')
  const after = await submit(learners[0]!, 'e')
  await new Promise<void>((resolve) => runs.follow(after.id, 0, { onEvent() {}, onOver: resolve }))
  await worker.stop()
  await close()
  await pool.end()
  await server.release()
  rmSync(folder, { recursive: true, force: true })
})

const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

async function openClass(count: number) {
  const database = await openTestClass(count)
  const opened = await openOn(database.pool, count)
  closing.push(opened.close, database.close)
  return { ...opened, ...database }
}

async function openOn(pool: Pool, count: number, said: string[] = []) {
  const onError = (error: Error) => said.push(error.message)
  const learners = await enrolClass(pool, count)
  const queues: Queues = await openQueues(pool, onError)
  const runs = openRunEvents(pool, onError)
  return {
    queues,
    runs,
    learners,
    submit: (learnerId: string, exercise: string) =>
      enqueue(queues, newGrading(learnerId, exercise)),
    async close() {
      await runs.close()
      await queues.close()
    },
  }
}

function newGrading(learnerId: string, exercise: string) {
  return {
    learnerId,
    exercise: namedExercise(exercise),
    purpose: 'submit' as const,
    files: [{ path: 'server.ts', content: Buffer.from('// nothing') }],
  }
}

/** What is left, and where its job is: so that a failure says what happened. */
async function unjudged(pool: Pool): Promise<readonly object[]> {
  const { rows } = await pool.query(
    `SELECT submissions.state, attempt, trouble, job.name, job.state AS job, retry_count, heartbeat_on
     FROM submissions LEFT JOIN pgboss.job ON data ->> 'submission' = submissions.id
     WHERE submissions.state <> 'judged' LIMIT 5`,
  )
  return rows
}

async function count(pool: Pool, what: string): Promise<number> {
  const { rows } = await pool.query(`SELECT count(*) AS count FROM ${what}`)
  return rows[0].count
}

/** mulberry32 */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
