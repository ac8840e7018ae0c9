import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sampleSubmission } from '../../testing/sample-submission.ts'
import { openTestDatabase, type TestDatabase } from '../../testing/class/test-database.ts'
import type { Store } from '../learner-store.ts'
import { StoreError } from '../store-error.ts'
import { migrateClass } from './migrate-class.ts'
import { openClassStore } from './open-class-store.ts'
import { openPool } from './open-pool.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
  await migrateClass(database.pool)
})
afterAll(() => database.close())

let ada: Store
let alan: Store
beforeEach(async () => {
  await database.pool.query('DELETE FROM learners')
  await database.pool.query(
    "INSERT INTO learners (id, name, role) VALUES ('ada', 'Ada', 'learner'), ('alan', 'Alan', 'learner')",
  )
  const store = openClassStore(database.pool)
  ada = store.of('ada')
  alan = store.of('alan')
})

describe('what a learner has done', () => {
  test('is nobody else’s', async () => {
    const { id } = await ada.addSubmission(sampleSubmission('aaaaaaaa'))
    await ada.addAnswer({ questionId: 'q', option: 'x', correct: false })
    await ada.markLesson('one', 1)
    await ada.revealHint('say-hello', 0)
    const before = await alan.revision()
    expect(await alan.records()).toEqual({ answers: [], verdicts: [], reads: [] })
    expect(await alan.submission(id)).toBeUndefined()
    expect(await alan.submissionEvidence(id)).toBeUndefined()
    expect(await alan.submissions()).toEqual([])
    expect(await alan.submittedRuns()).toEqual(new Set())
    expect(await alan.missedQuestions()).toEqual([])
    expect(await alan.hintsShown('say-hello')).toEqual([])
    await ada.markLesson('two', 1)
    expect(await alan.revision()).toBe(before)
  })

  test('a run of the same id is a submission of each', async () => {
    const [one, two] = await Promise.all([
      ada.addSubmission(sampleSubmission('aaaaaaaa')),
      alan.addSubmission(sampleSubmission('aaaaaaaa')),
    ])
    expect(one.id).not.toBe(two.id)
  })

  test('goes with the learner', async () => {
    await ada.addSubmission(sampleSubmission('aaaaaaaa'))
    await ada.markLesson('one', 1)
    await database.pool.query("DELETE FROM learners WHERE id = 'ada'")
    expect(await ada.records()).toEqual({ answers: [], verdicts: [], reads: [] })
    await expect(ada.markLesson('one', 1)).rejects.toThrow('foreign key')
  })
})

describe('what counts as a submission', () => {
  const add = async (id: string, state: string, purpose = 'submit') =>
    database.pool.query(
      `INSERT INTO submissions (id, learner_id, exercise_id, state, purpose) VALUES ($1, 'ada', 'x', $2, $3)`,
      [id, state, purpose],
    )
  const judge = async (id: string, version: string, verdict: string, current: boolean) =>
    database.pool.query(
      `INSERT INTO judgements (submission_id, checks_version, verdict, passed_checks, total_checks, run, report, evidence_gz, current)
      VALUES ($1, $2, $3, 1, 2, $4, '{}', '', $5)`,
      [id, version, verdict, `run-${id}`, current],
    )

  test('not what waits, and not what was only run', async () => {
    await add('1', 'waiting')
    await add('2', 'superseded')
    await add('3', 'judged', 'run')
    await judge('3', 'v1', 'passed', true)
    expect(await ada.submissions()).toEqual([])
    expect(await ada.submission('3')).toBeUndefined()
    expect(await ada.submission('1')).toBeUndefined()
  })

  test('its judgement that counts, and a regrade’s once it is published', async () => {
    await add('1', 'judged')
    await judge('1', 'v1', 'failed', true)
    await judge('1', 'v2', 'passed', false)
    const verdicts = async () => (await ada.submissions()).map(({ verdict }) => verdict)
    const before = await ada.revision()
    expect(await verdicts()).toEqual(['failed'])
    await database.pool.query('UPDATE judgements SET current = FALSE')
    await database.pool.query("UPDATE judgements SET current = TRUE WHERE checks_version = 'v2'")
    expect(await verdicts()).toEqual(['passed'])
    expect(await ada.revision()).not.toBe(before)
  })
})

