import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  findAny,
  namedExercise,
  openTestClass,
  stubGrade,
  stubReport,
} from '../../testing/class/class-of-learners.ts'
import { enqueue } from '../queue/enqueue.ts'
import { openQueues, type Queues } from '../queue/queues.ts'
import { openRunEvents, type RunEvents } from '../queue/run-events.ts'
import type { StoredEvent } from '../queue/stored-event.ts'
import type { GradeSubmission } from './grade-job.ts'
import { startWorker, type Worker, type WorkerOptions } from './start-worker.ts'

let database: Awaited<ReturnType<typeof openTestClass>>
let queues: Queues
let runs: RunEvents
let workers: Worker[]
let said: string[]
const errors: Error[] = []

beforeAll(async () => {
  database = await openTestClass(3)
  queues = await openQueues(database.pool, (error) => errors.push(error))
  runs = openRunEvents(database.pool, (error) => errors.push(error))
})
afterAll(async () => {
  await runs.close()
  await queues.close()
  await database.close()
  expect(errors).toEqual([])
})
beforeEach(() => {
  workers = []
  said = []
})
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop(0)))
  await database.anew()
})

const work = async (grade: GradeSubmission, options: Partial<WorkerOptions> = {}) => {
  const worker = await startWorker({
    pool: database.pool,
    slots: { untimed: 2, timed: 2 },
    grade,
    find: findAny,
    say: (sentence) => said.push(sentence),
    versionOf: async () => 'version-1',
    ...options,
  })
  workers.push(worker)
  return worker
}
const submit = (learner = 0, exercise = 'say-hello', purpose: 'run' | 'submit' = 'submit') =>
  enqueue(queues, {
    learnerId: database.learners[learner]!,
    exercise: namedExercise(exercise, exercise.startsWith('timed') ? 15 : 1),
    purpose,
    files: [
      { path: 'server.ts', content: Buffer.from([0, 255, 10]) },
      { path: 'a/page.html', content: Buffer.from('<p>') },
    ],
  })
const row = async (id: string) =>
  (await database.pool.query('SELECT * FROM submissions WHERE id = $1', [id])).rows[0]
const judgements = async (id: string) =>
  (await database.pool.query('SELECT * FROM judgements WHERE submission_id = $1', [id])).rows
const until = (holds: () => void | Promise<void>) => vi.waitFor(holds, 20_000)
const over = (id: string) =>
  new Promise<StoredEvent[]>((resolve) => {
    const events: StoredEvent[] = []
    runs.follow(id, 0, {
      onEvent: ({ event }) => events.push(event),
      onOver: () => resolve(events),
    })
  })

