// A worker in a process of its own, for tests: it grades without programs, and may kill itself at a
// point that the test has drawn. Prints a line when it is ready. Ends in order at SIGTERM.
import { setTimeout as wait } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { openWorkerPool } from '../../class/worker/open-worker-pool.ts'
import { startWorker } from '../../class/worker/start-worker.ts'
import { findAny, stubGrade } from './class-of-learners.ts'
import type { StubWorkerOptions } from './start-stub-worker.ts'

const { url, slots, gradeMs, fate, poison } = JSON.parse(process.argv[2]!) as StubWorkerOptions
const pool = openWorkerPool(url, slots)
/** The attempts that this worker holds. A submission that was lost three times is given up. */
const held = new Map<string, number>()
let occasions = 0

if (fate !== null) pool.on('connect', watch)
const starting = startWorker({
  pool,
  slots,
  find: findAny,
  versionOf: async () => 'version-1',
  say: (sentence) => console.log(sentence),
  async grade(job, options) {
    await wait((gradeMs * Math.random()) / 2, undefined, { signal: options.signal })
    reach('mid-grade')
    if (job.exercise.id === poison) die()
    return stubGrade(gradeMs / 2)(job, options)
  },
})
process.once('SIGTERM', async () => {
  const worker = await starting
  await worker.stop()
  await pool.end()
  process.exit()
})

await starting
console.log('ready')

/** Sees the statements of transactions, to know where in one it is. */
function watch(client: PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<{ rows: any[] }>
  let judging: string | null = null
  Object.assign(client, {
    async query(...args: unknown[]) {
      const [text, , callback] = args
      if (typeof text !== 'string' || typeof callback === 'function') return query(...args)
      if (text.includes('SKIP LOCKED')) reach('before the claim')
      const result = await query(...args)
      if (text.includes('attempt = attempt + 1'))
        for (const { id, attempt } of result.rows) held.set(id, attempt)
      // Given back.
      if (text.includes('attempt = attempt - ')) held.delete((args[1] as [string])[0])
      if (text.includes('INSERT INTO judgements')) {
        judging = (args[1] as [string])[0]
        reach('between insert and COMMIT')
      }
      if (text === 'COMMIT' && judging !== null) {
        held.delete(judging)
        judging = null
        reach('after the COMMIT')
      }
      return result
    },
  })
}

function reach(point: string): void {
  if (point !== fate?.point || ++occasions < fate.occasion) return
  // Else the test would lose a submission by bad luck: that is another test's subject.
  if ([...held.values()].every((attempt) => attempt < 3)) die()
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}
