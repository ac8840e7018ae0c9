import { expect, test } from 'vitest'
import { readSlots } from './slots.ts'

test.each([
  ['1', { untimed: 1, timed: 4 }],
  ['2,8', { untimed: 2, timed: 8 }],
  [' 0 , 3 ', { untimed: 0, timed: 3 }],
])('%j', (text, slots) => {
  expect(readSlots(text)).toEqual(slots)
})

test.each([undefined, '', ' '])('%j is as many as the machine has processors', (text) => {
  const slots = readSlots(text)!
  expect(slots.untimed).toBeGreaterThan(0)
  expect(slots.timed).toBe(4 * slots.untimed)
})

test.each(['0', '0,0', '-1', 'two', '1,2,3', '1.5', '999', ',', '1,'])('%j is none', (text) => {
  expect(readSlots(text)).toBeNull()
})
