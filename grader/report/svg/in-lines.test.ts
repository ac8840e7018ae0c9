import { expect, test } from 'vitest'
import { columnsOf } from '../text/columns.ts'
import { inLines } from './in-lines.ts'

test.each<[string, number, string[]]>([
  ['The jar keeps it.', 20, ['The jar keeps it.']],
  ['The jar keeps it.', 9, ['The jar', 'keeps it.']],
  ['', 9, ['']],
  ['Location: http://a.example', 20, ['Location:', 'http://a.example']],
  ['GET /cafe?tag=one&tag=two', 15, ['GET /cafe', '?tag=one', '&tag=two']],
  ['GET /cafe?tag=one&tag=two', 18, ['GET /cafe?tag=one', '&tag=two']],
  ['GET /one/two/three', 9, ['GET /one/', 'two/three']],
  ['Set-Cookie: a=b; Path=/; HttpOnly', 24, ['Set-Cookie: a=b; Path=/;', 'HttpOnly']],
  ['abcdefghij k', 4, ['abcd', 'efgh', 'ij k']],
  ['日本語の名前', 6, ['日本語', 'の名前']],
  ['a\u0001b cd', 6, ['a\\x01b', 'cd']],
])('%j in lines of %i columns', (text, columns, lines) => {
  expect(inLines(text, columns)).toEqual(lines)
})

test('no line is longer, and nothing is lost but spaces', () => {
  const text =
    'GET /caf%C3%A9/padoge?tag=ganefo&tag=b%26c&empty= · Set-Cookie: id=1; Path=/; 日本語 👩‍👩‍👧'
  for (let columns = 2; columns < 90; columns++) {
    const lines = inLines(text, columns)
    expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([])
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  }
})
