import type { Trial, Verification } from '../../verify/verify-exercise.ts'

/** A program's verdict in one line, and below it what is wrong with that. */
export function trialLines(exercise: string, trial: Trial): string {
  const { report, problems, isJudgedAgain, besideOthers } = trial
  const earned = [
    ...new Set(report.checks.flatMap(({ diagnosis }) => (diagnosis ? [diagnosis.id] : []))),
  ]
  const verdict =
    report.verdict === 'passed'
      ? 'passes'
      : `${report.verdict}${earned.length > 0 ? `: ${earned.join(', ')}` : ''}`
  const time = isJudgedAgain ? 'judged again' : `${(report.durationMs / 1000).toFixed(1)} s`
  const head = `${problems.length === 0 ? '✓' : '✗'} ${exercise}  ${nameOf(trial)} ${verdict}  ${time}`
  const before = besideOthers ? [`graded once more, alone. Beside others: ${besideOthers}`] : []
  return [head, ...[...before, ...problems].flatMap(indented)].join('\n')
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `    ${line}`.trimEnd())
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
