import { expect, test } from 'vitest'
import { notPlain } from './plain-data.ts'

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
  const circle: Record<string, unknown> = { a: 1 }
  circle['self'] = circle
  expect(notPlain(circle)).toBeUndefined()
})
