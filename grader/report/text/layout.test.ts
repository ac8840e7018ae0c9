import { describe, expect, test } from 'vitest'
import { cut, labelled, leftRight, wrap } from './layout.ts'

describe('wrap', () => {
  test.each<[string, number, string[]]>([
    ['one two three', 20, ['one two three']],
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 8, ['one two', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['a abcdefgh b', 4, ['a', 'abcd', 'efgh', 'b']],
    ['one\n\ntwo', 20, ['one', '', 'two']],
    ['', 10, ['']],
    ['  two before', 20, ['  two before']],
    ['two  between', 20, ['two  between']],
    ['😀😀😀', 4, ['😀😀', '😀']],
    ['日本語 テキスト', 6, ['日本語', 'テキス', 'ト']],
    ['  two before it', 8, ['  two', 'before', 'it']],
    ['日本', 1, ['日', '本']],
    ['Zu\u0308rich o\u0308ffnet', 6, ['Zu\u0308rich', 'o\u0308ffnet']],
    ['Å and \u212b and \ufb01', 3, ['Å', 'and', '\u212b', 'and', '\ufb01']],
    ['ab', 0, ['a', 'b']],
  ])('%j in %i columns', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines)
  })

  test('loses nothing and keeps its width', () => {
    const text = Array.from({ length: 200 }, (_, index) => 'x'.repeat((index * 7) % 23)).join(' ')
    for (const width of [1, 3, 10, 40]) {
      const lines = wrap(text, width)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    }
  })
})

test('labelled sets text beside its label', () => {
  expect(labelled('Why', 'one two three', { indent: 2, labelWidth: 5, columns: 14 })).toEqual([
    '  Why  one two',
    '       three',
  ])
  expect(labelled('理由', '日本語 日本語', { indent: 2, labelWidth: 6, columns: 14 })).toEqual([
    '  理由  日本語',
    '        日本語',
  ])
})

test('leftRight sets two texts on one line while there is room', () => {
  expect(leftRight('left', 'right', 11)).toBe('left  right')
  expect(leftRight('left', 'right', 10)).toBe('left\n  right')
  expect(leftRight('\x1b[1mleft\x1b[22m', '右', 8)).toBe('\x1b[1mleft\x1b[22m  右')
  expect(leftRight('\x1b[1mleft\x1b[22m', '右', 7)).toBe('\x1b[1mleft\x1b[22m\n  右')
})

test('cut says that it cut', () => {
  expect([cut('abc', 3), cut('abcd', 3), cut('abcd', 1), cut('', 0)]).toEqual([
    'abc',
    'ab…',
    '…',
    '',
  ])
})

test('cut leaves no half of a character', () => {
  expect([cut('ab🚆cd', 4), cut('ab🚆cd', 5), cut('🚆🚆', 2)]).toEqual(['ab…', 'ab🚆…', '…'])
})
