import { dirname } from 'node:path'
import pLimit from 'p-limit'
import { allExercises, type FoundExercise } from '../../course/find.ts'
import { resolvePaths } from '../../course/paths.ts'
import { findBrowser } from '../../grader/record/browser/install/find-browser.ts'
import { closeBrowser } from '../../grader/index.ts'
import {
  trialCount,
  verifyExercise,
  type Trial,
  type Verification,
} from '../../verify/verify-exercise.ts'
import { fingerprint, openVerifyMemory, type GreenRun } from '../../verify/memory.ts'
import { UsageError } from '../explain-error.ts'
import { loadOwnCourse, requireExercise, tellLeftOut } from '../options/find-exercise.ts'
import { interruptible } from '../interrupt.ts'
import type { ExitCode } from '../exit-code.ts'
import { createStatusLine } from '../terminal/status-line.ts'
import { verifyTable } from '../terminal/verify-table.ts'

export interface VerifyCommandOptions {
  readonly jobs: string
  readonly repeat: string
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
  const course = await loadOwnCourse()
  const chosen =
    ids.length === 0
      ? allExercises(course)
      : [...new Set(ids)].map((id) => requireExercise(course, id))
  const lessons = course.sections.flatMap((section) => section.lessons)
  const { state, browser } = resolvePaths()
  const memory = openVerifyMemory(state)
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
      // What is looked at is what is remembered: a file that changes meanwhile changes the next
      // fingerprint.
      const strictness = ({ exercise, lesson }: FoundExercise) => ({
        fingerprint: fingerprint(exercise, lesson, executablePath, lessons),
        repeat,
        slowed: options.slow ?? false,
      })
      const changed = chosen.filter((found) => {
        const run =
          options.all || options.update
            ? null
            : memory.unchangedSince(found.exercise.id, strictness(found))
        if (run) print(unchanged(found, run))
        return run === null
      })
      // Those that wait longest first: at the end nothing would be left to do beside them.
      const due = changed.toSorted((a, b) => b.exercise.gradingSeconds - a.exercise.gradingSeconds)
      const schedule = pLimit(jobs)
      const measures = { repeat, ...(options.slow && { slowdown: SLOWDOWN }) }
      const total = due.reduce((sum, { exercise }) => sum + trialCount(exercise, measures), 0)
      const tell = (found: FoundExercise, trial: Trial) => {
        status.clear()
        if (trial.problems.length === 0) passed++
        else failed++
        if (trial.problems.length > 0 || options.verbose)
          print(trialLines(found.exercise.id, trial))
        if (process.stderr.isTTY)
          status.show(`${passed + failed} of ${total}  ${found.exercise.id}  ${nameOf(trial)}`)
      }
      await Promise.all(
        due.map(async (found) => {
          const before = strictness(found)
          const verification = await verifyExercise({
            ...found,
            lessons,
            schedule,
            signal,
            ...measures,
            update: options.update ?? false,
            onTrial: (trial) => tell(found, trial),
          })
          status.clear()
          verifications.push(verification)
          failed += verification.problems.length
          for (const note of verification.notes) print(`– ${found.exercise.id}  ${note}`)
          for (const problem of verification.problems) print(`✗ ${found.exercise.id}  ${problem}`)
          if (isGreen(verification))
            memory.keep(found.exercise.id, {
              ...(options.update ? strictness(found) : before),
              at: new Date().toISOString(),
            })
        }),
      )
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
  const incomplete = ids.length === 0 && tellLeftOut([course])
  print(`\n${passed} passed, ${failed} failed`)
  if (failed > 0) return 1
  return incomplete ? 3 : 0
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1) return number
  throw new UsageError(`${option} takes a whole number from 1, not ${text}.`)
}

function unchanged({ exercise }: FoundExercise, { at }: GreenRun): string {
  return `– ${exercise.id}  unchanged since it was green on ${at.slice(0, 10)} (--all verifies it again)`
}

function isGreen({ trials, problems }: Verification): boolean {
  return problems.length === 0 && trials.every((trial) => trial.problems.length === 0)
}

function trialLines(exercise: string, trial: Trial): string {
  const { report, problems } = trial
  const earned = [
    ...new Set(report.checks.flatMap(({ diagnosis }) => (diagnosis ? [diagnosis.id] : []))),
  ]
  const verdict =
    report.verdict === 'passed'
      ? 'passes'
      : `${report.verdict}${earned.length > 0 ? `: ${earned.join(', ')}` : ''}`
  const head = `${problems.length === 0 ? '✓' : '✗'} ${exercise}  ${nameOf(trial)} ${verdict}  ${(report.durationMs / 1000).toFixed(1)} s`
  return [
    head,
    ...problems.flatMap((problem) => problem.split('\n').map((line) => `    ${line}`.trimEnd())),
  ].join('\n')
}

function nameOf({ kind, name, condition }: Trial): string {
  const described = kind === 'right' ? 'right program' : kind
  const what = kind === name ? kind : `${described} ${name}`
  return condition === null ? what : `${what}, ${condition},`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
