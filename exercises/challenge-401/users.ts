import type { SetUpKit } from '#grader'

export interface User {
  readonly name: string
  readonly password: string
  readonly role: string
}

export interface Drawn {
  readonly admin: User
  readonly withColons: User
  readonly withUmlauts: User
  readonly withBoth: User
  readonly environment: { readonly USERS: string }
  readonly [other: string]: unknown
}

/** Four users in any order; only the first is an admin. */
export function draw(random: SetUpKit['random']): Drawn {
  const names = new Set<string>()
  while (names.size < 4) names.add(random.word())
  const [first = '', second = '', third = '', fourth = ''] = names
  const word = () => `${random.word()}${random.integer(10, 99)}`
  const admin = { name: first, password: word(), role: 'admin' }
  const withColons = { name: second, password: `${word()}:${word()}::${word()}`, role: 'reader' }
  const withUmlauts = { name: third, password: `ä${word()}ß`, role: 'reader' }
  const withBoth = { name: fourth, password: `${word()}:ö${word()}`, role: 'reader' }
  const users = random.shuffle([admin, withColons, withUmlauts, withBoth])
  return {
    admin,
    withColons,
    withUmlauts,
    withBoth,
    environment: { USERS: JSON.stringify(users) },
  }
}

/** What a client sends in Authorization (RFC 7617 §2). */
export function fieldFor(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
}
