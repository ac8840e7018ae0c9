import { allExercises } from '../../course/find.ts'
import { closeBrowser } from '../../grader/index.ts'
import { verifyExercise, type Verification } from '../../grader/verify-exercise.ts'
import { loadOwnCourse, requireExercise } from '../find-exercise.ts'
import { UsageError } from '../explain-error.ts'
import { interruptible } from '../interrupt.ts'
import type { ExitCode } from '../run-command.ts'

/** The author's gate over the named exercises, or all: every trial on a line, what is wrong in full, one closing line. */
export async function verify(ids: readonly string[], jobs: number): Promise<ExitCode> {
  if (!Number.isInteger(jobs) || jobs < 1) throw new UsageError('--jobs takes a whole number from 1.')
  const course = await loadOwnCourse()
  const exercises = ids.length === 0 ? allExercises(course) : ids.map((id) => requireExercise(course, id))
  const schedule = createPool(jobs)
  let passed = 0
  let failed = 0
  try {
    const verifications = await interruptible((signal) =>
      Promise.all(
        exercises.map((found) =>
          verifyExercise({
            ...found,
            schedule,
            signal,
            onTrial: ({ kind, name, report, problems }) => {
              if (problems.length === 0) passed++
              else failed++
              const earned = report.checks.flatMap(({ diagnosis }) => (diagnosis ? [diagnosis.id] : []))
              const what = kind === 'solution' || kind === 'stub' ? kind : `${kind} ${name}`
              const verdict = report.verdict === 'passed' ? 'passes' : `${report.verdict}${earned.length > 0 ? `: ${[...new Set(earned)].join(', ')}` : ''}`
              process.stdout.write(`${problems.length === 0 ? '✓' : '✗'} ${found.exercise.id}  ${what} ${verdict}  ${(report.durationMs / 1000).toFixed(1)} s\n`)
              for (const problem of problems) process.stdout.write(`    ${problem}\n`)
            },
          }),
        ),
      ),
    )
    failed += tellWholes(verifications)
  } finally {
    await closeBrowser()
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  return failed === 0 ? 0 : 1
}

function tellWholes(verifications: readonly Verification[]): number {
  for (const { exercise, problems } of verifications) for (const problem of problems) process.stdout.write(`✗ ${exercise}  ${problem}\n`)
  return verifications.reduce((sum, { problems }) => sum + problems.length, 0)
}

function createPool(size: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let free = size
  const waiting: (() => void)[] = []
  return async (task) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
