import type { Pool } from 'pg'
import { inTransaction } from '../../store/postgres/in-transaction.ts'
import type { Queryable } from '../database.ts'

/** Thrown inside of a transaction: it is rolled back, and `inTransactionOrNot` gives undefined. */
export class RollBack extends Error {
  override readonly name = 'RollBack'
}

/**
 * Runs `action` in one transaction: all that it does is kept, or nothing. Where the connection breaks
 * at the COMMIT, nobody knows which: the caller has to ask by what it wrote.
 * @throws StoreError, or what `action` throws, but for RollBack
 */
export async function inTransactionOrNot<Result>(
  pool: Pool,
  action: (transaction: Queryable) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await inTransaction(pool, action)
  } catch (error) {
    if (error instanceof RollBack) return undefined
    throw error
  }
}

/** A connection as pg-boss takes it, so that its jobs are written in the caller's transaction. */
export function asBossDatabase(database: Queryable) {
  return {
    executeSql: (text: string, values?: unknown[]) =>
      values === undefined ? database.query(text) : database.query(text, values),
  }
}
