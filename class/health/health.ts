import type { Queryable } from '../database.ts'
import type { Health as QueueHealth, Line } from '../queue/line.ts'

/** How the class's gradings are going. */
export interface Health extends QueueHealth {
  readonly learners: number
  /** Learners of whom something was graded within the last day. */
  readonly activeToday: number
  /** Submissions that could not be judged in the last week, newest first, fifty at most. */
  readonly errored: readonly Errored[]
}

export interface Errored {
  readonly submissionId: string
  readonly name: string
  readonly exerciseId: string
  /** Why, as the worker reported it. */
  readonly trouble: string
}

/** Reads it from the database, the line at most a second old. */
export async function readHealth(database: Queryable, line: Line): Promise<Health> {
  const [queue, people, errored] = await Promise.all([
    line.health(),
    database.query<Pick<Health, 'learners' | 'activeToday'>>(PEOPLE),
    database.query<Errored>(ERRORED),
  ])
  return { ...queue, ...people.rows[0]!, errored: errored.rows }
}

const PEOPLE = `
  SELECT count(*)::integer AS learners, count(*) FILTER (WHERE EXISTS (
    SELECT FROM submissions WHERE learner_id = learners.id AND submitted_at > now() - interval '1 day'
  ))::integer AS "activeToday"
  FROM learners WHERE role = 'learner'`

const ERRORED = `
  SELECT s.id AS "submissionId", name, exercise_id AS "exerciseId", coalesce(trouble, '') AS trouble
  FROM submissions s JOIN learners ON learners.id = learner_id
  WHERE state = 'errored' AND submitted_at > now() - interval '7 days'
  ORDER BY submitted_at DESC LIMIT 50`
