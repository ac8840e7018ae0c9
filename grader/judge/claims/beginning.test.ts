import { expect, test } from 'vitest'
import { beginning } from './beginning.ts'

test.each([
  ['abc', 2, 'ab'],
  ['ab', 3, 'ab'],
  ['a🧅b', 3, 'a🧅'],
  ['a🧅b', 2, 'a'],
])('of %j at most %i units are %j', (text, length, begins) => {
  expect(beginning(text, length)).toBe(begins)
})
