import type { Queryable } from '../database.ts'
import { addErredRegrade } from './finish.ts'
import { DEAD_LETTERS, type JobData, type Queues } from './queues.ts'
import { firstNumber, RUN_CHANNEL, type StoredEvent } from './stored-event.ts'
import { asBossDatabase, inTransactionOrNot, RollBack } from './transaction.ts'

const AT_ONCE = 20

/**
 * Lets the submissions err whose job was given up, with the reason for the teacher. Gives their ids.
 * Any process may do so at any time.
 */
export async function buryDeadLetters({ boss, pool }: Queues): Promise<readonly string[]> {
  const buried = await inTransactionOrNot(pool, async (transaction) => {
    const db = asBossDatabase(transaction)
    const jobs = await boss.fetch<JobData>(DEAD_LETTERS, {
      batchSize: AT_ONCE,
      includeMetadata: true,
      db,
    })
    if (jobs.length === 0) throw new RollBack()
    for (const { data, sourceOutput } of jobs) await bury(transaction, data, reasonOf(sourceOutput))
    await boss.complete(DEAD_LETTERS, jobs, null, { db })
    return jobs.map(({ data }) => data.submission)
  })
  return buried ?? []
}

async function bury(
  transaction: Queryable,
  { submission, regrade }: JobData,
  reason: string,
): Promise<void> {
  if (regrade !== undefined) return addErredRegrade(transaction, submission, regrade, reason)
  const { rows } = await transaction.query<{ attempt: number; trouble: string }>(
    `UPDATE submissions SET state = 'errored', trouble = coalesce(trouble || ' ', '') || $2
     WHERE id = $1 AND state IN ('waiting', 'grading') RETURNING attempt, trouble`,
    [submission, reason],
  )
  for (const { attempt, trouble } of rows) {
    const event: StoredEvent = { type: 'broken', error: trouble }
    await transaction.query(
      `WITH told AS (SELECT pg_notify('${RUN_CHANNEL}', $1))
       INSERT INTO run_events (submission_id, number, event)
       SELECT $1, $2, $3 FROM told ON CONFLICT DO NOTHING`,
      [submission, firstNumber(attempt + 1) - 1, JSON.stringify(event)],
    )
  }
}

/** What pg-boss noted of the last attempt, as a person reads it. */
function reasonOf(output: unknown): string {
  const text = JSON.stringify(output) ?? ''
  if (text.includes('heartbeat timeout'))
    return 'Three workers were lost while they graded it, and the last of them graded nothing else. Its program may take more memory than a worker has.'
  if (text.includes('timed out')) return 'It could not be graded in the time it has, three times.'
  return 'It was tried three times and could not be graded.'
}
