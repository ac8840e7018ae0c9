import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from 'pg'
import { enqueue } from '../../class/queue/enqueue.ts'
import { createLine } from '../../class/queue/line.ts'
import { openQueues, type Queues } from '../../class/queue/queues.ts'
import { openRunEvents } from '../../class/queue/run-events.ts'
import { startWorker } from '../../class/worker/start-worker.ts'
import {
  enrolClass,
  findAny,
  namedExercise,
  stubGrade,
} from '../../testing/class/class-of-learners.ts'
import { median } from '../time-process.ts'

const JOBS = 3_000
const SLOTS = 32
/** The loop that pg-boss comes with takes long. */
const STOCK_JOBS = 300
const LATENCIES = 60

export interface Rates {
  /** Jobs a second: with pg-boss's work(), with our loop, and with all that a verdict writes. */
  readonly stock: number
  readonly own: number
  readonly whole: number
}

/** What 32 slots do with gradings that take no time. */
export async function measureRates(pool: Pool): Promise<Rates> {
  const learners = await enrolClass(pool, JOBS)
  const queues = await openQueues(pool, ignore)
  try {
    return {
      stock: await stockRate(queues),
      own: await ownRate(queues),
      whole: await wholeRate(queues, learners),
    }
  } finally {
    await queues.close()
  }
}

async function stockRate({ boss }: Queues): Promise<number> {
  const queue = 'stock'
  await boss.createQueue(queue)
  await boss.insert(
    queue,
    Array.from({ length: STOCK_JOBS }, (_, at) => ({ data: { at } })),
  )
  return rateOf(STOCK_JOBS, async (done) => {
    await boss.work(queue, { localConcurrency: SLOTS, pollingIntervalSeconds: 0.5 }, async () =>
      done(),
    )
    return () => boss.offWork(queue)
  })
}

/** The jobs alone, as those of the loop beside it: claimed together, and completed one by one. */
async function ownRate({ boss }: Queues): Promise<number> {
  const queue = 'own'
  await boss.createQueue(queue)
  await boss.insert(
    queue,
    Array.from({ length: JOBS }, (_, at) => ({ data: { at }, group: { id: String(at) } })),
  )
  return rateOf(JOBS, async (done) => {
    let isOver = false
    let running = 0
    const loop = (async () => {
      while (!isOver) {
        const jobs = await boss.fetch(queue, { batchSize: SLOTS - running, groupConcurrency: 1 })
        for (const job of jobs) {
          running++
          void boss.complete(queue, job).then(() => {
            running--
            done()
          })
        }
        while (running === SLOTS && !isOver) await wait(0)
      }
    })()
    return async () => {
      isOver = true
      await loop
    }
  })
}

async function wholeRate(queues: Queues, learners: readonly string[]): Promise<number> {
  for (const learnerId of learners) await submit(queues, learnerId)
  let judged = 0
  return rateOf(JOBS, async (done) => {
    const worker = await startWorker({
      ...WORKER,
      pool: queues.pool,
      slots: { untimed: SLOTS, timed: 0 },
      say: (sentence) => {
        if (sentence.includes(' passed ') && ++judged <= JOBS) done()
      },
    })
    return () => worker.stop()
  })
}

/** From enqueue() to the last event at a follower, in milliseconds; so many at once as slots. */
export async function measureLatency(
  pool: Pool,
  slots: number,
): Promise<{ readonly median: number; readonly worst: number }> {
  const learners = await enrolClass(pool, slots)
  const queues = await openQueues(pool, ignore)
  const runs = openRunEvents(pool, ignore)
  const worker = await startWorker({ ...WORKER, pool, slots: { untimed: slots, timed: 0 } })
  const one = async (learnerId: string) => {
    const startedAt = performance.now()
    const { id } = await submit(queues, learnerId)
    await new Promise<void>((resolve) => runs.follow(id, 0, { onEvent: ignore, onOver: resolve }))
    return performance.now() - startedAt
  }
  const all: number[] = []
  try {
    await one(learners[0]!)
    while (all.length < LATENCIES) all.push(...(await Promise.all(learners.map(one))))
    return { median: median(all), worst: Math.max(...all) }
  } finally {
    await worker.stop()
    await runs.close()
    await queues.close()
  }
}

/** Milliseconds in which the line is read in which 5,000 wait, among 100,000 that were judged. */
export async function measureLine(pool: Pool): Promise<number> {
  await enrolClass(pool, 5_000)
  await pool.query(
    `INSERT INTO submissions (id, learner_id, exercise_id, state, submitted_at)
     SELECT to_hex(1000000 + at), lpad(to_hex(at % 5000), 16, '0'), 'exercise-' || at % 60,
       CASE WHEN at > 100000 THEN 'waiting' ELSE 'judged' END, now() + at * interval '1 ms'
     FROM generate_series(1, 105000) AS at`,
  )
  await pool.query('ANALYZE')
  const times: number[] = []
  for (let round = 0; round < 11; round++) {
    const startedAt = performance.now()
    await createLine(pool, (id) => findAny(id).exercise).place('')
    times.push(performance.now() - startedAt)
  }
  return median(times)
}

const WORKER = {
  grade: stubGrade(),
  find: findAny,
  versionOf: async () => 'version-1',
}

function submit(queues: Queues, learnerId: string) {
  return enqueue(queues, {
    learnerId,
    exercise: namedExercise('say-hello'),
    purpose: 'submit',
    files: [{ path: 'server.ts', content: Buffer.from('// nothing') }],
  })
}

/** From the start of `run` until it has called `done` so many times. */
async function rateOf(
  jobs: number,
  run: (done: () => void) => Promise<() => Promise<void>>,
): Promise<number> {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  let count = 0
  const startedAt = performance.now()
  const stop = await run(() => ++count === jobs && resolve())
  await over
  const rate = (jobs * 1000) / (performance.now() - startedAt)
  await stop()
  return rate
}

function ignore(): void {}
