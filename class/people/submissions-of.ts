import { IS_LATE } from '../assignments/assignments.ts'
import type { Queryable } from '../database.ts'

/** A grading that a learner asked for, as the teacher's list shows it. */
export interface ListedSubmission {
  readonly id: string
  readonly exerciseId: string
  readonly purpose: 'run' | 'submit'
  /** ISO 8601. */
  readonly submittedAt: string
  readonly state: 'waiting' | 'grading' | 'judged' | 'errored' | 'superseded'
  /** The judgement that counts; null before there is one. */
  readonly verdict: 'passed' | 'failed' | 'errored' | null
  readonly passedChecks: number | null
  readonly totalChecks: number | null
  /** Submitted after the time that holds for this learner. */
  readonly isLate: boolean
}

/** The newest gradings of a learner, `most` of them. */
export async function submissionsOf(
  database: Queryable,
  learnerId: string,
  most: number,
): Promise<ListedSubmission[]> {
  const { rows } = await database.query<ListedSubmission>(
    `SELECT s.id, s.exercise_id AS "exerciseId", purpose, submitted_at AS "submittedAt", state, verdict,
       passed_checks AS "passedChecks", total_checks AS "totalChecks",
       ${IS_LATE} AS "isLate"
     FROM submissions s LEFT JOIN judgements j ON j.submission_id = s.id AND j.current
     LEFT JOIN assignments a ON a.exercise_id = s.exercise_id
     LEFT JOIN extensions e ON e.exercise_id = s.exercise_id AND e.learner_id = s.learner_id
     WHERE s.learner_id = $1 ORDER BY submitted_at DESC LIMIT $2`,
    [learnerId, most],
  )
  return rows
}
