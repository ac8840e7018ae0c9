import { expect, test } from 'vitest'
import { fromLocalInput, toLocalInput } from './local-time.ts'

test.each(['2026-11-29T14:05', '2026-01-01T00:00', '2028-02-29T23:59'])(
  '%s comes back as it was',
  (text) => {
    expect(toLocalInput(fromLocalInput(text)!)).toBe(text)
  },
)

test('seconds are left out, and an empty field is no time', () => {
  expect(toLocalInput(fromLocalInput('2026-11-29T14:05:59.5')!)).toBe('2026-11-29T14:05')
  expect([fromLocalInput(''), fromLocalInput('  '), toLocalInput(null)]).toEqual([null, null, ''])
})

test.each([
  'tomorrow',
  '2026-02-31T10:00',
  '2026-13-01T10:00',
  '2026-11-29T24:00',
  '2026-11-29T10:60',
  '2026-11-29',
  "2026-11-29T10:00'; --",
])('%j is none', (text) => {
  expect(fromLocalInput(text)).toBeUndefined()
})
