import { expect, test } from 'vitest'
import type { Headers } from '../../../grader/types/index.ts'
import { exchange } from '../../../testing/exchange-builder.ts'
import { compareHeads, isDifferent, type Difference } from './compare-heads.ts'
import { ruleOnHeads } from './head-words.ts'

const answer = (answers: Headers, status = 200, reason = 'OK') =>
  exchange({ status, reason, answers }).response!
const length = (bytes: string) => ['Content-Length', bytes] as const
const type = ['Content-Type', 'text/html'] as const
const WHY = 'This is why.'

interface Case {
  readonly get: Headers
  readonly head: Headers
  readonly status?: readonly [number, string]
  readonly difference: Difference
  readonly marked: readonly string[]
  readonly words: string
}

test.each<Case>([
  {
    get: [type, length('42')],
    head: [type, length('42')],
    difference: 'none',
    marked: [],
    words: 'Both heads say the same. So HEAD announced a length of 42 bytes, and no byte followed.',
  },
  {
    // Names have no case, their order has no meaning, and what is about a moment or a connection
    // doesn't count.
    get: [['Date', 'then'], ['Keep-Alive', 'timeout=5'], type, length('42')],
    head: [length('42'), ['content-type', 'text/html'], ['DATE', 'now']],
    difference: 'none',
    marked: [],
    words: 'Both heads say the same. So HEAD announced a length of 42 bytes, and no byte followed.',
  },
  {
    get: [type, ['Transfer-Encoding', 'chunked']],
    head: [type, ['Connection', 'close']],
    difference: 'none',
    marked: [],
    words: 'Both heads say the same, and neither has a length.',
  },
  {
    get: [type, length('42')],
    head: [type],
    difference: 'length',
    marked: ['Content-Length'],
    words:
      'Content-Length is missing in the answer to HEAD. That’s permitted, but a client that wants to know the length doesn’t learn it.',
  },
  {
    get: [type, length('42')],
    head: [type, length('0')],
    difference: 'length',
    marked: ['Content-Length'],
    words: 'Content-Length says 0 to HEAD and 42 to GET, so one of them misleads the client.',
  },
  {
    get: [type],
    head: [type, length('42')],
    difference: 'length',
    marked: ['Content-Length'],
    words: 'Content-Length says 42 to HEAD and nothing to GET, so one of them misleads the client.',
  },
  {
    get: [type, length('42')],
    head: [length('0')],
    difference: 'fields',
    marked: ['Content-Type', 'Content-Length'],
    words:
      'Content-Type and Content-Length differ, so HEAD describes something other than what GET sends.',
  },
  {
    get: [type, length('42'), ['ETag', '"a"']],
    head: [type, length('42'), ['ETag', '"b"']],
    difference: 'fields',
    marked: ['ETag'],
    words: 'ETag differs, so HEAD describes something other than what GET sends.',
  },
  {
    get: [type, ['Vary', 'A'], ['Vary', 'B']],
    head: [
      ['Vary', 'A, B'],
      ['X-More', 'x'],
    ],
    difference: 'fields',
    marked: ['Content-Type', 'X-More'],
    words: 'Content-Type and X-More differ, so HEAD describes something other than what GET sends.',
  },
  {
    get: [type, length('42')],
    head: [['Allow', 'GET']],
    status: [405, 'Method Not Allowed'],
    difference: 'status',
    marked: ['Status', 'Content-Type', 'Content-Length', 'Allow'],
    words: 'GET got 200 OK, but HEAD got 405 Method Not Allowed.',
  },
  {
    get: [type, length('42')],
    head: [type, length('42')],
    status: [501, 'Not Implemented'],
    difference: 'status',
    marked: ['Status'],
    words: 'GET got 200 OK, but HEAD got 501 Not Implemented.',
  },
])('$get beside $head differs: $difference', ({ get, head, status, ...expected }) => {
  const comparison = compareHeads(answer(get), answer(head, status?.[0], status?.[1]))
  expect(comparison.difference).toBe(expected.difference)
  expect(comparison.lines.filter(isDifferent).map(({ name }) => name)).toEqual(expected.marked)
  expect(ruleOnHeads(expected.difference, comparison, WHY)).toEqual({
    right: true,
    words: `You were right. ${expected.words} ${WHY}`,
  })
  const wrong = expected.difference === 'status' ? 'none' : 'status'
  expect(ruleOnHeads(wrong, comparison, WHY)).toEqual({
    right: false,
    words: `Not quite: you said “${wrong === 'none' ? 'not at all' : 'in its status'}”. ${expected.words} ${WHY}`,
  })
})
