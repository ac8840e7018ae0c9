import { expect, test } from 'vitest'
import { cards } from './cards.ts'
import { rule } from './ruling.ts'
import { isStatus, statuses, type Status } from './statuses.ts'

const all = Object.keys(statuses).map(Number) as Status[]
const card = (id: string) => cards.find((each) => each.id === id)!

test('twelve cards have twelve statuses, each of which is right once', () => {
  expect(new Set(cards.map(({ id }) => id)).size).toBe(12)
  expect(new Set(cards.flatMap(({ right }) => right))).toEqual(new Set(all))
})

test.each(cards.map(({ id }) => id))('%s has a sentence for every status', (id) => {
  const { right, why } = card(id)
  const seen = new Set<string>()
  for (const status of all) {
    const ruling = rule(card(id), status)
    expect(ruling.right).toBe(right.includes(status))
    if (ruling.right) {
      expect(ruling.words).toBe(why)
      continue
    }
    expect(ruling.words).toMatch(new RegExp(`^${status} says that .+\\. (But|That’s true).+\\.$`))
    // Nothing is given away: no other status is named, and not why the right one is right.
    expect(ruling.words.match(/\b[1-5]\d\d\b/g)).toEqual([String(status)])
    expect(ruling.words).not.toContain(why)
    seen.add(ruling.words)
  }
  expect(seen.size).toBe(all.length - right.length)
})

test.each<[string, Status, RegExp]>([
  ['missing-comma', 422, /nobody can read it/],
  ['missing-comma', 413, /only 25 bytes/],
  ['negative-count', 400, /the content is well written, so the client found no slip/],
  ['negative-count', 200, /the client takes it as done/],
  ['removed', 404, /That’s true, but it leaves open/],
  ['wrong-address', 410, /nothing was ever there/],
  ['no-login', 403, /no client offers a login/],
  ['not-yours', 401, /the token was valid/],
  ['wrong-method', 404, /the address is right/],
  ['taken-name', 422, /a name like others/],
  ['xml', 422, /can’t read XML/],
  ['too-fast', 405, /Allow names POST, and the client sent POST/],
  ['nothing-found', 404, /the search is at this address/],
  ['nothing-found', 415, /no content at all/],
])('%s with %i: %s', (id, status, words) => {
  expect(rule(card(id), status).words).toMatch(words)
})

test.each(['401', 418, 0, -1, 4.04, null, undefined, {}, 'toString'])(
  '%j is no status',
  (value) => {
    expect(isStatus(value)).toBe(false)
  },
)
