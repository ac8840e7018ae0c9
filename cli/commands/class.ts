import { findExercise } from '../../course/find.ts'
import { resolvePaths } from '../../course/paths.ts'
import { proveBox } from '../../class/box/examine/prove-box.ts'
import { useDatabase } from '../../class/postgres/use-database.ts'
import { ownAddresses, readClassAddress } from '../../class/serve/class-address.ts'
import { startClass } from '../../class/serve/start-class.ts'
import { gradeBoxed } from '../../class/worker/grade-boxed.ts'
import { openWorkerPool } from '../../class/worker/open-worker-pool.ts'
import { startWorker, type Worker } from '../../class/worker/start-worker.ts'
import { requireLoopback } from '../../grader/machine/loopback.ts'
import { explainPostgresError } from '../../store/postgres/explain-postgres-error.ts'
import { migrateClass } from '../../store/postgres/migrate-class.ts'
import { openPool } from '../../store/postgres/open-pool.ts'
import { UsageError } from '../explain-error.ts'
import { signalExitCode, type ExitCode } from '../exit-code.ts'
import { interrupted, interruptible } from '../interrupt.ts'
import { chosenPort } from '../options/chosen-port.ts'
import { chosenRetentionDays, retentionText } from '../options/chosen-retention.ts'
import { chosenSecret } from './class/chosen-secret.ts'
import { chosenSlots } from './class-slots.ts'
import { loadOwnCourse, tellLeftOut } from '../options/find-exercise.ts'
import { createStatusLine } from '../terminal/status-line.ts'

/** What the server itself needs of connections to the database. */
const SERVER_CONNECTIONS = 12

/**
 * Serves a class until Ctrl-C, and grades for it on this machine where that has a working box. Gives
 * the code of the signal that ended it.
 * @throws UsageError, StoreError, FileError, CourseProblems, CannotStart
 */
export async function serveClass(): Promise<ExitCode> {
  const port = chosenPort(4321, (each) => `PORT=${each} npm run class`)
  const address = readClassAddress(process.env['ROUNDTRIP_ORIGIN'], port)
  if (typeof address === 'string') throw new UsageError(address)
  const slots = chosenSlots()
  const retentionDays = chosenRetentionDays()
  const paths = resolvePaths()
  const secret = chosenSecret(paths.state)
  const course = await loadOwnCourse()
  const say = (sentence: string) => void process.stdout.write(`${sentence}\n`)
  const status = createStatusLine()
  if (address.host === undefined || !process.env['DATABASE_URL']) await requireLoopback()
  const code = await interruptible(async (signal) => {
    const database = await useDatabase({
      env: process.env,
      paths,
      onProgress: ({ text }) => status.show(text),
      signal,
    }).finally(() => status.clear())
    const pool = openPool(database.url, { max: SERVER_CONNECTIONS })
    const workerPool = openWorkerPool(database.url, slots)
    try {
      await migrateClass(pool)
      const { origin, host } = address
      const running = await startClass({
        course,
        paths,
        pool,
        secret,
        origin,
        port,
        host,
        retentionDays,
        say,
      })
      let worker: Worker | undefined
      try {
        say(`The class reads at ${origin}. Ctrl-C ends it.`)
        if (host === undefined && origin.startsWith('http://localhost')) say(othersRead(port))
        if (running.firstTeacher) say(`Your own code, shown only now: ${running.firstTeacher.code}`)
        say(retentionText(retentionDays))
        tellLeftOut([course])
        status.show('Trying the box in which programs are graded')
        const box = await proveBox().finally(() => status.clear())
        if (box.good)
          worker = await startWorker({
            pool: workerPool,
            slots,
            grade: gradeBoxed,
            find: (id) => findExercise(course, id),
            say,
          })
        else
          say(
            `Nothing is graded on this machine: ${box.says}\n${(box.remedy ?? []).join('\n')}\nA worker on another machine can do it: npm run worker`,
          )
        const reason = await interrupted(signal)
        await worker?.stop()
        return signalExitCode(reason.signal)
      } finally {
        await running.close()
      }
    } catch (error) {
      throw explainPostgresError(error)
    } finally {
      await Promise.all([pool.end(), workerPool.end()])
      await database.release()
    }
  })
  say('Stopped.')
  return code
}

function othersRead(port: number): string {
  const [own] = ownAddresses()
  return `Only this machine reaches that. For a class in the same network: ROUNDTRIP_ORIGIN=http://${own ?? '192.168.1.5'}:${port} npm run class`
}
