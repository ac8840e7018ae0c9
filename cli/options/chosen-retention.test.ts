import { expect, test } from 'vitest'
import { chosenRetentionDays, retentionText } from './chosen-retention.ts'

test.each([
  [undefined, undefined],
  ['', undefined],
  ['1', 1],
  [' 180 ', 180],
  ['9999', 9999],
])('%j keeps for %s days', (text, days) => {
  expect(chosenRetentionDays({ ROUNDTRIP_RETENTION_DAYS: text })).toBe(days)
})

test.each(['0', '-1', '1.5', 'a year', '1e3', '10000', '30d'])('%j is wrong usage', (text) => {
  expect(() => chosenRetentionDays({ ROUNDTRIP_RETENTION_DAYS: text })).toThrow(
    /It takes a number of days from 1 to 9999/,
  )
})

test('a teacher is told what is removed, or that nothing is', () => {
  expect(retentionText(undefined)).toMatch(/^All runs are kept\./)
  expect(retentionText(1)).toContain('after 1 day.')
  expect(retentionText(90)).toContain('after 90 days. Submissions stay.')
})
