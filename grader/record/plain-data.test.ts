import { expect, test } from 'vitest'
import { asPlain, notPlain } from './plain-data.ts'

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['numbers, texts and truth', { a: 1, b: 'x', c: [true, Number.NaN, undefined] }],
  ['bytes', { body: new Uint8Array(3), buffer: Buffer.from('x') }],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
])('%s can be kept', (_, value) => {
  expect(notPlain(value)).toBeUndefined()
})

test.each<[string, unknown, string]>([
  ['a promise itself', Promise.resolve(1), 'it is a promise; await it'],
  ['a promise inside', { answer: Promise.resolve(1) }, 'answer is a promise; await it'],
  ['one in a list', { all: [{ a: 1 }, Promise.resolve(1)] }, 'all.1 is a promise; await it'],
  ['a function', { close: () => {} }, 'close is a function'],
  ['a map', { seen: new Map() }, 'seen is an object of the class Map'],
  ['a date', [new Date()], '0 is an object of the class Date'],
  ['a whole number without end', { at: 1n }, 'at is a bigint'],
])('%s cannot', (_, value, words) => {
  expect(notPlain(value)).toBe(words)
})

test('what leads back to itself ends', () => {
  expect(notPlain(circle())).toBeUndefined()
})

test.each<[string, unknown, unknown]>([
  ['data', { a: [1, 'x', null, undefined] }, { a: [1, 'x', null, undefined] }],
  ['bytes', { a: new Uint8Array([1]).buffer }, { a: new Uint8Array([1]) }],
  ['a bigint', [1n], ['1n']],
  ['a map', { a: new Map([[1, 2]]) }, { a: 'Map(1) { 1 => 2 }' }],
  ['the same part twice', twice({ a: 1 }), [{ a: 1 }, { a: 1 }]],
])('of a program that gave %s, evidence keeps it', (_, value, kept) => {
  expect(asPlain(value)).toEqual(kept)
})

test.each<[string, unknown, RegExp]>([
  ['leads back to itself', circle(), /^<ref \*1> \{ a: 1, self: \[Circular \*1\] \}$/],
  ['leads back from a list', [circle()], /^\[\n? *<ref \*1> \{ a: 1, self: \[Circular \*1\] \}/],
  ['is nested without end', nested(100_000), /^\[ \[ \[ \[Array\] \] \] \]$/],
  ['doubles at each level', doubled(60), /^\[\n? *\[ \[ \[Array\], \[Array\] \]/],
  ['is very long', Array.from({ length: 1_000_000 }, () => 0), /999900 more items\n\]$/],
])('what %s is kept as it would be printed', (_, value, kept) => {
  expect(asPlain(value)).toMatch(kept)
})

function circle(): unknown {
  const one: Record<string, unknown> = { a: 1 }
  one['self'] = one
  return one
}

function twice(part: unknown): unknown {
  return [part, part]
}

function nested(times: number): unknown {
  let value: unknown = []
  for (let time = 1; time < times; time++) value = [value]
  return value
}

function doubled(times: number): unknown {
  let value: unknown = 1
  for (let time = 0; time < times; time++) value = twice(value)
  return value
}
