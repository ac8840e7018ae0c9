import { describe, expect, test } from 'vitest'
import type { Finding } from '../../types/index.ts'
import { exchange, type Written } from '../../../testing/exchange-builder.ts'
import { exchangesClaims, type ExchangesClaims } from './exchanges-claims.ts'
import { ClaimFailed, createRecorder } from './recorder.ts'

function claim(written: readonly Written[], make: (claims: ExchangesClaims) => unknown) {
  const recorder = createRecorder()
  try {
    make(
      exchangesClaims(
        written.map((each, index) => exchange({ id: index + 1, target: '/ping', ...each })),
        'requests to /ping',
        recorder,
      ),
    )
  } catch (error) {
    if (!(error instanceof ClaimFailed)) throw error
  }
  return { finding: recorder.findings.at(-1)!, failedOn: recorder.failedOn.exchange?.id }
}
const words = ({ finding: { claim, expected, received, holds } }: { finding: Finding }) => [
  holds,
  claim,
  expected,
  received,
]
const lines = ({ finding: { exhibit } }: { finding: Finding }) =>
  exhibit?.kind === 'message' ? exhibit.lines.map(({ text }) => text) : null

const cookies = (...values: (string | undefined)[]): Written[] =>
  values.map((cookie) => (cookie === undefined ? {} : { cookie }))

describe('toNumberAtLeast', () => {
  test.each([
    [2, true],
    [3, false],
  ])('of two requests: %i', (least, holds) => {
    expect(words(claim([{}, {}], (claims) => claims.toNumberAtLeast(least)))).toEqual([
      holds,
      `there were at least ${least} requests to /ping`,
      `at least ${least} requests to /ping`,
      '2',
    ])
  })
})

describe('allToSendCookie', () => {
  test('holds when each did', () => {
    const told = claim(cookies('a=1', 'b=2; a='), (claims) => claims.allToSendCookie('a'))
    expect(words(told)).toEqual([
      true,
      'all carried a',
      'Cookie: a=… on each: 2 requests to /ping',
      '2 of 2',
    ])
    expect(lines(told)).toBeNull()
  })

  test('fails when one did not, and shows the first of them', () => {
    const told = claim(cookies('a=1', 'ab=2', undefined), (claims) => claims.allToSendCookie('a'))
    expect(words(told)).toEqual([
      false,
      'all carried a',
      'Cookie: a=… on each: 3 requests to /ping',
      '2 of 3 did not, the first was GET /ping → 200',
    ])
    expect([told.failedOn, lines(told)]).toEqual([2, ['Cookie: ab=2']])
    expect(lines(claim(cookies(undefined), (claims) => claims.allToSendCookie('a')))).toEqual([
      'GET /ping HTTP/1.1',
      'Host: 127.0.0.1:4000',
    ])
  })

  test('compares the value when there is one to compare with', () => {
    expect(
      claim(cookies('a=1', 'a=1'), (claims) => claims.allToSendCookie('a', '1')).finding.holds,
    ).toBe(true)
    expect(
      words(claim(cookies('a=1', 'a=2'), (claims) => claims.allToSendCookie('a', '1'))),
    ).toEqual([
      false,
      'all carried a',
      'Cookie: a=1 on each: 2 requests to /ping',
      '1 of 2 did not, the first was GET /ping → 200',
    ])
    const neverSet: string | undefined = undefined
    expect(
      claim(cookies('a=1'), (claims) => claims.allToSendCookie('a', neverSet)).finding,
    ).toMatchObject({ holds: false, expected: expect.stringContaining('it was not set') })
  })
})

describe('noneToSendCookie', () => {
  test('holds when none did', () => {
    expect(
      words(claim(cookies('ab=1', undefined), (claims) => claims.noneToSendCookie('a'))),
    ).toEqual([true, 'none carried a', 'no a in any Cookie header: 2 requests to /ping', '2 of 2'])
  })

  test('fails when one did', () => {
    const told = claim(cookies(undefined, 'a='), (claims) => claims.noneToSendCookie('a'))
    expect(words(told)).toEqual([
      false,
      'none carried a',
      'no a in any Cookie header: 2 requests to /ping',
      '1 of 2 did, the first was GET /ping → 200',
    ])
    expect([told.failedOn, lines(told)]).toEqual([2, ['Cookie: a=']])
  })
})

describe('noneToSetCookie', () => {
  test('holds when none did, answered or not', () => {
    expect(
      words(claim([{ sets: ['ab=1'] }, { status: null }], (claims) => claims.noneToSetCookie('a'))),
    ).toEqual([
      true,
      'none of the answers set a',
      'no Set-Cookie for a in any answer: 2 requests to /ping',
      '2 of 2',
    ])
  })

  test('fails when one did, even to delete it', () => {
    const told = claim([{}, { sets: ['a=; Max-Age=0'] }, { sets: ['a=2'] }], (claims) =>
      claims.noneToSetCookie('a'),
    )
    expect(words(told)).toEqual([
      false,
      'none of the answers set a',
      'no Set-Cookie for a in any answer: 3 requests to /ping',
      '2 of 3 did, the first was GET /ping → 200',
    ])
    expect([told.failedOn, lines(told)]).toEqual([2, ['Set-Cookie: a=; Max-Age=0']])
  })
})

test('claims about all of none hold, so their number has to be claimed first', () => {
  expect(claim([], (claims) => claims.noneToSendCookie('a')).finding.holds).toBe(true)
  expect(claim([], (claims) => claims.toNumberAtLeast(1).noneToSendCookie('a')).finding.holds).toBe(
    false,
  )
})
