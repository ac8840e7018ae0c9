import type { Pool, PoolClient } from 'pg'
import type { Queryable } from '../database.ts'

/** A pool, or one connection of it with a transaction open. */
export type Database = Queryable

/** Thrown inside of a transaction: it is rolled back, and `inTransaction` gives undefined. */
export class RollBack extends Error {
  override readonly name = 'RollBack'
}

/**
 * Runs `action` in one transaction: all that it does is kept, or nothing. Where the connection breaks
 * at the COMMIT, nobody knows which: the caller has to ask by what it wrote.
 */
export async function inTransaction<Result>(
  pool: Pool,
  action: (transaction: Database) => Promise<Result>,
): Promise<Result | undefined> {
  const client = await pool.connect()
  let isBroken = false
  try {
    await client.query('BEGIN')
    const result = await action(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    isBroken = !(await rolledBack(client))
    if (error instanceof RollBack) return undefined
    throw error
  } finally {
    client.release(isBroken)
  }
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK')
    return true
  } catch {
    return false
  }
}

/** A connection as pg-boss takes it, so that its jobs are written in the caller's transaction. */
export function asBossDatabase(database: Database) {
  return {
    executeSql: (text: string, values?: unknown[]) =>
      values === undefined ? database.query(text) : database.query(text, values),
  }
}
