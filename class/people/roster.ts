import { randomBytes } from 'node:crypto'
import type { Queryable } from '../database.ts'
import { accessCodeHash, drawAccessCode, normalizeAccessCode } from './access-code.ts'
import { endSessionsOf } from './sessions.ts'
import type { NewPerson } from './read-names.ts'

export type Role = 'learner' | 'teacher'

/** Somebody of the class. */
export interface Person {
  /** 16 hexadecimal digits. */
  readonly id: string
  readonly name: string
  /** The school's own identifier. */
  readonly rosterId: string | null
  readonly role: Role
  /** Whether there is a code with which they can come in. */
  readonly hasCode: boolean
  /** ISO 8601. Null before the first time. */
  readonly firstLoginAt: string | null
}

/** What is printed on a card. A code is shown once: of what was issued only a hash is kept. */
export interface Card {
  readonly id: string
  readonly name: string
  readonly rosterId: string | null
  /** `K7QX-9MPD` */
  readonly code: string
}

export interface AddedPeople {
  readonly cards: readonly Card[]
  /** Those of the list who are in the class already, and got no new code. */
  readonly known: readonly NewPerson[]
}

/**
 * Adds people and issues a code to each. Who is in the class already, by identifier or, where the
 * list has none, by name, stays as they are. All are added, or nobody.
 */
export async function addPeople(
  transaction: Queryable,
  people: readonly NewPerson[],
  secret: string,
  role: Role = 'learner',
): Promise<AddedPeople> {
  const { rows } = await transaction.query<{ name: string; rosterId: string | null }>(
    'SELECT name, roster_id AS "rosterId" FROM learners WHERE role = $1',
    [role],
  )
  const ids = new Set(rows.flatMap(({ rosterId }) => rosterId ?? []))
  const names = new Set(rows.map(({ name }) => name))
  const isKnown = ({ name, rosterId }: NewPerson) =>
    rosterId === null ? names.has(name) : ids.has(rosterId)
  const cards = people
    .filter((person) => !isKnown(person))
    .map((person) => ({ ...person, id: randomBytes(8).toString('hex'), code: drawAccessCode() }))
  await transaction.query(
    `INSERT INTO learners (id, name, roster_id, role, code_hmac)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[])`,
    [
      cards.map(({ id }) => id),
      cards.map(({ name }) => name),
      cards.map(({ rosterId }) => rosterId),
      cards.map(() => role),
      cards.map(({ code }) => hashOf(code, secret)),
    ],
  )
  return { cards, known: people.filter(isKnown) }
}

/** Everybody of the class, the teachers first, by name as people of any alphabet look it up. */
export async function listPeople(database: Queryable): Promise<Person[]> {
  const { rows } = await database.query<Person>(`SELECT ${PERSON} FROM learners ORDER BY id`)
  return rows.toSorted((a, b) => b.role.localeCompare(a.role) || BY_NAME.compare(a.name, b.name))
}

export async function findPerson(database: Queryable, id: string): Promise<Person | undefined> {
  const { rows } = await database.query<Person>(`SELECT ${PERSON} FROM learners WHERE id = $1`, [
    id,
  ])
  return rows[0]
}

/**
 * Who has this code, as somebody typed it. What is compared are HMACs, by an index: how long it
 * takes tells nothing of a code.
 */
export async function findByCode(
  database: Queryable,
  typed: string,
  secret: string,
): Promise<Person | undefined> {
  const code = normalizeAccessCode(typed)
  if (code === undefined) return undefined
  const { rows } = await database.query<Person>(
    `UPDATE learners SET first_login_at = coalesce(first_login_at, now()) WHERE code_hmac = $1 RETURNING ${PERSON}`,
    [accessCodeHash(code, secret)],
  )
  return rows[0]
}

/**
 * Issues a new code in place of the one that was lost, and ends the sessions that were begun with
 * that. Undefined when nobody has this id.
 */
export async function issueNewCode(
  transaction: Queryable,
  id: string,
  secret: string,
): Promise<Card | undefined> {
  const code = drawAccessCode()
  const { rows } = await transaction.query<Omit<Card, 'code'>>(
    `UPDATE learners SET code_hmac = $2, code_issued_at = now() WHERE id = $1
     RETURNING id, name, roster_id AS "rosterId"`,
    [id, hashOf(code, secret)],
  )
  if (!rows[0]) return undefined
  await endSessionsOf(transaction, id)
  return { ...rows[0], code }
}

/** Takes somebody's code away and ends their sessions; what they did is kept. */
export async function revokeCode(transaction: Queryable, id: string): Promise<void> {
  await transaction.query('UPDATE learners SET code_hmac = NULL WHERE id = $1', [id])
  await endSessionsOf(transaction, id)
}

/** Removes somebody with everything that the database keeps of them. */
export async function removePerson(database: Queryable, id: string): Promise<void> {
  await database.query('DELETE FROM learners WHERE id = $1', [id])
}

const BY_NAME = new Intl.Collator('en', { numeric: true })

const PERSON = `id, name, roster_id AS "rosterId", role, code_hmac IS NOT NULL AS "hasCode",
  first_login_at AS "firstLoginAt"`

function hashOf(code: string, secret: string): Buffer {
  return accessCodeHash(normalizeAccessCode(code)!, secret)
}
