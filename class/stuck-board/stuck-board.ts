import type { Queryable } from '../database.ts'

/** A check that learners do not get past at the moment. */
export interface StuckCheck {
  readonly exerciseId: string
  readonly checkId: string
  readonly checkTitle: string
  /** The misconception that was recognized, where one was. */
  readonly diagnosis: string | null
  /** Those whose newest grading fails here, who has tried most often first. */
  readonly learners: readonly StuckLearner[]
}

export interface StuckLearner {
  readonly id: string
  readonly name: string
  /** The newest grading. */
  readonly submissionId: string
  /** How often this exercise was graded without a pass so far. */
  readonly attempts: number
  /** Minutes from the first of those to the newest. */
  readonly minutes: number
}

/**
 * Which checks hold whom up: the first check that failed in the newest grading of every exercise
 * that a learner has tried within the last `days` and not passed. The checks that hold up most
 * learners come first.
 */
export async function readStuckBoard(database: Queryable, days: number): Promise<StuckCheck[]> {
  const { rows } = await database.query<StuckCheck>(
    `WITH tried AS (
       SELECT s.learner_id, s.exercise_id,
         (array_agg(s.id ORDER BY s.submitted_at DESC, s.id))[1] AS newest,
         count(*)::integer AS attempts,
         extract(epoch FROM max(s.submitted_at) - min(s.submitted_at)) / 60 AS minutes
       FROM submissions s
       JOIN judgements j ON j.submission_id = s.id AND j.current AND j.verdict <> 'errored'
       WHERE s.submitted_at > now() - make_interval(days => $1)
       GROUP BY s.learner_id, s.exercise_id
       HAVING NOT bool_or(j.verdict = 'passed')
     ), first_failed AS (
       SELECT DISTINCT ON (tried.newest) tried.*, r.check_id, r.title, r.diagnosis
       FROM tried
       JOIN judgements j ON j.submission_id = tried.newest AND j.current
       JOIN check_results r ON r.judgement_id = j.id AND r.outcome = 'failed'
       ORDER BY tried.newest, r.position
     )
     SELECT f.exercise_id AS "exerciseId", f.check_id AS "checkId", min(f.title) AS "checkTitle", f.diagnosis,
       json_agg(json_build_object('id', l.id, 'name', l.name, 'submissionId', f.newest,
         'attempts', f.attempts, 'minutes', round(f.minutes)) ORDER BY f.attempts DESC, lower(l.name)) AS learners
     FROM first_failed f JOIN learners l ON l.id = f.learner_id
     GROUP BY f.exercise_id, f.check_id, f.diagnosis
     ORDER BY count(*) DESC, f.exercise_id, f.check_id`,
    [days],
  )
  return rows
}
