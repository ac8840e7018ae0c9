import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Exercise, ExerciseKind, Lesson } from '../course/types.ts'
import type { GradingOverrides } from '../grader/types/grading-overrides.ts'
import type { Program } from '../grader/record/program/learner-program.ts'
import { seededRandom } from '../grader/record/random.ts'
import { gradeExercise } from '../grader/grade-exercise.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import { loadChecks } from '../grader/load-checks.ts'
import { programOf } from '../grader/program-of.ts'
import type { Exchange, GradeEvent, Report } from '../grader/types/index.ts'
import { feedbackProblems } from './feedback.ts'
import { nearest } from '../course/find.ts'
import { listMutants, mutantIds } from '../course/mutants/mutants.ts'
import { rightPrograms } from '../course/right-programs.ts'
import { folderProblems } from './folder.ts'
import { carryPatchesOver, mutantFileProblems, prepareMutants } from './mutants.ts'
import { wireBlockProblems } from './wire-blocks.ts'
import {
  failureProblems,
  mutantProblems,
  solutionProblems,
  todoProblems,
  unreadable,
  verdictChanges,
} from './verdicts.ts'

/** One program the author's gate graded, and what is wrong with the verdict it earned. */
export interface Trial {
  readonly kind: 'solution' | 'right' | 'stub' | 'mutant' | 'junk'
  readonly name: string
  /**
   * Null: the plain run. Else what was different: `repetition 3`, `on a machine 4 times slower`.
   */
  readonly condition: string | null
  readonly report: Report
  /** Empty: as it should be. A problem may have several lines. */
  readonly problems: readonly string[]
}

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
 * The author's gate for one exercise: the solution and the other right programs pass, the stub fails kindly, every mutant
 * earns exactly the diagnosis it is named for and is told what was reviewed, every diagnosis has
 * its mutant, junk programs fail readably, every check is failed by something, and the folder holds
 * what it should. Rejects only when `signal` was aborted.
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

interface Candidate {
  readonly kind: Trial['kind']
  readonly name: string
  readonly program: Program
  readonly judge: (report: Report, timed: boolean) => string[]
}

const junkFolder = join(dirname(fileURLToPath(import.meta.url)), 'junk-programs')

/** `mutants`: the folder of each mutant's program, by the diagnosis it has to earn. */
function candidatesOf(
  exercise: Exercise,
  mutants: ReadonlyMap<string, string>,
  update: boolean,
): Candidate[] {
  const [entry] = exercise.files
  // Named like the learner's own copy, so that the kept words are the ones a learner reads.
  const program = (folder: string) =>
    programOf(exercise, resolve(exercise.dir, folder), `work/${exercise.id}/${entry}`)
  // Wrong words matter once the verdict is right.
  const told =
    (name: string, judge: (report: Report) => string[]) => (report: Report, timed: boolean) => {
      const wrong = judge(report)
      return wrong.length > 0
        ? wrong
        : feedbackProblems(exercise, report, { file: `feedback/${name}.txt`, timed, update })
    }
  return [
    { kind: 'solution', name: 'solution', program: program('solution'), judge: solutionProblems },
    ...rightPrograms(exercise).map((name): Candidate => ({
      kind: 'right',
      name,
      program: program(join('right', name)),
      judge: solutionProblems,
    })),
    {
      kind: 'stub',
      name: 'stub',
      program: program('stub'),
      judge: told('stub', (report) => [...failureProblems(report), ...todoProblems(exercise)]),
    },
    ...[...mutants].map(([id, folder]): Candidate => ({
      kind: 'mutant',
      name: id,
      program: program(folder),
      judge: told(id, (report) => mutantProblems(report, id)),
    })),
    ...junkPrograms(exercise.kind).map(({ dir, file }): Candidate => ({
      kind: 'junk',
      name: file.replace('.ts', ''),
      program: junk(exercise, dir, file),
      judge: failureProblems,
    })),
  ]
}

function junkPrograms(kind: ExerciseKind): { dir: string; file: string }[] {
  const dir = join(junkFolder, kind)
  return readdirSync(dir)
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map((file) => ({ dir, file }))
}

/**
 * It runs under the name of the learner's own file: also where that would be in another language.
 */
function junk(exercise: Exercise, dir: string, file: string): Program {
  const { cmd: _, ...inNode } = exercise
  const program = programOf(inNode, dir, `work/${exercise.id}/${exercise.files[0]}`, file)
  return program.kind === 'client' ? { ...program, standsIn: true } : program
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
