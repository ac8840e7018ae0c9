import { expect, test } from 'vitest'
import { accessCodeHash, drawAccessCode, normalizeAccessCode } from './access-code.ts'

test('a drawn code reads as on a card, and a thousand of them are all different', () => {
  const codes = Array.from({ length: 1000 }, drawAccessCode)
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
  expect(new Set(codes).size).toBe(1000)
})

test('a drawn code is one that may be typed', () => {
  const code = drawAccessCode()
  expect(normalizeAccessCode(code)).toBe(code.replace('-', ''))
})

test.each([
  ['K7QX-9MPD', 'K7QX9MPD'],
  ['k7qx-9mpd', 'K7QX9MPD'],
  ['  k7qx 9mpd\n', 'K7QX9MPD'],
  ['k7qx–9mpd', 'K7QX9MPD'],
  ['K7QX9MPD', 'K7QX9MPD'],
  ['OIL0-oil1', '01100111'],
  ['Ｋ７ＱＸ-9MPD', 'K7QX9MPD'],
])('%j is the code %s', (typed, code) => {
  expect(normalizeAccessCode(typed)).toBe(code)
})

test.each(['', 'K7QX', 'K7QX-9MPDX', 'K7QX-9MPU', 'K7QX-9MP!', '𝟘'.repeat(9)])(
  '%j cannot be one',
  (typed) => {
    expect(normalizeAccessCode(typed)).toBeUndefined()
  },
)

test('what is kept depends on the code and on the secret', () => {
  const kept = [
    accessCodeHash('K7QX9MPD', 'one'),
    accessCodeHash('K7QX9MPD', 'two'),
    accessCodeHash('K7QX9MPE', 'one'),
  ].map((hash) => hash.toString('hex'))
  expect(new Set(kept).size).toBe(3)
  expect(accessCodeHash('K7QX9MPD', 'one').toString('hex')).toBe(kept[0])
})
