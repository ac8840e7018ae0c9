import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { beginning, columnsOf, fromColumn, inPieces, padToColumns } from './columns.ts'
import { wrap } from './layout.ts'

const FAMILY = '👨‍👩‍👧‍👦'
const COMBINED = 'e\u0301'

describe('columnsOf', () => {
  test.each<[string, number]>([
    ['', 0],
    ['plain', 5],
    ['Grüße – “so” › ✓ ✗ … ██░·', 25],
    ['日本語', 6],
    ['ｶﾞ', 2],
    ['한국', 4],
    ['🚆', 2],
    [FAMILY, 2],
    ['🇩🇪', 2],
    ['1️⃣', 2],
    ['❤️', 2],
    [COMBINED, 1],
    ['a\u200bb', 2],
    ['\x1b[1mbold\x1b[22m', 4],
    ['\x1b[31m日\x1b[39m', 2],
  ])('%j takes %i', (text, columns) => {
    expect(columnsOf(text)).toBe(columns)
  })

  test('is what string-width says of every character of the basic plane', () => {
    const wrong: string[] = []
    for (let code = 0x20; code <= 0xffff; code++) {
      const character = String.fromCharCode(code)
      if (code >= 0x7f && code <= 0x9f) continue
      if (columnsOf(character) !== stringWidth(character)) wrong.push(code.toString(16))
    }
    expect(wrong).toEqual([])
  })
})

describe('beginning and fromColumn', () => {
  test.each<[string, number, string, string]>([
    ['abcdef', 3, 'abc', 'def'],
    ['abc', 9, 'abc', ''],
    ['abc', 0, '', 'abc'],
    ['abc', -1, '', 'abc'],
    ['日本語', 4, '日本', '語'],
    ['日本語', 3, '日', ' 語'],
    ['a日b', 2, 'a', ' b'],
    [`${FAMILY}${FAMILY}`, 2, FAMILY, FAMILY],
    [`${FAMILY}b`, 1, '', ' b'],
    [`${COMBINED}${COMBINED}`, 1, COMBINED, COMBINED],
    ['', 3, '', ''],
  ])('%j at column %i', (text, column, before, rest) => {
    expect([beginning(text, column), fromColumn(text, column)]).toEqual([before, rest])
  })

  test('fill the line between them', () => {
    const text = `HTTP 日本語 ${FAMILY} ${COMBINED}x 🚆🚆 end`
    for (let column = 0; column <= columnsOf(text); column++)
      expect(columnsOf(fromColumn(text, column))).toBe(columnsOf(text) - column)
  })
})

test('padToColumns fills what is left', () => {
  expect(['ab', '日本', COMBINED, 'abcdef'].map((text) => `${padToColumns(text, 5)}|`)).toEqual([
    'ab   |',
    '日本 |',
    `${COMBINED}    |`,
    'abcdef|',
  ])
})

test.each<[string, number, string[]]>([
  ['abcdef', 4, ['abcd', 'ef']],
  ['abcd', 4, ['abcd']],
  ['', 4, ['']],
  ['', 0, ['']],
  ['ab', 0, ['a', 'b']],
  ['日本', 3, ['日', '本']],
  [FAMILY + FAMILY, 1, [FAMILY, FAMILY]],
  [COMBINED + COMBINED, 1, [COMBINED, COMBINED]],
])('inPieces breaks %j into pieces of %i columns', (text, columns, pieces) => {
  expect(inPieces(text, columns)).toEqual(pieces)
})

test.each<[what: string, piece: string]>([
  ['wide characters', '日本語'],
  ['emoji', '🚆'],
  ['emoji of several parts', FAMILY],
  ['flags', '🇩🇪'],
  ['combining marks', `${COMBINED}${COMBINED}o\u0308`],
  ['plain letters', 'letters'],
])('wrap keeps 80 columns with %s, in words and in a word', (_, piece) => {
  for (const text of [piece.repeat(120), Array.from({ length: 90 }, () => piece).join(' ')]) {
    const lines = wrap(text, 80)
    const widths = lines.map((line) => stringWidth(line))
    expect(Math.max(...widths)).toBeLessThanOrEqual(80)
    // Full lines: another word or character would not have fitted.
    const least = 80 - stringWidth(piece)
    expect(widths.slice(0, -1).filter((width) => width < least)).toEqual([])
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  }
})
