import type { Queues } from './queues.ts'
import { inTransaction } from '../../store/postgres/in-transaction.ts'
import { firstNumber, RUN_CHANNEL, type StoredEvent } from './stored-event.ts'

/**
 * Takes a learner's grading out of the line. False when it is not in line: what a worker has begun
 * comes to its verdict. Whoever comes to its job drops it.
 */
export async function cancelWaiting(
  { pool }: Queues,
  learnerId: string,
  id: string,
): Promise<boolean> {
  return inTransaction(pool, async (transaction) => {
    const { rows } = await transaction.query<{ attempt: number }>(
      `UPDATE submissions SET state = 'superseded'
       WHERE id = $1 AND learner_id = $2 AND state = 'waiting' RETURNING attempt`,
      [id, learnerId],
    )
    const [row] = rows
    if (!row) return false
    const event: StoredEvent = { type: 'superseded', by: '' }
    await transaction.query(
      `WITH told AS (SELECT pg_notify('${RUN_CHANNEL}', $1))
       INSERT INTO run_events (submission_id, number, event)
       SELECT $1, $2, $3 FROM told ON CONFLICT DO NOTHING`,
      [id, firstNumber(row.attempt + 1), JSON.stringify(event)],
    )
    return true
  })
}
