import { createHmac } from 'node:crypto'
import { StoreError } from '../../store/store-error.ts'
import type { Queryable } from '../database.ts'

const NAME = 'secret'

/** Keeps by which secret the class that is served makes its codes: as a hash of it. */
export async function keepSecretMark(database: Queryable, secret: string): Promise<void> {
  await database.query(
    `INSERT INTO settings (name, value) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [NAME, markOf(secret)],
  )
}

/**
 * Makes sure that codes of this secret work in the class: on another machine than the one that serves
 * it, the secret is another one unless ROUNDTRIP_SECRET says it. @throws StoreError
 */
export async function requireSameSecret(database: Queryable, secret: string): Promise<void> {
  const { rows } = await database.query<{ value: string }>(
    'SELECT value FROM settings WHERE name = $1',
    [NAME],
  )
  const [kept] = rows
  if (!kept) return keepSecretMark(database, secret)
  if (kept.value === markOf(secret)) return
  throw new StoreError(
    'unreachable',
    'Codes made here would not work: the class makes its codes with another secret.',
    'Run this where the class runs, or set ROUNDTRIP_SECRET to the one that the class has.',
  )
}

/** 128 bits of an HMAC say nothing of a key of 256. */
function markOf(secret: string): string {
  return createHmac('sha256', secret).update('which secret').digest('hex').slice(0, 32)
}
