import type { Exercise, Lesson } from '../course/types.ts'
import type { Program } from './record/program/learner-program.ts'
import type { KeptFile } from './record/program/snapshot/snapshot.ts'
import type { Enclosure } from './record/program/start/enclosure.ts'
import type { GradingOverrides } from './types/grading-overrides.ts'
import type { Evidence, GradeEvent, Report } from './types/index.ts'

export interface GradeOptions {
  readonly exercise: Exercise
  /** The lesson it belongs to, for the paragraphs to reread. */
  readonly lesson: Lesson
  readonly program: Program
  /**
   * The program's files as they were just read, and as they are kept with its verdict. It is these
   * that are judged, whatever is saved meanwhile.
   */
  readonly kept?: readonly KeptFile[]
  /**
   * Id of the run, when the caller has to know it before the grading begins. Drawn when left out.
   */
  readonly run?: string
  /**
   * Runs every scenario at once instead of when a check is reached that needs it: a quicker verdict
   * for more work. Left out: where all are short.
   */
  readonly ahead?: boolean
  /** Runs every process of the program in a box of its own: a class does. */
  readonly enclosure?: Enclosure
  /** For the author's gate. */
  readonly overrides?: GradingOverrides
  /** Called for every event, in order. */
  readonly onEvent?: (event: GradeEvent) => void
  /**
   * Aborting ends the grading at once; the promise then rejects with the signal's reason, after
   * everything was cleaned up.
   */
  readonly signal?: AbortSignal
}

export interface Grading {
  readonly report: Report
  readonly evidence: readonly Evidence[]
}
