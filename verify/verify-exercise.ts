import { mutantIds } from '../course/mutants/mutants.ts'
import type { Exercise } from '../course/types.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import { loadChecks } from '../grader/load-checks.ts'
import type { Exchange } from '../grader/types/index.ts'
import { candidatesOf } from './candidates.ts'
import { folderProblems } from './folder.ts'
import type { KeptGrading } from './kept/kept-gradings.ts'
import { carryPatchesOver, mutantFileProblems, prepareMutants } from './mutants.ts'
import type { Trial } from './trial.ts'
import { tryCandidate } from './try-candidate.ts'
import type { Verification, VerifyOptions } from './verification.ts'
import { wholeProblems } from './whole-exercise.ts'
import { wireBlockProblems } from './words/wire-blocks.ts'

export type { Trial } from './trial.ts'
export type { Verification, VerifyOptions } from './verification.ts'

/**
 * The author's gate for one exercise: the solution and the other right programs pass, the stub
 * fails kindly, every mutant earns exactly the diagnosis it is named for and is told what was
 * reviewed, every diagnosis has its mutant and is earned by nothing else, junk programs fail
 * readably, every check is failed by something, types are right, and the folder holds what it
 * should. Rejects only when `signal` was aborted: what is wrong with one exercise refuses that one.
 */
export async function verifyExercise(options: VerifyOptions): Promise<Verification> {
  const { exercise } = options
  try {
    return await verified(options, await loadChecks(exercise))
  } catch (error) {
    options.signal?.throwIfAborted()
    return {
      exercise: exercise.id,
      trials: [],
      problems: [
        (error as Error).message,
        ...mutantFileProblems(exercise),
        ...folderProblems(exercise),
      ],
      notes: [],
      seconds: 0,
      gradings: new Map(),
    }
  }
}

async function verified(options: VerifyOptions, checks: Checks): Promise<Verification> {
  const { exercise, withOnce, lessons = [], update = false } = options
  const notes = update ? carryPatchesOver(exercise) : []
  // What was recorded of a mutant that was just rewritten is not of that mutant.
  const { kept: _, ...graded } = options
  const mutants = prepareMutants(exercise)
  const recorded: Exchange[] = []
  const gradings = new Map<string, KeptGrading>()
  const clock = createStopwatch()
  let trials: Trial[]
  try {
    const candidates = candidatesOf(exercise, { mutants: mutants.folders, withOnce, checks })
    trials = (
      await Promise.all(
        candidates.map((candidate) =>
          tryCandidate(candidate, notes.length > 0 ? graded : options, {
            onBegin: clock.begin,
            onGraded(grading, program) {
              clock.end()
              if (program.kind === 'solution')
                recorded.push(...grading.evidence.flatMap(({ exchanges }) => exchanges))
              if (grading.report.error === undefined) gradings.set(program.name, grading)
            },
          }),
        ),
      )
    ).flat()
  } finally {
    mutants.remove()
  }
  const problems = [
    ...((await options.types) ?? []),
    ...wireBlockProblems(exercise.id, lessons, recorded, update),
    ...wholeProblems(exercise, checks, trials),
  ]
  return { exercise: exercise.id, trials, problems, notes, seconds: clock.seconds(), gradings }
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
