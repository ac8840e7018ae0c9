import { expect, test } from 'vitest'
import { exchange, underCarets } from '../../../testing/exchange-builder.ts'
import { whereSeen } from './where-seen.ts'

const JSON_ANSWER = exchange({
  target: '/a',
  cookie: 'session=abcdef',
  answers: [
    ['X-Tag', 'one'],
    ['x-tag', 'two, three'],
    ['Content-Type', 'application/json'],
  ],
  body: '{\n  "path": "/salt",\n  "count": 0\n}',
})
const ESCAPED = exchange({
  answers: [['Content-Type', 'application/json']],
  body: JSON.stringify({ text: 'two\nlines, "quoted"' }),
})
const PAGE = exchange({
  target: '/a',
  cookie: 'session=abcdef',
  answers: [['Content-Type', 'text/html']],
  body: '<p>salt\n<p>pepper',
})

test.each<[string, ReturnType<typeof whereSeen>, unknown]>([
  ['in a field of the response', whereSeen(JSON_ANSWER, 'three'), [['x-tag: two, three', 'three']]],
  ['in its content', whereSeen(JSON_ANSWER, '/salt'), [['  "path": "/salt",', '/salt']]],
  [
    'in JSON, which escapes it',
    whereSeen(ESCAPED, 'two\nlines, "quoted"'),
    [[String.raw`{"text":"two\nlines, \"quoted\""}`, String.raw`two\nlines, \"quoted\"`]],
  ],
  ['in a page', whereSeen(PAGE, 'pepper'), [['<p>pepper', 'pepper']]],
  ['in a field of the request', whereSeen(PAGE, 'abcdef'), [['Cookie: session=abcdef', 'abcdef']]],
])('a value is marked %s', (_, exhibit, expected) => {
  expect(underCarets(exhibit)).toEqual(expected)
})

test.each<[string, ReturnType<typeof whereSeen>, readonly string[] | undefined]>([
  [
    'a number in JSON, with the content',
    whereSeen(JSON_ANSWER, 0),
    ['{', '  "path": "/salt",', '  "count": 0', '}'],
  ],
  [
    'a list in JSON, with the content',
    whereSeen(JSON_ANSWER, ['x']),
    ['{', '  "path": "/salt",', '  "count": 0', '}'],
  ],
  [
    'a sentence about JSON, with the head',
    whereSeen(JSON_ANSWER, 'nothing'),
    ['HTTP/1.1 200 OK', 'X-Tag: one', 'x-tag: two, three', 'Content-Type: application/json'],
  ],
  [
    'a sentence about a page, with the head',
    whereSeen(PAGE, 'nowhere else'),
    ['HTTP/1.1 200 OK', 'Content-Type: text/html'],
  ],
  ['a list about a page, with nothing', whereSeen(PAGE, ['x']), undefined],
  [
    'of an answer that did not come, with nothing',
    whereSeen(exchange({ status: null }), 'x'),
    undefined,
  ],
])('what stands nowhere is shown: %s', (_, exhibit, expected) => {
  expect(exhibit?.kind === 'message' ? exhibit.lines.map(({ text }) => text) : undefined).toEqual(
    expected,
  )
})

test('a short value is marked where it stands by itself, a long one also within a word', () => {
  const answer = exchange({
    target: '/',
    asks: [['Host', '127.0.0.1:44001']],
    answers: [
      ['Content-Length', '14005'],
      ['ETag', '"abcdefgh12"'],
    ],
    body: 'code 4000, then 400.\n',
  })
  expect(underCarets(whereSeen(answer, 400))).toEqual([['code 4000, then 400.', '400']])
  expect(underCarets(whereSeen(answer, 'bcdefgh1'))).toEqual([['ETag: "abcdefgh12"', 'bcdefgh1']])
  expect(underCarets(whereSeen(answer, 440))).toEqual([])
})
