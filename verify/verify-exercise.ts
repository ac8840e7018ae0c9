import { nearest } from '../course/find.ts'
import { listMutants, mutantIds } from '../course/mutants/mutants.ts'
import type { Exercise, Lesson } from '../course/types.ts'
import { gradeExercise } from '../grader/grade-exercise.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import { loadChecks } from '../grader/load-checks.ts'
import { seededRandom } from '../grader/record/random.ts'
import type { GradingOverrides } from '../grader/types/grading-overrides.ts'
import type { Exchange, GradeEvent, Report } from '../grader/types/index.ts'
import { candidatesOf, type Candidate } from './candidates.ts'
import { folderProblems } from './folder.ts'
import { carryPatchesOver, mutantFileProblems, prepareMutants } from './mutants.ts'
import type { Trial } from './trial.ts'
import { unreadable, verdictChanges } from './verdicts.ts'
import { wireBlockProblems } from './wire-blocks.ts'

export type { Trial } from './trial.ts'

export interface Verification {
  readonly exercise: string
  readonly trials: readonly Trial[]
  /**
   * What is wrong with the exercise as a whole: a diagnosis without a mutant, a check that nothing
   * fails, a stray file.
   */
  readonly problems: readonly string[]
  /** What was done to the exercise's files besides its feedback, a sentence each. */
  readonly notes: readonly string[]
}

export interface VerifyOptions {
  readonly exercise: Exercise
  readonly lesson: Lesson
  /** Every lesson of the course: blocks in them may have been recorded from this exercise. */
  readonly lessons?: readonly Lesson[]
  /** Runs the gradings; a pool shared by several exercises keeps the machine from being overrun. */
  readonly schedule: <Result>(task: () => Promise<Result>) => Promise<Result>
  /**
   * How many times each program is graded; every time must give the same outcomes. 1 when left out.
   */
  readonly repeat?: number
  /** Also grades on a slowed machine: this many times slower. */
  readonly slowdown?: number
  /** Keeps what is told now as the reviewed feedback. */
  readonly update?: boolean
  readonly onTrial?: (trial: Trial) => void
  readonly signal?: AbortSignal
}

/**
 * The author's gate for one exercise: the solution and the other right programs pass, the stub
 * fails kindly, every mutant earns exactly the diagnosis it is named for and is told what was
 * reviewed, every diagnosis has its mutant, junk programs fail readably, every check is failed by
 * something, and the folder holds what it should. Rejects only when `signal` was aborted.
 */
export async function verifyExercise(options: VerifyOptions): Promise<Verification> {
  const { exercise } = options
  let checks: Checks
  try {
    checks = await loadChecks(exercise)
  } catch (error) {
    return {
      exercise: exercise.id,
      trials: [],
      problems: [
        (error as Error).message,
        ...mutantFileProblems(exercise),
        ...folderProblems(exercise),
      ],
      notes: [],
    }
  }
  const notes = options.update ? carryPatchesOver(exercise) : []
  const mutants = prepareMutants(exercise)
  const recorded: Exchange[] = []
  let trials: Trial[]
  try {
    trials = (
      await Promise.all(
        candidatesOf(exercise, mutants.folders, options.update ?? false).map((candidate) =>
          tryCandidate(candidate, options, recorded),
        ),
      )
    ).flat()
  } finally {
    mutants.remove()
  }
  const problems = [
    ...wireBlockProblems(exercise.id, options.lessons ?? [], recorded, options.update ?? false),
    ...diagnosesWithoutMutant(checks, mutantIds(exercise)),
    ...mutantsWithoutDiagnosis(exercise, checks, trials),
    ...checksNothingFails(checks, trials),
    ...mutantFileProblems(exercise),
    ...folderProblems(exercise),
  ]
  return { exercise: exercise.id, trials, problems, notes }
}

/** How many gradings the gate makes for an exercise. */
export function trialCount(
  exercise: Exercise,
  { repeat = 1, slowdown }: Pick<VerifyOptions, 'repeat' | 'slowdown'>,
): number {
  const folders = new Map(mutantIds(exercise).map((id) => [id, '']))
  const candidates = candidatesOf(exercise, folders, false)
  return (
    candidates.length * repeat +
    (slowdown === undefined ? 0 : candidates.filter(({ kind }) => kind !== 'junk').length)
  )
}

async function tryCandidate(
  { kind, name, program, judge }: Candidate,
  options: VerifyOptions,
  recorded: Exchange[],
): Promise<Trial[]> {
  const { exercise, lesson, schedule, repeat = 1, slowdown, onTrial = () => {} } = options
  // What is kept as words, or shown in a lesson, is drawn alike in every run.
  const told = kind !== 'junk'
  const gradeOnce = (overrides: GradingOverrides) =>
    schedule(async () => {
      let timed = false
      const onEvent = ({ type }: GradeEvent) => void (timed ||= type === 'progress')
      const { report, evidence } = await gradeExercise({
        exercise,
        lesson,
        program,
        overrides,
        onEvent,
        ...(options.signal && { signal: options.signal }),
      })
      return { report, timed, evidence }
    })
  const grade = async (
    condition: string | null,
    overrides: GradingOverrides,
    judged: (report: Report, timed: boolean) => string[],
  ): Promise<Trial> => {
    const first = await gradeOnce(overrides)
    // What could not be graded at all (a machine too busy for a timed exercise, a browser that
    // died) is graded once more, behind the others.
    const { report, timed, evidence } =
      first.report.error === undefined ? first : await gradeOnce(overrides)
    if (kind === 'solution' && condition === null)
      recorded.push(...evidence.flatMap(({ exchanges }) => exchanges))
    const trial = {
      kind,
      name,
      condition,
      report,
      problems: [...unreadable(report), ...judged(report, timed)],
    }
    onTrial(trial)
    return trial
  }

  const plain = await grade(
    null,
    told ? { random: (title) => seededRandom(`${exercise.id}/${title}`) } : {},
    judge,
  )
  const same = (report: Report) => verdictChanges(plain.report, report)
  const again = Array.from({ length: repeat - 1 }, (_, index) =>
    grade(`repetition ${index + 2}`, {}, same),
  )
  const slowed =
    slowdown === undefined || kind === 'junk'
      ? []
      : [grade(`on a machine ${slowdown} times slower`, { slowdown }, same)]
  return [plain, ...(await Promise.all([...again, ...slowed]))]
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

function checksNothingFails(checks: Checks, trials: readonly Trial[]): string[] {
  const failed = new Set(
    trials.flatMap(({ report }) =>
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