describe('when the database goes away', () => {
  let relay: Relay
  let store: Store
  let pool: ReturnType<typeof openPool>
  beforeEach(async () => {
    relay = await relayTo(database.url)
    pool = openPool(relay.url, { connectionTimeoutMillis: 1000 })
    store = openClassStore(pool).of('ada')
    await store.markLesson('one', 0.5)
  })
  const end = async () => {
    await pool.end()
    await relay.close()
  }
  const errorOf = async (action: Promise<unknown>) => {
    const error = await action.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StoreError)
    return error as StoreError
  }

  test('what asks meanwhile says so, and what asks afterwards finds it again', async () => {
    await relay.stop()
    for (const action of [
      () => store.records(),
      () => store.markLesson('one', 1),
      () => store.addSubmission(sampleSubmission('aaaaaaaa')),
      () => store.revision(),
    ]) {
      const error = await errorOf(action())
      expect([error.kind, error.message, error.remedy]).toEqual([
        'away',
        "The class's database does not answer.",
        'Try again in a moment.',
      ])
    }
    await relay.start()
    expect(await store.lessonReads()).toMatchObject([{ lessonId: 'one', fraction: 0.5 }])
    await store.addSubmission(sampleSubmission('aaaaaaaa'))
    expect(await store.submissions()).toHaveLength(1)
    await end()
  })

  test('in the middle of a transaction nothing is half written', async () => {
    const blocked = await database.pool.connect()
    await blocked.query('BEGIN')
    await blocked.query('LOCK TABLE judgements')
    const adding = errorOf(store.addSubmission(sampleSubmission('bbbbbbbb')))
    await expect
      .poll(async () => {
        const { rows } = await database.pool.query(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
        )
        return rows.length
      })
      .toBeGreaterThan(0)
    await relay.stop()
    expect((await adding).kind).toBe('away')
    await blocked.query('COMMIT')
    blocked.release()
    await relay.start()
    expect(await store.submissions()).toEqual([])
    await end()
  })

  test('also when its server ends the connections, those in use and those that are not', async () => {
    const sleeping = errorOf(
      pool.query('SELECT pg_sleep(60)').catch((error: unknown) => {
        throw new StoreError('away', String(error), '')
      }),
    )
    await expect.poll(() => pool.totalCount).toBeGreaterThan(0)
    await store.records()
    await database.pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    expect((await sleeping).message).toContain('terminat')
    // One may be asked before it has heard that it was ended.
    const reads = () =>
      store.lessonReads().then(
        ({ length }) => length,
        ({ kind }: StoreError) => kind,
      )
    await expect.poll(reads).toBe(1)
    await end()
  })

  test('it does not answer: that is noticed', async () => {
    relay.mute()
    const idle = openPool(relay.url, { connectionTimeoutMillis: 300 })
    expect((await errorOf(openClassStore(idle).of('ada').records())).kind).toBe('away')
    await idle.end()
    await end()
  })
})

interface Relay {
  readonly url: string
  stop(): Promise<void>
  start(): Promise<void>
  /** New connections get no answer. */
  mute(): void
  close(): Promise<void>
}

/** A way to the database that can be cut. */
async function relayTo(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let muted = false
  let server: Server
  let own = 0
  const start = async () => {
    server = createServer((inside) => {
      const outside = muted ? undefined : connect(Number(port), hostname)
      for (const socket of [inside, outside]) {
        if (!socket) continue
        sockets.add(socket)
        socket.on('error', () => {}).on('close', () => sockets.delete(socket))
      }
      if (outside) inside.pipe(outside).pipe(inside)
    })
    await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', resolve))
    own = (server.address() as AddressInfo).port
  }
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await start()
  return {
    url: Object.assign(new URL(target), { port: String(own) }).href,
    start,
    stop,
    mute: () => void (muted = true),
    close: stop,
  }
}
