import { nearest } from '../course/find.ts'
import { listMutants, mutantIds } from '../course/mutants/mutants.ts'
import type { Exercise } from '../course/types.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import { unknownEarners } from './accidents.ts'
import { folderProblems } from './folder.ts'
import { onceNames } from './junk.ts'
import { mutantFileProblems } from './mutants.ts'
import type { Trial } from './trial.ts'

/** What no single program shows: what diagnoses, mutants, checks and files lack. */
export function wholeProblems(
  exercise: Exercise,
  checks: Checks,
  trials: readonly Trial[],
): string[] {
  return [
    ...diagnosesWithoutMutant(checks, mutantIds(exercise)),
    ...mutantsWithoutDiagnosis(exercise, checks, trials),
    ...checksNothingFails(exercise, checks, trials),
    ...unknownEarners(checks, exercise.kind),
    ...mutantFileProblems(exercise),
    ...folderProblems(exercise),
  ]
}

function diagnosesWithoutMutant(checks: Checks, mutants: readonly string[]): string[] {
  const diagnoses = [...checks.values()].flatMap(({ diagnose = {} }) => Object.keys(diagnose))
  return diagnoses
    .filter((id) => !mutants.includes(id))
    .map((id) => `the diagnosis ${id} has no mutant; add mutants/${id}.patch`)
}

/**
 * A mutant may also be named for a fault that the grader knows itself; then a check fails with it.
 */
function mutantsWithoutDiagnosis(
  exercise: Exercise,
  checks: Checks,
  trials: readonly Trial[],
): string[] {
  const diagnoses = [...checks.values()].flatMap(({ diagnose = {} }) => Object.keys(diagnose))
  const earned = trials.flatMap(({ report }) =>
    report.checks.flatMap(({ diagnosis }) => diagnosis?.id ?? []),
  )
  return listMutants(exercise)
    .filter(({ id }) => !diagnoses.includes(id) && !earned.includes(id))
    .map(({ id, path }) => {
      const meant = nearest(id, diagnoses)
      const name = meant === undefined ? 'Name it for one, or' : `Did you mean ${meant}? Else`
      return `${path} is named for a diagnosis that no check has. ${name} add ${id} to a check's diagnose.`
    })
}

/** By what every verification grades: the exercise that proves programs for others is no better. */
function checksNothingFails(
  { kind: ofExercise }: Exercise,
  checks: Checks,
  trials: readonly Trial[],
): string[] {
  const once = onceNames(ofExercise)
  const own = trials.filter(({ kind, name }) => kind !== 'junk' || !once.includes(name))
  const failed = new Set(
    own.flatMap(({ report }) =>
      report.checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id),
    ),
  )
  return [...checks.keys()]
    .filter((id) => !failed.has(id))
    .map(
      (id) =>
        `no mutant and no junk program fails the check ${id}; what nothing can fail proves nothing`,
    )
}
