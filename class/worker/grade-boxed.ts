import { gradeInBox } from '../box/run-in-box.ts'
import type { GradeSubmission } from './grade-job.ts'

/** Grades a submission in a box of its own. What the box could not do is our fault: it rejects. */
export const gradeBoxed: GradeSubmission = async (job, options) => {
  const outcome = await gradeInBox(job, options)
  if (outcome.kind === 'failed') throw new Error(outcome.message)
  return { report: outcome.grading.report, evidenceGz: outcome.evidenceGz }
}
