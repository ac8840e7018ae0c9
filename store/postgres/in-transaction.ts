import type { Pool, PoolClient } from 'pg'
import { explainPostgresError } from './explain-postgres-error.ts'

/**
 * One transaction on one connection: it is kept whole, or not at all.
 * @throws StoreError, or what `action` throws
 */
export async function inTransaction<Result>(
  pool: Pool,
  action: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  let client: PoolClient | undefined
  let broken = false
  try {
    client = await pool.connect()
    await client.query('BEGIN')
    const result = await action(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client?.query('ROLLBACK').catch(() => (broken = true))
    throw explainPostgresError(error)
  } finally {
    // A connection on which nothing can be taken back is of no use to anybody.
    client?.release(broken)
  }
}
