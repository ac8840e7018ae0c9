import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Exercise, Lesson } from '../course/types.ts'
import { gradeExercise } from './grade-exercise.ts'
import { loadChecks } from './load-checks.ts'
import type { Checks } from './judge/run-checks.ts'
import type { Report } from './types.ts'

/** One program the author's gate grades, and what is wrong with the verdict it earned. */
export interface Trial {
  readonly kind: 'solution' | 'stub' | 'mutant' | 'junk'
  readonly name: string
  readonly report: Report
  /** Empty: as it should be. */
  readonly problems: readonly string[]
}

export interface Verification {
  readonly exercise: string
  readonly trials: readonly Trial[]
  /** What is wrong with the exercise as a whole: a diagnosis without a mutant, a check that nothing fails. */
  readonly problems: readonly string[]
}

export interface VerifyOptions {
  readonly exercise: Exercise
  readonly lesson: Lesson
  /** Runs the gradings; a pool shared by several exercises keeps the machine from being overrun. */
  readonly schedule: <Result>(task: () => Promise<Result>) => Promise<Result>
  readonly onTrial?: (trial: Trial) => void
  readonly signal?: AbortSignal
}

/**
 * The author's gate for one exercise: the solution passes, the stub fails kindly, every mutant earns exactly the diagnosis it is named for,
 * every diagnosis has its mutant, junk programs fail readably, and every check is failed by something.
 */
export async function verifyExercise(options: VerifyOptions): Promise<Verification> {
  const { exercise, schedule, onTrial = () => {} } = options
  const checks = await loadChecks(exercise)
  const grade = (kind: Trial['kind'], name: string, dir: string, entry: string, judge: (report: Report) => string[]) =>
    schedule(async (): Promise<Trial> => {
      const { report } = await gradeExercise({
        exercise,
        lesson: options.lesson,
        program: { kind: 'files', dir, entry, label: `exercises/${exercise.id}/${name}/${entry}` },
        ...(options.signal && { signal: options.signal }),
      })
      const trial = { kind, name, report, problems: [...unreadable(report), ...judge(report)] }
      onTrial(trial)
      return trial
    })

  const [entry] = exercise.files
  const mutants = mutantNames(exercise)
  const trials = await Promise.all([
    grade('solution', 'solution', join(exercise.dir, 'solution'), entry, solutionProblems),
    grade('stub', 'stub', join(exercise.dir, 'stub'), entry, (report) => [...failureProblems(report), ...todoProblems(exercise)]),
    ...mutants.map((id) => grade('mutant', id, join(exercise.dir, 'mutants', id), entry, (report) => mutantProblems(report, id))),
    ...junkPrograms().map((file) => grade('junk', file.replace('.ts', ''), junkFolder, file, failureProblems)),
  ])
  return { exercise: exercise.id, trials, problems: [...diagnosesWithoutMutant(checks, mutants), ...checksNothingFails(checks, trials)] }
}

const junkFolder = join(dirname(fileURLToPath(import.meta.url)), 'junk-programs')

function junkPrograms(): string[] {
  return readdirSync(junkFolder).filter((name) => name.endsWith('.ts')).toSorted()
}

function mutantNames(exercise: Exercise): string[] {
  const folder = join(exercise.dir, 'mutants')
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted() : []
}

function unreadable({ checks, error }: Report): string[] {
  const errored = checks.filter((check) => check.error !== undefined).map(({ id, error: message }) => `${id} erred: ${message}`)
  const mute = checks.filter(({ outcome, findings, diagnosis }) => outcome === 'failed' && !diagnosis && !findings.some(({ holds }) => !holds)).map(({ id }) => `${id} failed without a reason`)
  return [...(error ? [`the grading erred: ${error}`] : []), ...errored, ...mute]
}

function solutionProblems({ verdict, checks }: Report): string[] {
  const failed = checks.filter(({ outcome }) => outcome !== 'passed').map(({ id, outcome }) => `${id} ${outcome}`)
  return verdict === 'passed' ? [] : [`should pass, but ${failed.join(', ')}`]
}

function failureProblems({ verdict }: Report): string[] {
  return verdict === 'failed' ? [] : [`should fail, but was ${verdict}`]
}

function todoProblems(exercise: Exercise): string[] {
  const count = exercise.files.map((file) => readFileSync(join(exercise.dir, 'stub', file), 'utf8').match(/\bTODO\b/g)?.length ?? 0).reduce((sum, each) => sum + each, 0)
  return count === 1 ? [] : [`has ${count} TODOs; one says where to begin`]
}

function mutantProblems(report: Report, id: string): string[] {
  const given = report.checks.flatMap(({ diagnosis }) => (diagnosis ? [diagnosis.id] : []))
  const leading = report.checks.find(({ outcome }) => outcome === 'failed')
  if (report.verdict !== 'failed') return [`should fail with ${id}, but was ${report.verdict}`]
  if (given.some((each) => each !== id) || given.length === 0) return [`should earn exactly ${id}, but earned ${given.join(', ') || 'no diagnosis'} (first failed: ${leading?.id})`]
  return leading?.diagnosis?.id === id ? [] : [`earned ${id}, but the failure shown first is ${leading?.id}, which has no diagnosis`]
}

function diagnosesWithoutMutant(checks: Checks, mutants: readonly string[]): string[] {
  const diagnoses = [...checks.values()].flatMap(({ diagnose = {} }) => Object.keys(diagnose))
  return diagnoses.filter((id) => !mutants.includes(id)).map((id) => `the diagnosis ${id} has no mutant`)
}

function checksNothingFails(checks: Checks, trials: readonly Trial[]): string[] {
  const failed = new Set(trials.flatMap(({ report }) => report.checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)))
  return [...checks.keys()].filter((id) => !failed.has(id)).map((id) => `no mutant and no junk program fails the check ${id}`)
}
