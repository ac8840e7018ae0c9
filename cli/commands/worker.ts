import { hostname } from 'node:os'
import { findExercise } from '../../course/find.ts'
import { proveBox } from '../../class/box/examine/prove-box.ts'
import { gradeBoxed } from '../../class/worker/grade-boxed.ts'
import { openWorkerPool } from '../../class/worker/open-worker-pool.ts'
import { startWorker } from '../../class/worker/start-worker.ts'
import { explainPostgresError } from '../../store/postgres/explain-postgres-error.ts'
import { migrateClass } from '../../store/postgres/migrate-class.ts'
import { MachineError, UsageError } from '../explain-error.ts'
import { signalExitCode, type ExitCode } from '../exit-code.ts'
import { interrupted, interruptible } from '../interrupt.ts'
import { chosenSlots } from './class-slots.ts'
import { loadOwnCourse, tellLeftOut } from '../options/find-exercise.ts'

/**
 * Grades what a class submits, until Ctrl-C or its like: what is being graded then is finished, or
 * given back after half a minute. Gives the code of the signal that ended it.
 * @throws UsageError, MachineError (no box), StoreError (the database), CourseProblems
 */
export async function worker(): Promise<ExitCode> {
  const url = chosenDatabase()
  const slots = chosenSlots()
  const course = await loadOwnCourse()
  await requireBox()
  const say = (sentence: string) => void process.stdout.write(`${sentence}\n`)
  const code = await interruptible(async (signal) => {
    const pool = openWorkerPool(url, slots)
    try {
      const running = await explained(async () => {
        await migrateClass(pool)
        return startWorker({
          pool,
          slots,
          grade: gradeBoxed,
          find: (id) => findExercise(course, id),
          say,
        })
      })
      say(
        `Worker ${running.id} on ${hostname()} grades for ${placeOf(url)}: ${slots.untimed} at once, and ${slots.timed} timed ones. Ctrl-C ends it.`,
      )
      tellLeftOut([course])
      const reason = await interrupted(signal)
      await running.stop()
      return signalExitCode(reason.signal)
    } finally {
      await pool.end()
    }
  })
  say('Stopped.')
  return code
}

function chosenDatabase(): string {
  const url = process.env['DATABASE_URL']
  if (!url)
    throw new UsageError(
      'Which class? Name its database: DATABASE_URL=postgres://user:password@host:5432/database npm run worker\nA class that runs on this machine alone has its worker in it, and needs no other.',
    )
  if (!/^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UsageError(
      "DATABASE_URL isn't a database's address, such as postgres://user:password@host:5432/database",
    )
  return url
}

async function requireBox(): Promise<void> {
  const { good, says, remedy = [] } = await proveBox()
  if (good) return
  throw new MachineError(
    `No learner’s program is run without a working box. ${says}`,
    remedy.join('\n'),
  )
}

async function explained<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    throw explainPostgresError(error)
  }
}

/** Without the user and the password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}
