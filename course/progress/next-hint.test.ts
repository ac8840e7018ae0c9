import { expect, test } from 'vitest'
import { nextHint } from './next-hint.ts'

const hints = [
  { text: 'the idea' },
  { text: 'the mechanism' },
  { text: 'about the age', check: 'right-age' },
  { text: 'about the path', check: 'right-path' },
]

/** The order in which the hints come when the same check goes on failing. */
function order(failed: string | undefined): number[] {
  const shown: number[] = []
  for (;;) {
    const next = nextHint(hints, shown, failed)
    if (next === undefined) return shown
    shown.push(next)
  }
}

test.each([
  [undefined, [0, 1, 2, 3]],
  ['right-path', [3, 0, 1, 2]],
  ['no-hint-of-its-own', [0, 1, 2, 3]],
])('after %s failed', (failed, expected) => expect(order(failed)).toEqual(expected))

test('goes on where another check fails now', () => {
  expect(nextHint(hints, [2, 0], 'right-path')).toBe(3)
})
