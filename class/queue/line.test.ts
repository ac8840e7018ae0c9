import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  findAny,
  namedExercise,
  openTestClass,
  type TestClass,
} from '../../testing/class/class-of-learners.ts'
import { enqueue } from './enqueue.ts'
import { createLine } from './line.ts'
import { openQueues, type Queues } from './queues.ts'

let database: TestClass
let queues: Queues

beforeAll(async () => {
  database = await openTestClass(4)
  queues = await openQueues(database.pool, () => {})
})
afterAll(async () => {
  await queues.close()
  await database.close()
})

const submit = (learner: number, exercise: string) =>
  enqueue(queues, {
    learnerId: database.learners[learner]!,
    exercise: namedExercise(exercise, findAny(exercise).exercise.gradingSeconds),
    purpose: 'submit',
    files: [],
  })
const newLine = () => createLine(database.pool, (id) => findAny(id).exercise)
const work = (untimed: number, timed: number, secondsAgo: number) =>
  database.pool.query(
    `INSERT INTO workers (id, host, slots, timed_slots, started_at, seen_at)
     VALUES ($1, 'a-host', $2, $3, now() - interval '1 hour', now() - $4 * interval '1 second')`,
    [`worker-${secondsAgo}`, untimed, timed, secondsAgo],
  )

test('a place counts those before it of its kind, and the wait follows from the slots', async () => {
  const first = await submit(0, 'a')
  const timed = await submit(1, 'timed')
  const second = await submit(2, 'a')
  const third = await submit(3, 'a')
  const alone = newLine()
  expect(await alone.place(first.id)).toEqual({ ahead: 0, waitMs: null })
  expect(await alone.place(timed.id)).toEqual({ ahead: 0, waitMs: null })
  expect(await alone.place(third.id)).toEqual({ ahead: 2, waitMs: null })
  expect(await alone.place('0000000000000000')).toBeUndefined()

  await work(2, 1, 3)
  await work(50, 50, 300)
  await database.pool.query(
    `UPDATE submissions SET state = 'judged', started_at = now() - interval '10 seconds' WHERE id = $1`,
    [second.id],
  )
  await database.pool.query(
    `INSERT INTO judgements (submission_id, checks_version, verdict, passed_checks, total_checks, run,
       report, evidence_gz, current)
     VALUES ($1, 'v', 'passed', 1, 1, 'r', '{}', '', true)`,
    [second.id],
  )
  await database.pool.query(`UPDATE submissions SET state = 'grading' WHERE id = $1`, [first.id])
  const fourth = await submit(0, 'b')
  const line = newLine()
  expect(await line.place(third.id)).toEqual({ ahead: 0, waitMs: 0 })
  // Two are ahead of it in a sense: one is being graded, and a grading takes ten seconds.
  const { ahead, waitMs } = (await line.place(fourth.id))!
  expect(ahead).toBe(1)
  expect(Math.abs(waitMs! - 5_000)).toBeLessThan(500)
  expect(await line.health()).toMatchObject({
    waiting: { untimed: 2, timed: 1 },
    grading: 1,
    oldestWaitingSince: timed.submittedAt,
    workers: [
      { id: 'worker-3', host: 'a-host', slots: { untimed: 2, timed: 1 }, isAlive: true },
      { id: 'worker-300', isAlive: false },
    ],
  })
})

test('a line that everybody looks at is read once', async () => {
  let reads = 0
  const pool = new Proxy(database.pool, {
    get(target, name, receiver) {
      if (name === 'query') reads++
      const value = Reflect.get(target, name, receiver)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const line = createLine(pool, (id) => findAny(id).exercise)
  await Promise.all(Array.from({ length: 50 }, () => line.place('0000000000000000')))
  expect(reads).toBe(3)
})
