import { dirname } from 'node:path'
import { allExercises, type FoundExercise } from '../../course/find.ts'
import { resolvePaths } from '../../course/paths.ts'
import type { Course, ExerciseKind } from '../../course/types.ts'
import { findBrowser } from '../../grader/record/browser/install/find-browser.ts'
import { closeBrowser } from '../../grader/index.ts'
import { typeProblems } from '../../verify/check-types.ts'
import { fingerprint } from '../../verify/kept/fingerprint.ts'
import { openKeptGradings } from '../../verify/kept/kept-gradings.ts'
import { openVerifyMemory } from '../../verify/kept/memory.ts'
import { createPool } from '../../verify/schedule/pool.ts'
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
  const { state, browser } = resolvePaths()
  const memory = openVerifyMemory(state)
  const keptGradings = openKeptGradings(state)
  const status = createStatusLine()
  const verifications: Verification[] = []
  let passed = 0
  let failed = 0
  try {
    await interruptible(async (signal) => {
      const { executablePath } = await findBrowser({
        stateDir: dirname(browser),
        onProgress: ({ text }) => status.show(text),
        signal,
      })
      status.clear()
      // What is examined is what is remembered: a file that changes meanwhile changes the next
      // fingerprint.
      const strictness = ({ exercise, lesson }: FoundExercise) => ({
        fingerprint: fingerprint(exercise, lesson, executablePath, lessons),
        repeat,
        slowed: slow,
      })
      const due = chosen.filter((found) => {
        const run =
          all || update ? null : memory.unchangedSince(found.exercise.id, strictness(found))
        if (run) print(unchangedLine(found.exercise.id, run))
        return run === null
      })
      // Where every checkout is a new one, nobody would ever read it.
      const isKept = !process.env['CI']
      // A verdict that has to hold more than once is not read off one recording.
      const isJudgedAgain = isKept && !all && !slow && repeat === 1
      const plans = planned(due, (found) =>
        isJudgedAgain
          ? keptGradings.read(found.exercise.id, strictness(found).fingerprint.recorded)
          : new Map(),
      )
      const measures = { repeat, update, ...(slow && { slowdown: SLOWDOWN }) }
      const total = plans.reduce(
        (sum, { exercise, withOnce }) => sum + trialCount(exercise, { ...measures, withOnce }),
        0,
      )
      const tell = (found: FoundExercise, trial: Trial) => {
        status.clear()
        if (trial.problems.length === 0) passed++
        else failed++
        if (trial.problems.length > 0 || verbose) print(trialLines(found.exercise.id, trial))
        if (process.stderr.isTTY)
          status.show(`${passed + failed} of ${total}  ${found.exercise.id}  ${nameOf(trial)}`)
      }
      const types = typeProblems(
        due.map(({ exercise }) => exercise),
        signal,
      )
      types.catch(() => {})
      const schedule = createPool({ working: jobs, waiting: 2 * jobs })
      await Promise.all(
        plans.map(async ({ kept, ...found }) => {
          const before = strictness(found)
          const { gradings, ...verification } = await verifyExercise({
            ...found,
            ...measures,
            ...(kept.size > 0 && { kept }),
            types: types.then((found_) => found_?.get(found.exercise.id) ?? []),
            lessons,
            schedule,
            signal,
            onTrial: (trial) => tell(found, trial),
          })
          status.clear()
          verifications.push({ ...verification, gradings: new Map() })
          failed += verification.problems.length
          for (const note of verification.notes) print(`– ${found.exercise.id}  ${note}`)
          for (const problem of verification.problems) print(`✗ ${found.exercise.id}  ${problem}`)
          const again = judgedAgainLine(verification)
          if (again !== undefined) print(again)
          const now = update ? strictness(found) : before
          if (isKept) await keptGradings.keep(found.exercise.id, now.fingerprint.recorded, gradings)
          if (isGreen(verification))
            memory.keep(found.exercise.id, { ...now, at: new Date().toISOString() })
        }),
      )
      if ((await types) === null && due.length > 0)
        print(
          '– types were not checked, because the compiler is not installed (npm ci installs it)',
        )
      keptGradings.dropAllBut(allExercises(course).map(({ exercise }) => exercise.id))
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

interface Plan<Kept> extends FoundExercise {
  readonly kept: Kept
  readonly withOnce: boolean
}

/**
 * What is done with each: of those that are graded, the first of each kind also proves the junk
 * programs that try the grader alone.
 */
function planned<Kept extends ReadonlyMap<string, unknown>>(
  due: readonly FoundExercise[],
  keptOf: (found: FoundExercise) => Kept,
): Plan<Kept>[] {
  const proved = new Set<ExerciseKind>()
  return due.map((found) => {
    const kept = keptOf(found)
    const { kind } = found.exercise
    const withOnce = kept.size === 0 && !proved.has(kind)
    if (withOnce) proved.add(kind)
    return { ...found, kept, withOnce }
  })
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

function isGreen({ trials, problems }: Pick<Verification, 'trials' | 'problems'>): boolean {
  return problems.length === 0 && trials.every((trial) => trial.problems.length === 0)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
