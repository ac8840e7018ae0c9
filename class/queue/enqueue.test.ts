import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  namedExercise,
  openTestClass,
  type TestClass,
} from '../../testing/class/class-of-learners.ts'
import { dueOf, IS_LATE, setAssignment, setExtension } from '../assignments/assignments.ts'
import { enqueue, NotOpenYet } from './enqueue.ts'
import { openQueues, type Queues } from './queues.ts'

let database: TestClass
let queues: Queues
let learner: string
beforeAll(async () => {
  database = await openTestClass(2)
  learner = database.learners[0]!
  queues = await openQueues(database.pool, () => {})
})
afterAll(async () => {
  await queues.close()
  await database.close()
})
afterEach(() => database.anew())

const submit = (purpose: 'run' | 'submit' = 'submit') =>
  enqueue(queues, { learnerId: learner, exercise: namedExercise('x'), purpose, files: [] })
const hours = (number: number | null) =>
  number === null ? null : new Date(Date.now() + number * 3_600_000).toISOString()
const assign = (opens: number | null, due: number | null) =>
  setAssignment(database.pool, { exerciseId: 'x', opensAt: hours(opens), dueAt: hours(due) })
const kept = async () => (await database.pool.query('SELECT FROM submissions')).rowCount

/** Until a transaction waits for the row that another one holds. */
const somebodyWaits = () =>
  vi.waitFor(async () => {
    const { rowCount } = await database.pool.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    )
    expect(rowCount).toBe(1)
  })

describe('a deadline and more time, in hours from now', () => {
  test.each<[due: number | null, extension: number | null, isLate: boolean]>([
    [null, null, false],
    [1, null, false],
    [-1, null, true],
    [-1, 1, false],
    [-2, -1, true],
    // More time never takes time away,
    [1, -1, false],
    // and ends nothing that has no end.
    [null, -1, false],
  ])('%j and %j: everybody says the same', async (due, extension, isLate) => {
    await assign(-3, due)
    await setExtension(database.pool, learner, 'x', hours(extension))
    const waiting = await submit()
    // As if it had arrived before every deadline.
    await database.pool.query(
      `UPDATE submissions SET submitted_at = now() - interval '1 day' WHERE id = $1`,
      [waiting.id],
    )
    const { id, dueAt, isLate: isLateHere, superseded } = await submit()
    const holds = (await dueOf(database.pool, learner, 'x'))!
    const { rows } = await database.pool.query<{ isLate: boolean }>(
      `SELECT ${IS_LATE} AS "isLate" FROM submissions s
       LEFT JOIN assignments a ON a.exercise_id = s.exercise_id
       LEFT JOIN extensions e ON e.exercise_id = s.exercise_id AND e.learner_id = s.learner_id
       WHERE s.id = $1`,
      [id],
    )
    expect({
      here: isLateHere,
      page: holds.isOver,
      gradebook: rows[0]!.isLate,
      costsTheOneInTime: superseded.length === 0,
    }).toEqual({ here: isLate, page: isLate, gradebook: isLate, costsTheOneInTime: isLate })
    expect(dueAt).toBe(holds.dueAt)
  })
})

test('nothing is kept of what comes before an exercise opens; a run goes on', async () => {
  await assign(1, 2)
  await expect(submit()).rejects.toThrow(NotOpenYet)
  expect(await kept()).toBe(0)
  expect((await submit('run')).isLate).toBe(false)
})

test('what is decided and what is kept are one: a change in between decides', async () => {
  await assign(-1, 1)
  const other = await database.pool.connect()
  try {
    await other.query('BEGIN')
    await other.query('SELECT FROM learners WHERE id = $1 FOR UPDATE', [learner])
    const submitting = submit().catch((error: unknown) => error)
    await somebodyWaits()
    await assign(1, 2)
    await other.query('ROLLBACK')
    expect(await submitting).toBeInstanceOf(NotOpenYet)
    expect(await kept()).toBe(0)
  } finally {
    other.release()
  }
})

test('a deadline that passes while it is being kept makes nothing late', async () => {
  await assign(-1, 1)
  const other = await database.pool.connect()
  try {
    await other.query('BEGIN')
    await other.query('SELECT FROM learners WHERE id = $1 FOR UPDATE', [learner])
    const submitting = submit()
    await somebodyWaits()
    // It has arrived, and the deadline is over now.
    await database.pool.query('UPDATE assignments SET due_at = clock_timestamp()')
    await other.query('ROLLBACK')
    expect(await submitting).toMatchObject({ isLate: false })
  } finally {
    other.release()
  }
})
