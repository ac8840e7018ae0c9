import type { Exercise, Lesson } from '../course/types.ts'
import type { KeptGrading, KeptPrograms, PackedGrading } from './kept/kept-gradings.ts'
import type { Schedule } from './schedule/pool.ts'
import type { Trial } from './trial.ts'

export interface Verification {
  readonly exercise: string
  readonly trials: readonly Trial[]
  /**
   * What is wrong with the exercise as a whole: a diagnosis without a mutant, a check that nothing
   * fails, a stray file.
   */
  readonly problems: readonly string[]
  /** The time that passed from the first of its gradings to the end of the last. */
  readonly seconds: number
}

/** A verification, with what it can be judged again from. */
export interface GradedVerification extends Verification {
  /** Of the programs that were graded, by programKey(); none without `pack`. */
  readonly gradings: ReadonlyMap<string, PackedGrading>
}

export interface VerifyOptions {
  readonly exercise: Exercise
  readonly lesson: Lesson
  /** Every lesson of the course: blocks in them may have been recorded from this exercise. */
  readonly lessons?: readonly Lesson[]
  /** Runs the gradings; a pool shared by several exercises keeps the machine from being overrun. */
  readonly schedule: Schedule
  /**
   * Also grades the junk programs that try the grader alone: one exercise of each kind does it for
   * all.
   */
  readonly withOnce: boolean
  /**
   * What was recorded from the same scenarios and programs before, by programKey(): what is in it is
   * judged again and not graded.
   */
  readonly kept?: KeptPrograms
  /** Makes of each grading what will be kept; left out where nothing is. */
  readonly pack?: (grading: KeptGrading) => Promise<PackedGrading>
  /** What the compiler says, by the exercise's id; null where it is not installed. */
  readonly types?: Promise<ReadonlyMap<string, readonly string[]> | null>
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
