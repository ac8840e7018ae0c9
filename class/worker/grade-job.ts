import type { FoundExercise } from '../../course/find.ts'
import type { WorkFile } from '../../course/work/work-folder.ts'
import type { GradeEvent, Report } from '../../grader/types/index.ts'

/** A submission that is to be graded, once. */
export interface GradeJob extends Pick<FoundExercise, 'exercise' | 'lesson'> {
  /** Id of the submission, which is also that of its run. */
  readonly run: string
  readonly files: readonly WorkFile[]
}

export interface GradedJob {
  readonly report: Report
  /** As `encodeEvidence` gives it, gzipped. */
  readonly evidenceGz: Uint8Array
}

export interface GradeJobOptions {
  readonly onEvent: (event: GradeEvent) => void
  /** Aborting ends the grading at once, and it rejects after everything was cleaned up. */
  readonly signal: AbortSignal
}

/**
 * Grades a submission. Whatever the program does becomes a verdict, and whatever fails on our side
 * the verdict `errored`, or it rejects.
 */
export type GradeSubmission = (job: GradeJob, options: GradeJobOptions) => Promise<GradedJob>
