// The server of a class in a process of its own, for crowd.ts, with a worker that grades without
// programs. Prints its port, and for each line that it reads what it takes. Ends at SIGTERM.
import { createInterface } from 'node:readline'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { startClass } from '../../class/serve/start-class.ts'
import { startWorker } from '../../class/worker/start-worker.ts'
import { findExercise } from '../../course/find.ts'
import { loadCourseStrictly } from '../../course/load-course.ts'
import { resolvePaths } from '../../course/paths.ts'
import { openPool } from '../../store/postgres/open-pool.ts'
import { stubGrade } from '../../testing/class/class-of-learners.ts'

export interface CrowdServerOptions {
  readonly url: string
  readonly home: string
  readonly secret: string
  /** Where the class reads. Its port is the one that the server listens on. */
  readonly origin: string
  readonly slots: number
}

/** What the process takes. */
export interface Taken {
  readonly residentBytes: number
  /** After a garbage collection. */
  readonly heapBytes: number
  readonly processorMs: number
  /** The longest that the event loop stood still since the last time. */
  readonly longestBlockMs: number
}

const { url, home, secret, origin, slots } = JSON.parse(process.argv[2]!) as CrowdServerOptions
const paths = resolvePaths({ ROUNDTRIP_HOME: home, ROUNDTRIP_WORK: `${home}/work` })
const course = await loadCourseStrictly(paths.root)
const say = (sentence: string) => void process.stderr.write(`${sentence}\n`)
const pool = openPool(url, { max: slots + 16 })
const running = await startClass({
  course,
  paths,
  pool,
  secret,
  origin,
  say,
  host: undefined,
  port: Number(new URL(origin).port),
})
const worker = await startWorker({
  pool,
  slots: { untimed: slots, timed: 0 },
  grade: stubGrade(),
  find: (id) => findExercise(course, id),
})
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
console.log('ready')

createInterface({ input: process.stdin }).on('line', () => {
  const { user, system } = process.cpuUsage()
  const longestBlockMs = delay.max / 1e6
  // Started with --expose-gc.
  globalThis.gc!()
  const taken: Taken = {
    residentBytes: process.memoryUsage.rss(),
    processorMs: (user + system) / 1000,
    heapBytes: process.memoryUsage().heapUsed,
    longestBlockMs,
  }
  delay.reset()
  console.log(JSON.stringify(taken))
})
process.once('SIGTERM', async () => {
  await worker.stop()
  await running.close()
  await pool.end()
  process.exit()
})
