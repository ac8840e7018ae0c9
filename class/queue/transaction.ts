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

/** SQLSTATE: of class 08 connection, 57P shut down; 25P02 and 25P03 ended while idle; 40 try again. */
const PASSING = /^(08|57P|25P0[23]|40|53300)/
const PASSING_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/**
 * Whether an error passes by itself: the database is away, is starting, or asks to do it again. What
 * is left is a fault of ours, and to do it again would not help.
 */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError) return error.errors.every(isPassing)
  const code = 'code' in error ? String(error.code) : ''
  return (
    PASSING.test(code) ||
    PASSING_CODES.has(code) ||
    /connection terminated|connection timeout|timeout exceeded|client was closed|not queryable|connection error/i.test(
      error.message,
    )
  )
}
