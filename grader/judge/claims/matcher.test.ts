import { describe, expect, test } from 'vitest'
import {
  anything,
  atLeast,
  between,
  differing,
  inWords,
  longerThan,
  matches,
  matching,
  show,
  showBeside,
  type Matcher,
} from './matcher.ts'

describe('matches', () => {
  test.each<[unknown, unknown]>([
    [200, 200],
    ['a', 'a'],
    [null, null],
    [undefined, undefined],
    [Number.NaN, Number.NaN],
    [true, true],
    [
      { a: 1, b: [1, { c: null }] },
      { b: [1, { c: null }], a: 1 },
    ],
    [[], []],
    [{}, {}],
  ])('takes %j for %j', (expected, value) => {
    expect(matches(expected, value)).toBe(true)
  })

  test.each<[unknown, unknown]>([
    [200, 201],
    [200, '200'],
    ['a', 'A'],
    ['a', 'ab'],
    [null, undefined],
    [null, {}],
    [{}, null],
    [0, false],
    [0, null],
    ['', null],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: undefined }, { b: undefined }],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [[], {}],
    [{ length: 0 }, []],
    // Names that every object inherits, as JSON.parse gives them.
    [{ ['__proto__']: {} }, { other: {} }],
    [{ toString: Object.prototype.toString }, { other: {} }],
  ])('does not take %j for %j', (expected, value) => {
    expect(matches(expected, value)).toBe(false)
    expect(matches(value, expected)).toBe(false)
  })

  test('holds a pattern against text only', () => {
    expect(matches(/^\d+$/ as Matcher<unknown>, '42')).toBe(true)
    expect(matches(/^\d+$/ as Matcher<unknown>, '42a')).toBe(false)
    expect(matches(/4/ as Matcher<unknown>, 42)).toBe(false)
    expect(matches(/undefined/ as Matcher<unknown>, undefined)).toBe(false)
  })

  test('a pattern with a memory gives the same answer every time', () => {
    const everywhere = /a/g
    expect([1, 2, 3].map(() => matches(everywhere, 'a'))).toEqual([true, true, true])
  })

  test.each<[Matcher<any>, unknown, boolean]>([
    [anything, '', true],
    [anything, null, true],
    [between(9, 11), 9, true],
    [between(9, 11), 11, true],
    [between(9, 11), 8.9, false],
    [between(9, 11), 11.1, false],
    [between(9, 11), Number.NaN, false],
    [atLeast(3), 3, true],
    [atLeast(3), 2, false],
    [longerThan(3), 'abcd', true],
    [longerThan(3), 'abc', false],
    [matching('even', (value: number) => value % 2 === 0), 4, true],
    [matching('even', (value: number) => value % 2 === 0), 3, false],
  ])('%j and %j: %j', (matcher, value, holds) => {
    expect(matches(matcher, value)).toBe(holds)
  })
})

describe('inWords', () => {
  test.each<[Matcher<any>, string]>([
    [200, '200'],
    ['text', 'text'],
    ['', 'an empty string'],
    [null, 'null'],
    [{ a: [1, 'b'] }, '{"a":[1,"b"]}'],
    [/^a$/i, 'something like /^a$/i'],
    [undefined, 'nothing'],
    [anything, 'any value'],
    [between(9, 11), 'a number from 9 to 11'],
    [atLeast(3), 'at least 3'],
    [longerThan(15), 'more than 15 characters'],
    [matching('even', () => true), 'even'],
  ])('says %j as %j', (matcher, words) => {
    expect(inWords(matcher)).toBe(words)
  })
})

test('show makes blanks at an end visible', () => {
  expect([show('hello\n'), show(' a'), show('a b'), show('\t'), show('a\nb')]).toEqual([
    '"hello\\n"',
    '" a"',
    'a b',
    '"\\t"',
    'a\nb',
  ])
})

test.each([
  [Buffer.from('hello'), '5 bytes (a Buffer or the like)'],
  [new Uint8Array(1), '1 byte (a Buffer or the like)'],
  [new Uint8Array(), '0 bytes (a Buffer or the like)'],
  [[Buffer.from('ab'), 'c'], '["2 bytes (a Buffer or the like)","c"]'],
  [{ body: Buffer.from('ab') }, '{"body":"2 bytes (a Buffer or the like)"}'],
])('show counts bytes: %#', (value, words) => {
  expect(show(value)).toBe(words)
})

test('show gives words for what JSON has none', () => {
  expect([show(undefined), show(''), show('a "b"'), show(() => 1), show([undefined])]).toEqual([
    'nothing',
    'an empty string',
    'a "b"',
    '() => 1',
    '[null]',
  ])
})

test.each<[unknown, unknown, string]>([
  ['0', 0, 'a text: "0"'],
  [0, '0', '0, not as a text'],
  [1, 0, '1'],
  ['0', '0', '0'],
  ['nothing', undefined, 'a text: "nothing"'],
  ['a\nb', 'a\nb\n', '"a\\nb"'],
  ['a', ' a', '"a"'],
  ['"a"', 'a ', '"\\"a\\""'],
  ['a ', 'a', '"a "'],
  ['', 'a ', 'an empty string'],
  [7, '7 ', '7'],
])('showBeside tells %j from %j', (value, matcher, words) => {
  expect(showBeside(value, matcher)).toBe(words)
})

test.each<[string, string, number]>([
  ['abc', 'abc', 0],
  ['abc', 'abd', 1],
  ['abc', 'bca', 3],
  ['abc', 'abcde', 2],
  ['', 'ab', 2],
  ['id-0009', 'id-0010', 2],
])('%s and %s differ in %i places', (first, second, places) => {
  expect([differing(first, second), differing(second, first)]).toEqual([places, places])
})
