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
    ['😀😀😀', 2, ['😀😀', '😀']],
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
})

test('leftRight sets two texts on one line while there is room', () => {
  expect(leftRight('left', 'right', 11)).toBe('left  right')
  expect(leftRight('left', 'right', 10)).toBe('left\n  right')
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
