import { DUE } from '../assignments/assignments.ts'
import type { Queryable } from '../database.ts'

/** The best submission of a learner for an exercise. */
export interface Grade {
  readonly learnerId: string
  readonly exerciseId: string
  readonly submissionId: string
  readonly verdict: 'passed' | 'failed' | 'errored'
  readonly passedChecks: number
  readonly totalChecks: number
  /** ISO 8601. */
  readonly submittedAt: string
  /** It came after the time that holds for this learner now, an extension included. */
  readonly isLate: boolean
  /** How many submissions were judged. */
  readonly attempts: number
}

/**
 * The best submission of everybody, or of these learners, for every exercise: one that passed, else the one with most
 * checks passed; among equals one that was in time, then the first. A submission that the grader
 * could not judge is no attempt.
 */
export async function readGrades(
  database: Queryable,
  learnerIds?: readonly string[],
): Promise<Grade[]> {
  const { rows } = await database.query<Grade>(
    `SELECT DISTINCT ON (learner_id, exercise_id) learner_id AS "learnerId", exercise_id AS "exerciseId",
       submission_id AS "submissionId", verdict, passed_checks AS "passedChecks",
       total_checks AS "totalChecks", submitted_at AS "submittedAt", is_late AS "isLate",
       count(*) OVER (PARTITION BY learner_id, exercise_id)::integer AS attempts
     FROM (${JUDGED}) judged
     WHERE $1::text[] IS NULL OR learner_id = ANY ($1)
     ORDER BY learner_id, exercise_id, verdict = 'passed' DESC,
       passed_checks::float / greatest(total_checks, 1) DESC, is_late, submitted_at`,
    [learnerIds ?? null],
  )
  return rows
}

/** Ids of the exercises that were assigned or submitted. */
export async function exercisesInUse(database: Queryable): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ id: string }>(
    `SELECT exercise_id AS id FROM assignments
     UNION SELECT exercise_id FROM submissions WHERE purpose = 'submit'`,
  )
  return new Set(rows.map(({ id }) => id))
}

const JUDGED = `
  SELECT s.learner_id, s.exercise_id, s.id AS submission_id, s.submitted_at, j.verdict,
    j.passed_checks, j.total_checks,
    coalesce(s.submitted_at > ${DUE}, false) AS is_late
  FROM submissions s
  JOIN judgements j ON j.submission_id = s.id AND j.current AND j.verdict <> 'errored'
  LEFT JOIN assignments a ON a.exercise_id = s.exercise_id
  LEFT JOIN extensions e ON e.exercise_id = s.exercise_id AND e.learner_id = s.learner_id
  WHERE s.purpose = 'submit'`

/** 0 to 100: the share of the checks that passed. A pass is 100, and nothing else is. */
export function scoreOf({ verdict, passedChecks, totalChecks }: Grade): number {
  if (verdict === 'passed') return 100
  return Math.min(99, Math.round((100 * passedChecks) / Math.max(1, totalChecks)))
}
