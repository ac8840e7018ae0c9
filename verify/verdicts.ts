import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exercise } from '../course/types.ts'
import type { Report } from '../grader/types/index.ts'

/** What is wrong with any report: an error of ours or the author's, a failure that says nothing. */
export function unreadable({ checks, error }: Report): string[] {
  const errored = checks
    .filter((check) => check.error !== undefined)
    .map(({ id, error: message }) => `${id} erred: ${message}`)
  const mute = checks
    .filter(
      ({ outcome, findings, diagnosis }) =>
        outcome === 'failed' && !diagnosis && !findings.some(({ holds }) => !holds),
    )
    .map(({ id }) => `${id} failed without a reason`)
  return [...(error ? [`the grading erred: ${error}`] : []), ...errored, ...mute]
}

export function solutionProblems({ verdict, checks }: Report): string[] {
  const failed = checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ id, outcome }) => `${id} ${outcome}`)
  return verdict === 'passed' ? [] : [`should pass, but ${failed.join(', ') || `was ${verdict}`}`]
}

export function failureProblems({ verdict }: Report): string[] {
  return verdict === 'failed' ? [] : [`should fail, but was ${verdict}`]
}

/** The stub says in one place where to begin. */
export function todoProblems(exercise: Exercise): string[] {
  const count = exercise.files
    .map(
      (file) =>
        readFileSync(join(exercise.dir, 'stub', file), 'utf8').match(/\bTODO\b/g)?.length ?? 0,
    )
    .reduce((sum, each) => sum + each, 0)
  return count === 1 ? [] : [`has ${count} TODOs; one says where to begin`]
}

export function mutantProblems(report: Report, id: string): string[] {
  // That a page's script threw is said where the exercise knows nothing more: a consequence, not
  // another diagnosis.
  const given = report.checks.flatMap(({ diagnosis }) =>
    diagnosis && (diagnosis.id === id || diagnosis.id !== 'page-threw') ? [diagnosis.id] : [],
  )
  const leading = report.checks.find(({ outcome }) => outcome === 'failed')
  if (report.verdict !== 'failed') return [`should fail with ${id}, but was ${report.verdict}`]
  if (given.some((each) => each !== id) || given.length === 0)
    return [
      `should earn exactly ${id}, but earned ${given.join(', ') || 'no diagnosis'} (first failed: ${leading?.id})`,
    ]
  if (leading?.diagnosis?.id !== id)
    return [`earned ${id}, but the failure shown first is ${leading?.id}, which has no diagnosis`]
  return report.checks.flatMap(({ id: check, failedOn, diagnosis }) =>
    failedOn === undefined || diagnosis?.exchange === undefined || diagnosis.exchange === failedOn
      ? []
      : [
          `earned ${id}, but in ${check} the claim failed on exchange ${failedOn} and the rule found exchange ${diagnosis.exchange}`,
        ],
  )
}

/**
 * What differs between two runs of the same program: the outcomes of checks and their diagnoses.
 */
export function verdictChanges(before: Report, now: Report): string[] {
  if (before.verdict === 'errored' || now.verdict === 'errored')
    return before.verdict === now.verdict
      ? []
      : [`was ${before.verdict}, now ${now.verdict}${now.error ? `: ${now.error}` : ''}`]
  const outcomes = new Map(before.checks.map((check) => [check.id, outcomeOf(check)]))
  return now.checks.flatMap((check) =>
    outcomes.get(check.id) === outcomeOf(check)
      ? []
      : [`${check.id} was ${outcomes.get(check.id)}, now ${outcomeOf(check)}`],
  )
}

function outcomeOf({ outcome, diagnosis }: Report['checks'][number]): string {
  return diagnosis ? `${outcome} with ${diagnosis.id}` : outcome
}
