import type { Pool, PoolClient } from 'pg'
import { learnerStore, type Store } from '../learner-store.ts'
import type { SqlDatabase, SqlValue, Statement } from '../sql.ts'
import { explainPostgresError } from './explain-postgres-error.ts'
import { inTransaction } from './in-transaction.ts'

/** What the learners of a class have done. */
export interface ClassStore {
  /**
   * The store of one learner. A learner who is not there has done nothing, and what is added for them
   * errs.
   */
  of(learnerId: string): Store
}

/** `pool`: of `openPool`. Its tables are up to date (`migrateClass`). */
export function openClassStore(pool: Pool): ClassStore {
  return {
    of(learnerId) {
      const database = postgresDatabase(pool, learnerId)
      return learnerStore(database, learnerId, () => revisionOf(database, learnerId))
    },
  }
}

function postgresDatabase(pool: Pool, learnerId: string): SqlDatabase {
  return {
    async query<Row extends object>(text: string, values: readonly SqlValue[] = []) {
      try {
        return (await run(pool, { text, values })) as Row[]
      } catch (error) {
        throw explainPostgresError(error)
      }
    },
    transaction: (steps) =>
      inTransaction(pool, async (client) => {
        await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [learnerId])
        const running = steps()
        let next = running.next()
        while (!next.done) next = running.next(await run(client, next.value))
        return next.value
      }),
  }
}

async function run(on: Pool | PoolClient, { text, values }: Statement): Promise<object[]> {
  return (await on.query<Record<string, unknown>>(text, [...values])).rows
}

// What is written only ever grows, is renewed with its time, or is published.
async function revisionOf({ query }: SqlDatabase, learnerId: string): Promise<string> {
  const [row] = await query<{ revision: string }>(
    `SELECT concat(
      (SELECT max(id) FROM answers WHERE learner_id = $1), '-',
      (SELECT max(id) FROM hints_revealed WHERE learner_id = $1), '-',
      (SELECT md5(string_agg(concat(lesson_id, ' ', fraction, ' ', at), ',' ORDER BY lesson_id))
        FROM lesson_reads WHERE learner_id = $1), '-',
      (SELECT concat(count(*), '-', sum(j.id)) FROM submissions s
        JOIN judgements j ON j.submission_id = s.id AND j.current WHERE s.learner_id = $1)
    ) AS revision`,
    [learnerId],
  )
  return row!.revision
}
