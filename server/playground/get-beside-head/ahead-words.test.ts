import { expect, test } from 'vitest'
import type { Headers } from '../../../grader/types/index.ts'
import { exchange } from '../../../testing/exchange-builder.ts'
import { isAhead, whatCameAhead } from './ahead-words.ts'

test.each<[Headers[number], boolean]>([
  [['Sec-Purpose', 'prefetch'], true],
  [['sec-purpose', 'prefetch;prerender'], true],
  [['Purpose', 'prefetch'], true],
  [['X-moz', 'prefetch'], true],
  [['Sec-Purpose', 'prefetcher'], false],
  [['Sec-Fetch-Dest', 'prefetch'], false],
  [['Accept', 'text/html'], false],
])('%j says that it was loaded in advance: %s', (field, ahead) => {
  expect(isAhead(exchange({ asks: [field] }))).toBe(ahead)
})

const page = exchange()
const click = exchange({ target: '/a/delete/desk' })
const ahead = (count: number, status = 200) =>
  Array.from({ length: count }, () => exchange({ asks: [['Sec-Purpose', 'prefetch']], status }))

test.each([
  [
    [page],
    3,
    /^Your browser loaded no link in advance.* so all 3 lamps are still there\. Chromium/,
  ],
  [[page, click], 2, /^Your browser loaded no link in advance.* so 2 lamps are left\./],
  [
    [page, ...ahead(3)],
    0,
    /^Your browser sent 3 GETs that nobody had clicked, and .* Now no lamp is left\./,
  ],
  [[page, ...ahead(1), click], 1, /^Your browser sent 1 GET that nobody .* Now 1 lamp is left\./],
  [[page, ...ahead(2, 200), ...ahead(1, 405)], 1, / Now 1 lamp is left\./],
  [
    [page, ...ahead(3, 405)],
    3,
    /^Your browser sent 3 GETs .* refused each with 405, so all 3 lamps are still there\.$/,
  ],
  [[page, ...ahead(1, 405)], 3, / refused it with 405, so all 3 lamps are still there\.$/],
])('what came ahead, case %#', (exchanges, left, words) => {
  expect(whatCameAhead(exchanges, left)).toMatch(words)
})
