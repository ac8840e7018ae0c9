import { describe, expect, test } from 'vitest'
import { random, seededRandom } from './random.ts'

describe.each([
  ['drawn', () => random],
  ['seeded', () => seededRandom(`seed ${Math.random()}`)],
] as const)('a %s value', (_, create) => {
  const source = create()
  const many = <Value>(draw: () => Value) => Array.from({ length: 300 }, draw)

  test('of a whole number lies in its bounds and reaches both', () => {
    expect(new Set(many(() => source.integer(2, 4)))).toEqual(new Set([2, 3, 4]))
  })

  test('of bytes has the length, and every value occurs', () => {
    expect([0, 1, 7].map((length) => source.bytes(length).length)).toEqual([0, 1, 7])
    expect(new Set(source.bytes(20_000)).size).toBe(256)
  })

  test('of a shuffle has the same items, in every order, and leaves the list alone', () => {
    const items = Object.freeze(['a', 'b', 'c'])
    const orders = many(() => source.shuffle(items).join(''))
    expect(new Set(orders)).toEqual(new Set(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']))
    expect(source.shuffle([])).toEqual([])
  })

  test('of a UUID is of version 4, and never the same', () => {
    const uuids = many(() => source.uuid())
    expect(new Set(uuids).size).toBe(300)
    for (const uuid of uuids)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

test('the same seed gives the same values, another one others', () => {
  const drawn = (seed: string) => {
    const { token, word, integer, bytes, shuffle, uuid } = seededRandom(seed)
    return [token(), word(), integer(1, 1e6), [...bytes(9)], shuffle([1, 2, 3, 4, 5, 6]), uuid()]
  }
  expect(drawn('a')).toEqual(drawn('a'))
  expect(drawn('a')).not.toEqual(drawn('b'))
})
