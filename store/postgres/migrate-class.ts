import type { Pool, PoolClient } from 'pg'
import { StoreError } from '../store-error.ts'
import { inTransaction } from './in-transaction.ts'
import { steps } from './steps.ts'

/** Of this program's lock in a database, among those of others (an advisory lock's key). */
const LOCK = 7_201_415

/**
 * Brings the tables of a class's database up to date, each step in a transaction of its own. Several
 * processes may do so at once. Throws StoreError: for a database of a newer Roundtrip, and for one
 * with tables of something else.
 */
export async function migrateClass(pool: Pool): Promise<void> {
  for (let version = -1; version < steps.length;)
    version = await inTransaction(pool, async (client) => {
      await client.query(`SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = 0`)
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      return takeStep(client)
    })
}

/** Gives the version that the database has then. */
async function takeStep(client: PoolClient): Promise<number> {
  await client.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)')
  const { rows } = await client.query<{ version: number }>('SELECT version FROM schema_version')
  const version = rows[0]?.version ?? 0
  if (version > steps.length) throw newer(version)
  const step = steps[version]
  if (step === undefined) return version
  await client.query(step).catch((error: unknown) => {
    throw isTaken(error) ? anothers(error) : error
  })
  await client.query(
    rows[0] ? 'UPDATE schema_version SET version = $1' : 'INSERT INTO schema_version VALUES ($1)',
    [version + 1],
  )
  return version + 1
}

function newer(version: number): StoreError {
  return new StoreError(
    'newer-version',
    `The class's database was written by a newer Roundtrip: it has version ${version}, and this one knows ${steps.length}.`,
    'Update Roundtrip (git pull, npm ci), or name another database in DATABASE_URL.',
  )
}

/** duplicate_table, duplicate_object (postgresql.org/docs/current/errcodes-appendix.html) */
function isTaken(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^(42P07|42710)$/.test(String(error.code))
}

function anothers(error: Error): StoreError {
  return new StoreError(
    'not-a-database',
    `The database holds tables of something else: ${error.message}.`,
    'Name an empty database in DATABASE_URL.',
    error,
  )
}
