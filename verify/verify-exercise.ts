import { mutantIds } from '../course/mutants/mutants.ts'
import type { Exercise } from '../course/types.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import { loadChecks } from '../grader/load-checks.ts'
import type { Exchange } from '../grader/types/index.ts'
import { candidatesOf, type Candidate } from './candidates.ts'
import { folderProblems } from './folder.ts'
import type { PackedGrading } from './kept/kept-gradings.ts'
import { mutantFileProblems, prepareMutants } from './mutants.ts'
import { settleAll } from './schedule/settle-all.ts'
import { programKey, type Trial } from './trial.ts'
import { tryCandidate } from './try-candidate.ts'
import type { GradedVerification, VerifyOptions } from './verification.ts'
import { wholeProblems } from './whole-exercise.ts'
import { wireBlockProblems } from './words/wire-blocks.ts'

/** Where more programs are told otherwise than reviewed, it is not the machine. */
const MOST_ALONE = 3

export type { Trial } from './trial.ts'
export type { Verification, VerifyOptions } from './verification.ts'

/**
 * The author's gate for one exercise: the solution and the other right programs pass, the stub
 * fails kindly, every mutant earns exactly the diagnosis it is named for and is told what was
 * reviewed, every diagnosis has its mutant and is earned by nothing else, junk programs fail
 * readably, every check is failed by something, types are right, and the folder holds what it
 * should. Rejects only when `signal` was aborted: what is wrong with one exercise refuses that one.
 */
export async function verifyExercise(options: VerifyOptions): Promise<GradedVerification> {
  const [verification, types] = await settleAll([gradedOrRefused(options), typeProblemsOf(options)])
  return { ...verification, problems: [...new Set([...types, ...verification.problems])] }
}

async function gradedOrRefused(options: VerifyOptions): Promise<GradedVerification> {
  const { exercise, signal } = options
  try {
    return await graded(options, await loadChecks(exercise))
  } catch (error) {
    signal?.throwIfAborted()
    return {
      exercise: exercise.id,
      trials: [],
      problems: [
        (error as Error).message,
        ...mutantFileProblems(exercise),
        ...folderProblems(exercise),
      ],
      seconds: 0,
      gradings: new Map(),
    }
  }
}

async function graded(options: VerifyOptions, checks: Checks): Promise<GradedVerification> {
  const { exercise, withOnce, lessons = [], update = false, pack } = options
  const mutants = prepareMutants(exercise)
  const recorded: Exchange[] = []
  // At once: what was recorded of all programs together is more than a machine may have in memory.
  const gradings = new Map<string, PackedGrading>()
  const clock = createStopwatch()
  const mayGradeAlone = upTo(MOST_ALONE)
  const tryOut = (candidate: Candidate) =>
    tryCandidate(candidate, {
      ...options,
      checks,
      mayGradeAlone,
      onBegin: clock.begin,
      async onPlain(grading, isJudgedAgain) {
        clock.end()
        if (candidate.kind === 'solution')
          recorded.push(...grading.evidence.flatMap(({ exchanges }) => exchanges))
        if (pack && !isJudgedAgain && grading.report.error === undefined)
          gradings.set(programKey(candidate), await pack(grading))
      },
    })
  let trials: Trial[]
  try {
    const candidates = candidatesOf(exercise, { mutants: mutants.folders, withOnce, checks })
    trials = (await settleAll(candidates.map(tryOut))).flat()
  } finally {
    mutants.remove()
  }
  const problems = [
    ...wireBlockProblems(exercise.id, lessons, recorded, update),
    ...wholeProblems(exercise, checks, trials),
  ]
  return { exercise: exercise.id, trials, problems, seconds: clock.seconds(), gradings }
}

/** A compiler that fails costs no grading. */
async function typeProblemsOf({
  exercise,
  types,
  signal,
}: VerifyOptions): Promise<readonly string[]> {
  try {
    return (await types)?.get(exercise.id) ?? []
  } catch (error) {
    signal?.throwIfAborted()
    return [(error as Error).message]
  }
}

function upTo(most: number): () => boolean {
  let times = 0
  return () => ++times <= most
}

/** The time from what begins first to what ends last. */
function createStopwatch() {
  let beganAt: number | undefined
  let endedAt: number | undefined
  return {
    begin: () => void (beganAt ??= performance.now()),
    end: () => void (endedAt = performance.now()),
    seconds: () => ((endedAt ?? 0) - (beganAt ?? 0)) / 1000,
  }
}

/** How many gradings the gate makes for an exercise. */
export function trialCount(
  exercise: Exercise,
  {
    repeat = 1,
    slowdown,
    withOnce = false,
    update = false,
  }: Partial<Pick<VerifyOptions, 'repeat' | 'slowdown' | 'withOnce' | 'update'>> = {},
): number {
  const mutants = new Map(mutantIds(exercise).map((id) => [id, '']))
  const candidates = candidatesOf(exercise, { mutants, withOnce, checks: new Map() })
  const number = (...kinds: Trial['kind'][]) =>
    candidates.filter(({ kind }) => kinds.includes(kind)).length
  return (
    candidates.length * repeat +
    (slowdown === undefined ? 0 : candidates.length - number('junk')) +
    (update ? number('stub', 'mutant') : 0)
  )
}
