import { randomBytes } from 'node:crypto'
import { inTransaction } from '../../store/postgres/in-transaction.ts'
import type { Exercise } from '../../course/types.ts'
import type { WorkFile } from '../../course/work/work-folder.ts'
import type { Purpose } from '../../server/index.ts'
import { dueOf } from '../assignments/assignments.ts'
import { PRIORITY, queueKindOf, sendJob, type Queues } from './queues.ts'
import { firstNumber, QUEUE_CHANNEL, RUN_CHANNEL, type StoredEvent } from './stored-event.ts'

export interface NewGrading {
  readonly learnerId: string
  readonly exercise: Exercise
  /** A run shows a verdict; a submission also counts. */
  readonly purpose: Purpose
  readonly files: readonly WorkFile[]
}

export interface Enqueued {
  /** Of the submission. */
  readonly id: string
  /** The database's time, ISO 8601. */
  readonly submittedAt: string
  /** Ids of those that it has taken the place of. */
  readonly superseded: readonly string[]
  /** Until when the learner has time for it, ISO 8601. */
  readonly dueAt: string | null
  /** It arrived after that. A run never does. */
  readonly isLate: boolean
}

/** The exercise can't be submitted yet. Nothing was kept. */
export class NotOpenYet extends Error {
  override readonly name = 'NotOpenYet'
  /** ISO 8601 */
  readonly opensAt: string

  constructor(opensAt: string) {
    super('This exercise is not open yet. Nothing was submitted.')
    this.opensAt = opensAt
  }
}

/**
 * Takes a submission: its row, its files and its job are kept together, or none of them. An older one
 * of the same learner and exercise that still waits is superseded, unless that would cost the
 * learner something: a run never takes the place of a submission, and what arrived after the
 * deadline never that of what arrived before it. One moment decides what is open, late and
 * superseded: the one at which it arrived.
 * @throws NotOpenYet
 */
export async function enqueue(queues: Queues, grading: NewGrading): Promise<Enqueued> {
  const { learnerId, exercise, purpose, files } = grading
  const id = randomBytes(8).toString('hex')
  return inTransaction(queues.pool, async (transaction) => {
    // Two tabs that submit at once do so one after the other.
    await transaction.query('SELECT FROM learners WHERE id = $1 FOR NO KEY UPDATE', [learnerId])
    const due = await dueOf(transaction, learnerId, exercise.id)
    if (purpose === 'submit' && due && !due.isOpen) throw new NotOpenYet(due.opensAt!)
    const superseded = await transaction.query<{ id: string; attempt: number }>(SUPERSEDE, [
      learnerId,
      exercise.id,
      purpose,
      due?.dueAt ?? null,
      due?.isOver ?? false,
    ])
    const { rows } = await transaction.query<{ submittedAt: string }>(INSERT, [
      id,
      learnerId,
      exercise.id,
      purpose,
      files.map(({ path }) => path),
      files.map(({ content }) => Buffer.from(content)),
    ])
    for (const older of superseded.rows) {
      const event: StoredEvent = { type: 'superseded', by: id }
      await transaction.query(
        `WITH told AS (SELECT pg_notify('${RUN_CHANNEL}', $1))
         INSERT INTO run_events (submission_id, number, event)
         SELECT $1, $2, $3 FROM told ON CONFLICT DO NOTHING`,
        [older.id, firstNumber(older.attempt + 1), JSON.stringify(event)],
      )
    }
    await sendJob(
      queues,
      exercise,
      { submission: id },
      { priority: PRIORITY.interactive, learner: learnerId, db: transaction },
    )
    await transaction.query(`SELECT pg_notify('${QUEUE_CHANNEL}', $1)`, [queueKindOf(exercise)])
    return {
      id,
      submittedAt: rows[0]!.submittedAt,
      superseded: superseded.rows.map((older) => older.id),
      dueAt: due?.dueAt ?? null,
      isLate: purpose === 'submit' && due?.isOver === true,
    }
  })
}

// Jobs of what was superseded stay in line, and whoever comes to one drops it: to remove them here
// would take locks in another order than a worker that is claiming them.
const SUPERSEDE = `
  UPDATE submissions SET state = 'superseded'
  WHERE learner_id = $1 AND exercise_id = $2 AND state = 'waiting'
    AND (purpose = 'run' OR (
      $3 = 'submit' AND ($4::timestamptz IS NULL OR submitted_at > $4 OR NOT $5)
    ))
  RETURNING id, attempt`

const INSERT = `
  WITH submission AS (
    INSERT INTO submissions (id, learner_id, exercise_id, purpose, state)
    VALUES ($1, $2, $3, $4, 'waiting') RETURNING submitted_at
  ), files AS (
    INSERT INTO submission_files (submission_id, position, path, content)
    SELECT $1, file.position - 1, file.path, file.content
    FROM unnest($5::text[], $6::bytea[]) WITH ORDINALITY AS file (path, content, position)
  )
  SELECT submitted_at AS "submittedAt" FROM submission`
