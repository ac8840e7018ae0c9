import { dirname, join } from 'node:path'
import { allExercises, type FoundExercise } from '../../course/find.ts'
import { placeId, resolvePaths } from '../../course/paths.ts'
import type { Course } from '../../course/types.ts'
import { findBrowser } from '../../grader/record/browser/install/find-browser.ts'
import { closeBrowser } from '../../grader/index.ts'
import { requireLoopback } from '../../grader/machine/loopback.ts'
import { typeProblems } from '../../verify/check-types.ts'
import { fingerprint } from '../../verify/kept/fingerprint.ts'
import { openKeptGradings, packed } from '../../verify/kept/kept-gradings.ts'
import { openVerifyMemory } from '../../verify/kept/memory.ts'
import { planned, remember, type Plan, type PlanOptions } from '../../verify/kept/plan.ts'
import { createPool } from '../../verify/schedule/pool.ts'
import { settleAll } from '../../verify/schedule/settle-all.ts'
import { exercisesOfShard, parseShard } from '../../verify/schedule/shard.ts'
import {
  trialCount,
  verifyExercise,
  type Trial,
  type Verification,
} from '../../verify/verify-exercise.ts'
import { UsageError } from '../explain-error.ts'
import { loadOwnCourse, requireExercise, tellLeftOut } from '../options/find-exercise.ts'
import { interruptible } from '../interrupt.ts'
import type { ExitCode } from '../exit-code.ts'
import { createStatusLine } from '../terminal/status-line.ts'
import { judgedAgainLine, nameOf, trialLines, unchangedLine } from '../terminal/verify-lines.ts'
import { verifyTable } from '../terminal/verify-table.ts'

export interface VerifyCommandOptions {
  readonly jobs: string
  readonly repeat: string
  readonly shard?: string
  readonly slow?: boolean
  readonly all?: boolean
  readonly update?: boolean
  readonly verbose?: boolean
}

const SLOWDOWN = 4

/**
 * The author's gate over the named exercises, or all that changed since they were last green:
 * progress, what is wrong in full, a table, and as the very last line `N passed, N failed`.
 */
export async function verify(
  ids: readonly string[],
  options: VerifyCommandOptions,
): Promise<ExitCode> {
  const jobs = wholeNumber('--jobs', options.jobs)
  const repeat = wholeNumber('--repeat', options.repeat)
  const { slow = false, all = false, update = false, verbose = false } = options
  const ofShard = shardOf(options.shard)
  const course = await loadOwnCourse()
  const refused = (course.refused ?? []).filter(({ id }) => ids.length === 0 || ids.includes(id))
  const chosen = ofShard(chosenFrom(course, ids))
  const lessons = course.sections.flatMap((section) => section.lessons)
  const paths = resolvePaths()
  const folder = join(paths.state, 'verified', placeId(paths))
  // Where every checkout is a new one, nobody would ever read it.
  const keptGradings = process.env['CI'] ? undefined : openKeptGradings(folder)
  const status = createStatusLine()
  const verifications: Verification[] = []
  let passed = 0
  let failed = 0
  try {
    await interruptible(async (signal) => {
      await requireLoopback()
      const { executablePath } = await findBrowser({
        stateDir: dirname(paths.browser),
        onProgress: ({ text }) => status.show(text),
        signal,
      })
      status.clear()
      const planning: PlanOptions = {
        fingerprintOf: ({ exercise, lesson }) =>
          fingerprint(exercise, lesson, executablePath, lessons),
        memory: openVerifyMemory(folder),
        keptGradings,
        repeat,
        slowed: slow,
        all,
        update,
        onUnchanged: ({ exercise }, run) => print(unchangedLine(exercise.id, run)),
      }
      const plans = await planned(chosen, planning)
      const measures = { repeat, update, ...(slow && { slowdown: SLOWDOWN }) }
      const keeping = keptGradings && { pack: packed }
      const total = plans.reduce(
        (sum, { exercise, withOnce }) => sum + trialCount(exercise, { ...measures, withOnce }),
        0,
      )
      const tell = (id: string, trial: Trial) => {
        status.clear()
        if (trial.problems.length === 0) passed++
        else failed++
        if (trial.problems.length > 0 || trial.besideOthers || verbose) print(trialLines(id, trial))
        if (process.stderr.isTTY)
          status.show(`${passed + failed} of ${total}  ${id}  ${nameOf(trial)}`)
      }
      const types = typeProblems(
        plans.map(({ exercise }) => exercise),
        signal,
      )
      const isUnchecked = types.then(
        (problems) => problems === null,
        () => false,
      )
      const schedule = createPool({ working: jobs, waiting: 2 * jobs })
      const verifyOne = async (plan: Plan) => {
        const { id } = plan.exercise
        const onTrial = (trial: Trial) => tell(id, trial)
        const options = { ...plan, ...measures, ...keeping, types, lessons, schedule, signal }
        const verification = await verifyExercise({ ...options, onTrial })
        await remember(plan, verification, await planning.fingerprintOf(plan), planning)
        const { gradings: _, ...told } = verification
        verifications.push(told)
        failed += told.problems.length
        status.clear()
        for (const note of plan.notes) print(`– ${id}  ${note}`)
        for (const problem of told.problems) print(`✗ ${id}  ${problem}`)
        const again = judgedAgainLine(told)
        if (again !== undefined) print(again)
      }
      await settleAll([isUnchecked, ...plans.map(verifyOne)])
      if ((await isUnchecked) && plans.length > 0)
        print(
          '– types were not checked, because the compiler is not installed (npm ci installs it)',
        )
      const known = [
        ...allExercises(course).map(({ exercise }) => exercise),
        ...(course.refused ?? []),
      ]
      keptGradings?.dropAllBut(known.map(({ id }) => id))
    })
  } finally {
    status.clear()
    await closeBrowser()
  }
  const order = new Map(chosen.map(({ exercise }, index) => [exercise.id, index]))
  if (verifications.length > 0)
    print(
      `\n${verifyTable(verifications.toSorted((a, b) => order.get(a.exercise)! - order.get(b.exercise)!))}`,
    )
  const incomplete = tellLeftOut([{ ...course, refused }])
  print(`\n${passed} passed, ${failed} failed`)
  if (failed > 0) return 1
  return incomplete ? 3 : 0
}

/** The exercises of these names, or all; without those that have mistakes and are told of. */
function chosenFrom(course: Course, ids: readonly string[]): FoundExercise[] {
  const isRefused = (id: string) => course.refused?.some((each) => each.id === id) ?? false
  return ids.length === 0
    ? allExercises(course)
    : [...new Set(ids)].filter((id) => !isRefused(id)).map((id) => requireExercise(course, id))
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1) return number
  throw new UsageError(`${option} takes a whole number from 1, not ${text}.`)
}

/** Gives those of the exercises that are in the shard; all of them without one. */
function shardOf(text: string | undefined): (found: FoundExercise[]) => FoundExercise[] {
  if (text === undefined) return (found) => found
  const shard = parseShard(text)
  if (!shard)
    throw new UsageError(
      `--shard takes the number of a part and how many parts there are, 1/3 to 3/3 for three, not ${text}.`,
    )
  return (found) => exercisesOfShard(found, shard, (exercise) => trialCount(exercise))
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
