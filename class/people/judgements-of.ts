import { IS_LATE } from '../assignments/assignments.ts'
import type { Queryable } from '../database.ts'

/** A submission as a teacher finds it, with everything it was ever judged. */
export interface SubmissionFacts {
  readonly learnerId: string
  readonly name: string
  readonly exerciseId: string
  readonly purpose: 'run' | 'submit'
  readonly state: 'waiting' | 'grading' | 'judged' | 'errored' | 'superseded'
  /** ISO 8601. */
  readonly submittedAt: string
  readonly isLate: boolean
  /** Why it could not be judged. */
  readonly trouble: string | null
  /** Oldest first. */
  readonly judgements: readonly JudgementSummary[]
}

export interface JudgementSummary {
  readonly id: number
  readonly verdict: 'passed' | 'failed' | 'errored'
  readonly passedChecks: number
  readonly totalChecks: number
  /** ISO 8601. */
  readonly judgedAt: string
  /** The one that counts. */
  readonly current: boolean
}

/** Undefined when no submission has this id. */
export async function submissionFacts(
  database: Queryable,
  id: string,
): Promise<SubmissionFacts | undefined> {
  const [facts, judgements] = await Promise.all([
    database.query<Omit<SubmissionFacts, 'judgements'>>(
      `SELECT s.learner_id AS "learnerId", name, s.exercise_id AS "exerciseId", purpose, state,
         submitted_at AS "submittedAt", trouble,
         ${IS_LATE} AS "isLate"
       FROM submissions s JOIN learners ON learners.id = learner_id
       LEFT JOIN assignments a ON a.exercise_id = s.exercise_id
       LEFT JOIN extensions e ON e.exercise_id = s.exercise_id AND e.learner_id = s.learner_id
       WHERE s.id = $1`,
      [id],
    ),
    database.query<JudgementSummary>(
      `SELECT id, verdict, passed_checks AS "passedChecks", total_checks AS "totalChecks",
         judged_at AS "judgedAt", current
       FROM judgements WHERE submission_id = $1 ORDER BY judged_at, id`,
      [id],
    ),
  ])
  const [row] = facts.rows
  return row && { ...row, judgements: judgements.rows }
}
