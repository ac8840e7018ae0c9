import { expect, test } from 'vitest'
import { isTooDeep, MOST_LEVELS } from './nesting.ts'

const lists = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown
const objects = (levels: number) =>
  JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels)) as unknown

test.each([
  ['nothing', undefined, false],
  ['null', null, false],
  ['a text', 'x', false],
  ['bytes', new Uint8Array(1000), false],
  ['a long list', Array.from({ length: 200_000 }, () => ({ a: 1 })), false],
  ['lists at the limit', lists(MOST_LEVELS), false],
  ['lists beyond it', lists(MOST_LEVELS + 1), true],
  ['objects at the limit', objects(MOST_LEVELS), false],
  ['objects far beyond it', objects(200_000), true],
  ['what doubles at each level', doubled(60), false],
  ['a circle', circle(), true],
])('%s', (_, value, expected) => {
  expect(isTooDeep(value)).toBe(expected)
})

function doubled(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = [value, value]
  return value
}

function circle(): unknown {
  const one: Record<string, unknown> = {}
  one['self'] = one
  return one
}
