import type { Report } from '../../grader/types/index.ts'
import type { Trial, Verification } from '../../verify/verify-exercise.ts'

/** A program's verdict in one line, and below it what is wrong with that. */
export function trialLines(exercise: string, trial: Trial): string {
  const { report, problems, isJudgedAgain, besideOthers } = trial
  const earned = diagnosesOf(report)
  const verdict =
    report.verdict === 'passed'
      ? 'passes'
      : `${report.verdict}${earned.length > 0 ? `: ${earned.join(', ')}` : ''}`
  const time = isJudgedAgain ? 'judged again' : `${(report.durationMs / 1000).toFixed(1)} s`
  const head = `${problems.length === 0 ? '✓' : '✗'} ${exercise}  ${nameOf(trial)} ${verdict}  ${time}`
  return [
    head,
    ...(besideOthers ? [besideOthersLine(besideOthers)] : []),
    ...problems.flatMap((problem) => problem.split('\n').map((line) => `    ${line}`.trimEnd())),
  ].join('\n')
}

function besideOthersLine(report: Report): string {
  const failed = report.checks.find(({ outcome }) => outcome === 'failed')
  const earned = diagnosesOf(report).join(', ') || 'no diagnosis'
  return `    graded alone, because beside others it earned ${earned} (first failed: ${failed?.id})`
}

function diagnosesOf({ checks }: Report): string[] {
  return [...new Set(checks.flatMap(({ diagnosis }) => (diagnosis ? [diagnosis.id] : [])))]
}

/** `mutant milliseconds`, `right program express, repetition 2,`. */
export function nameOf({
  kind,
  name,
  condition,
}: Pick<Trial, 'kind' | 'name' | 'condition'>): string {
  const described = kind === 'right' ? 'right program' : kind
  const what = kind === name ? kind : `${described} ${name}`
  return condition === null ? what : `${what}, ${condition},`
}

/** That nothing was done for an exercise. */
export function unchangedLine(exercise: string, { at }: { readonly at: string }): string {
  return `– ${exercise}  unchanged since it was green on ${at.slice(0, 10)} (--all verifies it again)`
}

/** That programs were not graded, or undefined when all were. */
export function judgedAgainLine({
  exercise,
  trials,
}: Pick<Verification, 'exercise' | 'trials'>): string | undefined {
  const again = trials.filter(({ isJudgedAgain }) => isJudgedAgain)
  if (again.length === 0) return undefined
  const days = [...new Set(again.map(({ report }) => report.startedAt.slice(0, 10)))].toSorted()
  return `– ${exercise}  only words and judgements changed, so ${again.length} of ${trials.length} gradings were judged again from what was recorded on ${days.join(' and ')} (--all grades anew)`
}