describe('a submission', () => {
  test('is graded with its files and kept with its checks, and its events end with that', async () => {
    const grade = vi.fn(stubGrade(0, 'failed'))
    await work(grade)
    const { id } = await submit()
    const events = await over(id)
    expect(grade.mock.calls[0]![0]).toMatchObject({
      run: id,
      files: [
        { path: 'server.ts', content: Buffer.from([0, 255, 10]) },
        { path: 'a/page.html', content: Buffer.from('<p>') },
      ],
    })
    expect(events.map(({ type }) => type)).toEqual([
      'started',
      'check',
      'check',
      'check',
      'finished',
      'kept',
    ])
    expect(await row(id)).toMatchObject({ state: 'judged', attempt: 1, trouble: null })
    const [judgement] = await judgements(id)
    expect(judgement).toMatchObject({
      verdict: 'failed',
      passed_checks: 2,
      total_checks: 3,
      checks_version: 'version-1',
      current: true,
    })
    const checks = await database.pool.query(
      'SELECT position, check_id, title, outcome, diagnosis FROM check_results ORDER BY position',
    )
    expect(checks.rows.map(Object.values)).toEqual([
      [0, 'starts', 'It starts', 'passed', null],
      [1, 'answers', 'It answers', 'passed', null],
      [2, 'ends', 'It ends', 'failed', 'forgotten'],
    ])
  })

  test('of which the grader errs is graded once more', async () => {
    let gradings = 0
    await work(async (job, options) => {
      if (++gradings === 1) throw new Error('The browser did not start.')
      return stubGrade()(job, options)
    })
    const { id } = await submit()
    const events = await over(id)
    expect(events[0]).toEqual({ type: 'restarted', say: 'Grading restarted.' })
    expect(events.at(-1)!.type).toBe('kept')
    expect(await row(id)).toMatchObject({ state: 'judged', attempt: 2, trouble: null })
  })

  test('of which the grader errs twice is no attempt, and the teacher is told why', async () => {
    await work(async ({ exercise, run }) => ({
      report: stubReport(exercise.id, run, 'errored'),
      evidenceGz: new Uint8Array(),
    }))
    const { id } = await submit()
    const events = await over(id)
    expect(events.at(-1)).toEqual({ type: 'broken', error: 'The browser did not start.' })
    expect(await row(id)).toMatchObject({
      state: 'errored',
      attempt: 2,
      trouble: 'The browser did not start.',
    })
    expect(await judgements(id)).toEqual([])
    expect(said.join('\n')).toContain('The teacher is told.')
  })

  test('of an exercise that the worker does not have errs', async () => {
    await work(stubGrade(), { find: () => undefined })
    const { id } = await submit()
    await over(id)
    expect(await row(id)).toMatchObject({
      state: 'errored',
      trouble: 'The worker’s course has no exercise “say-hello”.',
    })
  })

  test('whose verdict the database refuses errs, and holds nothing up', async () => {
    await work(async (job, options) => ({
      ...(await stubGrade()(job, options)),
      report: { ...stubReport('say-hello', job.run), verdict: 'splendid' as 'passed' },
    }))
    const { id } = await submit()
    await over(id)
    expect(await row(id)).toMatchObject({ state: 'errored' })
    expect((await row(id)).trouble).toContain('could not be kept')
  })

  test('whose learner is erased meanwhile leaves nothing', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const { promise: erased, resolve: erase } = Promise.withResolvers<void>()
    await work(async (job, options) => {
      begin()
      await erased
      return stubGrade()(job, options)
    })
    const { id } = await submit()
    await begun
    await database.pool.query('DELETE FROM learners WHERE id = $1', [database.learners[0]])
    erase()
    await over(id)
    const other = await submit(1)
    await over(other.id)
    expect(await judgements(id)).toEqual([])
    expect(await row(other.id)).toMatchObject({ state: 'judged' })
  })
})

describe('a newer submission', () => {
  test('of the same learner and exercise takes the place of one that waits', async () => {
    const older = await submit()
    const newer = await submit()
    const others = [await submit(0, 'say-goodbye'), await submit(1)]
    expect(newer.superseded).toEqual([older.id])
    expect(others.map(({ superseded }) => superseded)).toEqual([[], []])
    expect(await over(older.id)).toEqual([{ type: 'superseded', by: newer.id }])
    await work(stubGrade())
    await Promise.all([newer, ...others].map(({ id }) => over(id)))
    expect(await row(older.id)).toMatchObject({ state: 'superseded', attempt: 0 })
    expect(await judgements(older.id)).toEqual([])
    expect(await judgements(newer.id)).toHaveLength(1)
  })

  test('leaves one alone that is being graded', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    await work(async (job, options) => {
      begin()
      await released
      return stubGrade()(job, options)
    })
    const older = await submit()
    await begun
    const newer = await submit()
    release()
    await Promise.all([over(older.id), over(newer.id)])
    expect(newer.superseded).toEqual([])
    expect(await judgements(older.id)).toHaveLength(1)
    expect(await judgements(newer.id)).toHaveLength(1)
  })

  test.each([
    ['a run', 'run', 'run', true],
    ['a run', 'submit', 'run', true],
    ['a submission', 'run', 'submit', false],
    ['a submission', 'submit', 'submit', true],
  ] as const)('%s waits and a %s comes (%s)', async (_, newer, older, isSuperseded) => {
    const first = await submit(0, 'say-hello', older)
    const second = await submit(0, 'say-hello', newer)
    expect(second.superseded).toEqual(isSuperseded ? [first.id] : [])
  })

  test('after the deadline leaves one alone that arrived before it', async () => {
    await database.pool.query(
      `INSERT INTO assignments (exercise_id, due_at) VALUES ('say-hello', now() - interval '1 hour')`,
    )
    const inTime = await submit()
    await database.pool.query(
      `UPDATE submissions SET submitted_at = now() - interval '2 hours' WHERE id = $1`,
      [inTime.id],
    )
    const late = await submit()
    const later = await submit()
    expect(late.superseded).toEqual([])
    expect(later.superseded).toEqual([late.id])
    await database.pool.query(
      `INSERT INTO extensions (learner_id, exercise_id, due_at) VALUES ($1, 'say-hello', now() + interval '1 hour')`,
      [database.learners[0]],
    )
    expect((await submit()).superseded.toSorted()).toEqual([inTime.id, later.id].toSorted())
  })

  test('of two that arrive at once, one is left', async () => {
    const both = await Promise.all(Array.from({ length: 8 }, () => submit()))
    const states = await Promise.all(both.map(async ({ id }) => (await row(id)).state))
    expect(states.toSorted()).toEqual([...Array<string>(7).fill('superseded'), 'waiting'])
  })
})

