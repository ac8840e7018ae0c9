import { createHash, randomBytes } from 'node:crypto'
import type { Queryable } from '../database.ts'

/** How long somebody stays in without their code, in days. */
export const SESSION_DAYS = 30

/** Who a session belongs to. */
export interface Visitor {
  readonly id: string
  readonly name: string
  readonly role: 'learner' | 'teacher'
}

/**
 * Begins a session and gives its token, for a cookie: 256 random bits. Of those only the SHA-256 is
 * kept, so that the database lets nobody in.
 */
export async function beginSession(database: Queryable, learnerId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await database.query(
    `INSERT INTO sessions (token_hash, learner_id, expires_at) VALUES ($1, $2, now() + make_interval(days => $3))`,
    [hashOf(token), learnerId, SESSION_DAYS],
  )
  return token
}

/** Whose session this is. Undefined when it was ended, is over, or never was. */
export async function visitorOfSession(
  database: Queryable,
  token: string,
): Promise<Visitor | undefined> {
  const { rows } = await database.query<Visitor>(
    `SELECT learners.id, name, role FROM sessions JOIN learners ON learners.id = learner_id
     WHERE token_hash = $1 AND expires_at > now()`,
    [hashOf(token)],
  )
  return rows[0]
}

export async function endSession(database: Queryable, token: string): Promise<void> {
  await database.query('DELETE FROM sessions WHERE token_hash = $1', [hashOf(token)])
}

export async function endSessionsOf(database: Queryable, learnerId: string): Promise<void> {
  await database.query('DELETE FROM sessions WHERE learner_id = $1', [learnerId])
}

/** Forgets the sessions that are over. */
export async function forgetOldSessions(database: Queryable): Promise<void> {
  await database.query('DELETE FROM sessions WHERE expires_at <= now()')
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
