import { expect, test } from 'vitest'
import { printable } from './printable.ts'

test.each<[string, string]>([
  ['plain äöü 漢字 😀', 'plain äöü 漢字 😀'],
  ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
  ['\x1b[2J\x1b[1;1H', '\\x1b[2J\\x1b[1;1H'],
  ['over\rwritten', 'over\\x0dwritten'],
  ['back\b\b\bspace', 'back\\x08\\x08\\x08space'],
  ['\x9b31m', '\\x9b31m'],
  ['nul\0', 'nul\\x00'],
  ['\x7f', '\\x7f'],
  ['\u202eright to left', '\\u{202e}right to left'],
  ['\u2066isolated\u2069', '\\u{2066}isolated\\u{2069}'],
  ['line\u2028separator', 'line\\u{2028}separator'],
  ['tab\tstop', 'tab  stop'],
  ['two\nlines', 'two\nlines'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown)
})

test('no character that a terminal acts upon is left', () => {
  const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join('')
  for (let start = 0; start < all.length; start += 500)
    expect(printable(all.slice(start, start + 500))).not.toMatch(
      /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/,
    )
})

test('a long line is cut', () => {
  const shown = printable('x'.repeat(100_000))
  expect(shown).toBe(`${'x'.repeat(2000)} … (100000 characters)`)
})