test('fifty of one learner do not hold up another’s one', async () => {
  for (let at = 0; at < 50; at++) await submit(0, `exercise-${at}`)
  const other = await submit(1)
  const order: string[] = []
  await work(
    async (job, options) => {
      order.push(job.run)
      return stubGrade(5)(job, options)
    },
    { slots: { untimed: 4, timed: 0 } },
  )
  await over(other.id)
  expect(order.indexOf(other.id)).toBeLessThan(10)
  await until(() => expect(order).toHaveLength(51))
})

test('timed gradings that fill their slots hold up no untimed one', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await work(async (job, options) => {
    if (job.exercise.id === 'timed') await released
    return stubGrade()(job, options)
  })
  const timed = await Promise.all([0, 1, 2].map((learner) => submit(learner, 'timed')))
  await until(async () =>
    expect((await Promise.all(timed.map(({ id }) => row(id)))).map(({ state }) => state)).toContain(
      'grading',
    ),
  )
  const untimed = await submit()
  await over(untimed.id)
  expect(await row(untimed.id)).toMatchObject({ state: 'judged' })
  release()
  await Promise.all(timed.map(({ id }) => over(id)))
})

describe('a worker that is stopped', () => {
  test('finishes what it has begun', async () => {
    const worker = await work(stubGrade(300))
    const { id } = await submit()
    await until(async () => expect((await row(id)).state).toBe('grading'))
    await worker.stop()
    expect(await row(id)).toMatchObject({ state: 'judged' })
    expect(said).toContain('Finishing 1 grading.')
  })

  test('gives back what takes longer, at the place it had and without counting it', async () => {
    const worker = await work(stubGrade(60_000), { slots: { untimed: 1, timed: 0 } })
    const first = await submit(0)
    await until(async () => expect((await row(first.id)).state).toBe('grading'))
    const second = await submit(1)
    await worker.stop(50)
    expect(await row(first.id)).toMatchObject({ state: 'waiting' })
    const order: string[] = []
    await work(
      async (job, options) => {
        order.push(job.run)
        return stubGrade()(job, options)
      },
      { slots: { untimed: 1, timed: 0 } },
    )
    const events = await over(first.id)
    await over(second.id)
    expect(order).toEqual([first.id, second.id])
    expect(events[0]!.type).toBe('restarted')
    const jobs = await database.pool.query('SELECT retry_count FROM pgboss.job')
    expect(jobs.rows.map(({ retry_count }) => retry_count)).toEqual([0, 0])
  })

  test('is no longer among the workers', async () => {
    const worker = await work(stubGrade())
    const seen = () => database.pool.query('SELECT * FROM workers')
    await until(async () =>
      expect((await seen()).rows).toMatchObject([{ id: worker.id, slots: 2, timed_slots: 2 }]),
    )
    await worker.stop()
    expect((await seen()).rows).toEqual([])
  })
})

test('a follower who comes late, or from the middle, reads the same as one from the start', async () => {
  await work(stubGrade(400))
  const { id } = await submit()
  const [early, late] = await Promise.all([over(id), wait(500).then(() => over(id))])
  expect(late).toEqual(early)
  const { events } = (await runs.read(id, 0))!
  const middle = events[2]!.number
  expect((await runs.read(id, middle))!.events).toEqual(events.slice(2))
  expect(await runs.read('0000000000000000', 0)).toBeUndefined()
})
