import type { Queryable } from '../database.ts'

/** When an exercise is to be done. All times ISO 8601. */
export interface Assignment {
  readonly exerciseId: string
  readonly opensAt: string | null
  readonly dueAt: string | null
}

/** More time for one learner. */
export interface Extension {
  readonly learnerId: string
  readonly name: string
  readonly exerciseId: string
  readonly dueAt: string
}

export async function listAssignments(database: Queryable): Promise<Assignment[]> {
  const { rows } = await database.query<Assignment>(
    'SELECT exercise_id AS "exerciseId", opens_at AS "opensAt", due_at AS "dueAt" FROM assignments',
  )
  return rows
}

/** Sets both times of an exercise; without either it is no assignment any more. */
export async function setAssignment(
  database: Queryable,
  { exerciseId, opensAt, dueAt }: Assignment,
): Promise<void> {
  if (opensAt === null && dueAt === null)
    await database.query('DELETE FROM assignments WHERE exercise_id = $1', [exerciseId])
  else
    await database.query(
      `INSERT INTO assignments (exercise_id, opens_at, due_at) VALUES ($1, $2, $3)
       ON CONFLICT (exercise_id) DO UPDATE SET opens_at = excluded.opens_at, due_at = excluded.due_at`,
      [exerciseId, opensAt, dueAt],
    )
}

export async function listExtensions(database: Queryable): Promise<Extension[]> {
  const { rows } = await database.query<Extension>(
    `SELECT learner_id AS "learnerId", name, exercise_id AS "exerciseId", due_at AS "dueAt"
     FROM extensions JOIN learners ON learners.id = learner_id ORDER BY exercise_id, lower(name)`,
  )
  return rows
}

/** Gives a learner until then; null takes it back. */
export async function setExtension(
  database: Queryable,
  learnerId: string,
  exerciseId: string,
  dueAt: string | null,
): Promise<void> {
  if (dueAt === null)
    await database.query('DELETE FROM extensions WHERE learner_id = $1 AND exercise_id = $2', [
      learnerId,
      exerciseId,
    ])
  else
    await database.query(
      `INSERT INTO extensions (learner_id, exercise_id, due_at) VALUES ($1, $2, $3)
       ON CONFLICT (learner_id, exercise_id) DO UPDATE SET due_at = excluded.due_at`,
      [learnerId, exerciseId, dueAt],
    )
}

/** What holds for one learner: by the database's clock, which is everybody's. */
export interface Due {
  readonly opensAt: string | null
  readonly dueAt: string | null
  readonly isOpen: boolean
  readonly isOver: boolean
}

/**
 * When an exercise opens and is due for one learner; undefined when nothing is set. Within a
 * transaction, now is when that began.
 */
export async function dueOf(
  database: Queryable,
  learnerId: string,
  exerciseId: string,
): Promise<Due | undefined> {
  const { rows } = await database.query<Due>(
    `SELECT opens_at AS "opensAt", ${DUE} AS "dueAt",
       coalesce(opens_at <= now(), true) AS "isOpen", coalesce(${DUE} < now(), false) AS "isOver"
     FROM assignments a LEFT JOIN extensions e ON e.exercise_id = a.exercise_id AND e.learner_id = $1
     WHERE a.exercise_id = $2`,
    [learnerId, exerciseId],
  )
  return rows[0]
}

/**
 * Until when a learner has time, in SQL: assignments are `a`, their extensions `e`. Without a
 * deadline there is nothing to extend, and an extension never shortens one.
 */
export const DUE = 'CASE WHEN a.due_at IS NOT NULL THEN greatest(a.due_at, e.due_at) END'

/** Whether a submission `s` came after that, in SQL; a run never does. */
export const IS_LATE = `(s.purpose = 'submit' AND coalesce(s.submitted_at > ${DUE}, false))`
