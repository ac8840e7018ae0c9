import type { FoundExercise } from '../../course/find.ts'
import type { ExerciseKind } from '../../course/types.ts'
import { onceNames } from '../junk.ts'
import { carryPatchesOver } from '../mutants.ts'
import { programKey } from '../trial.ts'
import type { GradedVerification } from '../verification.ts'
import type { Fingerprint } from './fingerprint.ts'
import { NOTHING_KEPT, type KeptGradings, type KeptPrograms } from './kept-gradings.ts'
import type { GreenRun, VerifyMemory } from './memory.ts'

export interface PlanOptions {
  readonly fingerprintOf: (found: FoundExercise) => Promise<Fingerprint>
  readonly memory: VerifyMemory
  /** Undefined where nothing is kept, and so nothing is judged again. */
  readonly keptGradings: KeptGradings | undefined
  readonly repeat: number
  readonly slowed: boolean
  /** Grades also what was green, and what could be judged again. */
  readonly all: boolean
  readonly update: boolean
  readonly onUnchanged: (found: FoundExercise, run: GreenRun) => void
}

/** An exercise that is due, and how it is verified. */
export interface Plan extends FoundExercise {
  readonly fingerprint: Fingerprint
  readonly kept: KeptPrograms
  readonly withOnce: boolean
  /** What was done to its mutants, a sentence each. */
  readonly notes: readonly string[]
}

/**
 * Which of these exercises are due, and what is graded and what is judged again of each. With
 * `update`, patches are carried over first.
 */
export async function planned(
  chosen: readonly FoundExercise[],
  options: PlanOptions,
): Promise<Plan[]> {
  const { fingerprintOf, memory, repeat, slowed, all, update, onUnchanged } = options
  // A verdict that has to hold more than once is not read off one recording.
  const keptGradings = all || slowed || repeat > 1 ? undefined : options.keptGradings
  const proved = new Set<ExerciseKind>()
  const plans: Plan[] = []
  for (const found of chosen) {
    const { id, kind } = found.exercise
    const notes = update ? carryPatchesOver(found.exercise) : []
    const fingerprint = await fingerprintOf(found)
    const run = all || update ? null : memory.unchangedSince(id, { fingerprint, repeat, slowed })
    if (run) {
      onUnchanged(found, run)
      continue
    }
    const kept = keptGradings?.of(id, fingerprint.recorded) ?? NOTHING_KEPT
    const withOnce = !proved.has(kind) && provesOnce(kind, kept)
    if (withOnce) proved.add(kind)
    plans.push({ ...found, fingerprint, kept, withOnce, notes })
  }
  return plans
}

/** Where an exercise is only judged again, no program is started for the others' sake. */
function provesOnce(kind: ExerciseKind, { names }: KeptPrograms): boolean {
  const once = onceNames(kind).map((name) => programKey({ kind: 'junk', name }))
  return names.size === 0 || once.every((key) => names.has(key))
}

/**
 * Keeps what was recorded, and that it was green. What has changed meanwhile is neither: some
 * programs may have been graded before that, and others after it.
 */
export async function remember(
  { exercise: { id }, fingerprint }: Plan,
  { gradings, ...verification }: GradedVerification,
  now: Fingerprint,
  { memory, keptGradings, repeat, slowed }: PlanOptions,
): Promise<void> {
  if (now.recorded !== fingerprint.recorded) return
  keptGradings?.keep(id, now.recorded, gradings)
  // The words that --update has written are compared once more by the next verification.
  if (now.judged === fingerprint.judged && isGreen(verification))
    memory.keep(id, { fingerprint, repeat, slowed, at: new Date().toISOString() })
}

function isGreen({ trials, problems }: Pick<GradedVerification, 'trials' | 'problems'>): boolean {
  return problems.length === 0 && trials.every((trial) => trial.problems.length === 0)
}
