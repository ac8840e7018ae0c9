import { describe, expect, test } from 'vitest'
import { parseCookieDate } from './cookie-date.ts'

// What each means was seen in Chromium; browser.test.ts lays some of them beside its jar again.
describe('parseCookieDate', () => {
  test.each<[string, number | undefined]>([
    ['Wed, 21 Oct 2026 07:28:00 GMT', Date.UTC(2026, 9, 21, 7, 28)],
    ['Wed, 21-Oct-2026 07:28:00 GMT', Date.UTC(2026, 9, 21, 7, 28)],
    ['Wednesday, 21-Oct-26 07:28:00 GMT', Date.UTC(2026, 9, 21, 7, 28)],
    ['Wed Oct 21 07:28:00 2026', Date.UTC(2026, 9, 21, 7, 28)],
    ['21 OCTOBER 2026 7:8:5', Date.UTC(2026, 9, 21, 7, 8, 5)],
    [
      'Wed Oct 21 2026 07:28:00 GMT+0200 (Central European Summer Time)',
      Date.UTC(2026, 9, 21, 7, 28),
    ],
    ['Wed, 21 Oct 2026 07:28:00 -0800', Date.UTC(2026, 9, 21, 7, 28)],
    ['Wed, 21 Oct 2026 07:28:00.500 GMT', Date.UTC(2026, 9, 21, 7, 28)],
    ['07:28:00 2026 Oct 21', Date.UTC(2026, 9, 21, 7, 28)],
    ['"21 Oct 2026 07:28:00"', Date.UTC(2026, 9, 21, 7, 28)],
    ['21 Oct 2026 7:28:00 22 Nov 2028 1:1:1', Date.UTC(2026, 9, 21, 7, 28)],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Mon, 01 Jan 69 00:00:00 GMT', Date.UTC(2069, 0, 1)],
    ['Mon, 01 Jan 70 00:00:00 GMT', 0],
    ['2026-10-21T07:28:00.000Z', undefined],
    ['1792567680', undefined],
    ['Wed, 21 Oct 2026 24:28:00 GMT', undefined],
    ['Wed, 32 Oct 2026 07:28:00 GMT', undefined],
    ['Mon, 30 Feb 2026 07:28:00 GMT', undefined],
    ['Wed, 21 Oct 2026', undefined],
    ['Wed, 21 Oct 2026 07:28 GMT', undefined],
    ['Wed, 21 Oct 2026 07:28:00GMT', undefined],
    ['Wed, 21 Oct 2026 07:28:60 GMT', undefined],
    ['10/21/2026 07:28:00', undefined],
    ['21 Okt 2026 07:28:00', undefined],
    ['21 Oct 1600 07:28:00', undefined],
    ['', undefined],
  ])('reads %j', (text, date) => {
    expect(parseCookieDate(text)).toBe(date)
  })
})
