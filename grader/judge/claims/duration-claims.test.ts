import { describe, expect, test } from 'vitest'
import { exchange, type Written } from '../../../testing/exchange-builder.ts'
import type { Exchange } from '../../types/index.ts'
import { seconds, waitsBetween } from './duration-claims.ts'
import { exchangeClaims } from './exchange-claims.ts'
import { createExpect } from './expect.ts'
import { ClaimFailed, createRecorder } from './recorder.ts'

const timed = (written: Written): Exchange => ({ ...exchange(written), timed: true })

function within(subject: Exchange, limit: number) {
  const recorder = createRecorder()
  try {
    exchangeClaims(subject, recorder).toBeAnsweredWithin(limit)
  } catch (error) {
    if (!(error instanceof ClaimFailed)) throw error
  }
  return recorder.findings.at(-1)!
}

describe('toBeAnsweredWithin', () => {
  test('judges the time until the whole answer, in rounded seconds', () => {
    expect(within(timed({ at: 1, answeredAt: 1.4567 }), 0.6)).toMatchObject({
      holds: true,
      expected: 'an answer within 0.6 s',
      received: expect.stringMatching(/^an answer after 0\.4\d s$/),
    })
    expect(within(timed({ at: 1, answeredAt: 2.2 }), 0.6).holds).toBe(false)
  })

  test('of none says that none came', () => {
    expect(within(timed({ status: null, waitedMs: 4000 }), 0.6).received).toBe('no answer in 4 s')
  })

  test('refuses to judge what was taken on a machine that may have stood still', () => {
    expect(() => within(exchange({ method: 'POST', target: '/a' }), 1)).toThrow(
      'toBeAnsweredWithin() judges how long POST /a took, which was not recorded within critical(…). Write critical(() => send(…)) in record().',
    )
  })
})

describe('waitsBetween', () => {
  const exchanges = [
    timed({ at: 0, answeredAt: 0.5 }),
    timed({ at: 0.7504, status: null, cut: 'reset' }),
    timed({ at: 1.5, answeredAt: 3 }),
    timed({ at: 2 }),
  ]

  test('counts from the end of one answer, or of a request without one, in milliseconds', () => {
    const waits = waitsBetween(exchanges)
    expect(waits).toHaveLength(3)
    expect(waits.every((wait) => Number.isInteger(Math.round(wait * 1e6) / 1000))).toBe(true)
    expect(waits[0]).toBeCloseTo(0.25, 1)
    expect(waits[1]).toBeCloseTo(0.75, 1)
    expect(waits[2]).toBe(0)
    expect(waitsBetween([])).toEqual([])
  })

  test('refuses what was not recorded within critical()', () => {
    expect(() => waitsBetween([exchange({ target: '/b' })])).toThrow('GET /b took, which was not')
  })

  test('is told in rounded seconds', () => {
    const recorder = createRecorder()
    const claims = createExpect(recorder)(0.23456, 'the first wait')
    expect(() => claims.toBe(seconds(0.5, 1.5))).toThrow(ClaimFailed)
    claims.toBe(seconds(0.1, Infinity))
    expect(recorder.findings.map(({ expected, received }) => [expected, received])).toEqual([
      ['the first wait: 0.5 to 1.5 s', '0.23 s'],
      ['the first wait: at least 0.1 s', '0.23 s'],
    ])
  })
})
