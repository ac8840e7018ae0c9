import type { Exercise, Lesson } from '../course/types.ts'
import type { Program } from './gather/learner-program.ts'
import type { Evidence, GradeEvent, Report } from './types.ts'

export interface GradeOptions {
  readonly exercise: Exercise
  readonly lesson: Lesson
  readonly program: Program
  /** Called for every event, in order. */
  readonly onEvent?: (event: GradeEvent) => void
  /** Aborting ends the grading at once; the promise then rejects with the signal's reason after everything was cleaned up. */
  readonly signal?: AbortSignal
}

export interface Grading {
  readonly report: Report
  readonly evidence: readonly Evidence[]
}

/** Grades one program. Never rejects for what the program does; rejects only when `signal` was aborted. */
export async function gradeExercise(_options: GradeOptions): Promise<Grading> {
  throw new Error('not yet')
}
