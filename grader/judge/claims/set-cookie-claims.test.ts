import { describe, expect, test } from 'vitest'
import type { Finding } from '../../types/index.ts'
import { EPOCH, exchange, underCarets } from '../../../testing/exchange-builder.ts'
import { ClaimFailed, createRecorder } from './recorder.ts'
import { claimSetCookie, lifetimeSeconds, type ExpectedAttributes } from './set-cookie-claims.ts'
import { parseSetCookie } from '../read/cookie-fields.ts'

/** All claims, the last one last. */
function claims(sets: readonly string[], as: ExpectedAttributes = {}): Finding[] {
  const recorder = createRecorder()
  try {
    claimSetCookie(exchange({ target: '/start', sets }), 'token', as, recorder)
  } catch (error) {
    if (!(error instanceof ClaimFailed)) throw error
  }
  return recorder.findings
}
const last = (sets: readonly string[], as?: ExpectedAttributes) => claims(sets, as).at(-1)!
const words = ({ claim, expected, received, holds }: Finding) => [holds, claim, expected, received]
const ten = { lifetime: { seconds: 10, within: 1 } }

describe('the cookie itself', () => {
  test('is there', () => {
    const finding = last(['x=1', 'token=a; Path=/'])
    expect(words(finding)).toEqual([
      true,
      'the response sets token',
      'Set-Cookie: token=…',
      'Set-Cookie: x=1\nSet-Cookie: token=a; Path=/',
    ])
  })

  test('is not there', () => {
    expect(words(last([], ten))).toEqual([
      false,
      'the response sets token',
      'Set-Cookie: token=…',
      'no Set-Cookie field',
    ])
    expect(words(last(['tokens=1', 'Token=2'], ten))).toEqual([
      false,
      'the response sets token',
      'Set-Cookie: token=…',
      'Set-Cookie: tokens=1\nSet-Cookie: Token=2',
    ])
  })

  test('is marked where it was joined to another', () => {
    expect(
      underCarets(last(['x=1', 'a=b; Path=/, token=c; Path=/']).exhibit).map(
        ([, marked]) => marked,
      ),
    ).toEqual([', token='])
  })
})

describe('its lifetime', () => {
  const inTenSeconds = new Date(EPOCH + 10_000).toUTCString()

  test.each<[string, boolean, string, string]>([
    ['token=a; Max-Age=10; Path=/', true, 'Max-Age=10', 'Max-Age=10'],
    ['token=a; max-age=9', true, 'Max-Age=9', 'max-age=9'],
    ['token=a; Max-Age=11', true, 'Max-Age=11', 'Max-Age=11'],
    ['token=a; Max-Age=8', false, 'Max-Age=8', 'Max-Age=8'],
    ['token=a; Max-Age=12', false, 'Max-Age=12', 'Max-Age=12'],
    ['token=9f2c81; Max-Age=0; Path=/', false, 'Max-Age=0', 'Max-Age=0'],
    ['token=a; Max-Age=10000', false, 'Max-Age=10000', 'Max-Age=10000'],
    ['token=a; Max-Age=-10', false, 'Max-Age=-10', 'Max-Age=-10'],
    [
      `token=a; Expires=${inTenSeconds}; Path=/`,
      true,
      'Expires 10 s after the answer',
      `Expires=${inTenSeconds}`,
    ],
    [
      `token=a; Expires=${new Date(EPOCH + 60_000).toUTCString()}`,
      false,
      'Expires 60 s after the answer',
      `Expires=${new Date(EPOCH + 60_000).toUTCString()}`,
    ],
    [`token=a; Max-Age=500; Expires=${inTenSeconds}`, false, 'Max-Age=500', 'Max-Age=500'],
    [
      `token=a; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=10`,
      true,
      'Max-Age=10',
      'Max-Age=10',
    ],
    [
      'token=a; MaxAge=10',
      false,
      'no Max-Age and no Expires (MaxAge is an attribute no browser knows): a session cookie',
      'MaxAge=10',
    ],
  ])('%s', (line, holds, received, marked) => {
    const finding = last([line], ten)
    expect(words(finding)).toEqual([holds, 'token is set with Max-Age=10', 'Max-Age=10', received])
    expect(underCarets(finding.exhibit)).toEqual([[`Set-Cookie: ${line}`, marked]])
  })

  test.each([
    'token=a',
    'token=a; Path=/',
    'token=a; Max-Age=; Path=/x',
    'token=a; Expires=soon',
    'token=a;',
  ])('%s is a session cookie', (line) => {
    expect(words(last([line], ten))).toEqual([
      false,
      'token is set with Max-Age=10',
      'Max-Age=10',
      'no Max-Age and no Expires: a session cookie',
    ])
  })

  test.each<[string, boolean, string, string]>([
    ['token=a; Max-Age=10; Path=/', true, 'Max-Age=10', 'Max-Age=10'],
    [`token=a; Max-Age=11; Expires=${inTenSeconds}`, true, 'Max-Age=11', 'Max-Age=11'],
    ['token=a; Max-Age=8', false, 'Max-Age=8', 'Max-Age=8'],
    [
      `token=a; Expires=${inTenSeconds}; Path=/`,
      false,
      'Expires, and no Max-Age',
      `Expires=${inTenSeconds}`,
    ],
    [
      'token=a; MaxAge=10',
      false,
      'no Max-Age and no Expires (MaxAge is an attribute no browser knows): a session cookie',
      'MaxAge=10',
    ],
  ])('by Max-Age alone: %s', (line, holds, received, marked) => {
    const finding = last([line], { maxAge: { seconds: 10, within: 1 } })
    expect(words(finding)).toEqual([holds, 'token is set with Max-Age=10', 'Max-Age=10', received])
    expect(underCarets(finding.exhibit)).toEqual([[`Set-Cookie: ${line}`, marked]])
  })

  test('counts from the answer that set it', () => {
    const answer = exchange({ at: 3, answeredAt: 4 })
    expect(
      lifetimeSeconds(
        parseSetCookie(`a=b; Expires=${new Date(EPOCH + 10_000).toUTCString()}`),
        answer,
      ),
    ).toBe(6)
    expect(lifetimeSeconds(parseSetCookie('a=b'), answer)).toBeNull()
  })
})

describe('its other attributes', () => {
  test.each<[string, ExpectedAttributes, boolean, string, string, string]>([
    ['token=a; Path=/', { path: '/' }, true, 'Path=/', 'Path=/', 'Path=/'],
    ['token=a; Path=/start', { path: '/' }, false, 'Path=/', 'Path=/start', 'Path=/start'],
    [
      'token=a; samesite=LAX',
      { sameSite: 'Lax' },
      true,
      'SameSite=Lax',
      'SameSite=LAX',
      'samesite=LAX',
    ],
    [
      'token=a; SameSite=None; HttpOnly',
      { sameSite: 'Strict' },
      false,
      'SameSite=Strict',
      'SameSite=None',
      'SameSite=None',
    ],
    ['token=a; httponly; Path=/', { httpOnly: true }, true, 'HttpOnly', 'HttpOnly', 'httponly'],
    ['token=a; HttpOnly', { httpOnly: false }, false, 'no HttpOnly', 'HttpOnly', 'HttpOnly'],
    ['token=a; Http-Only', { httpOnly: true }, false, 'HttpOnly', 'no HttpOnly', 'Http-Only'],
  ])('%s as %j', (line, as, holds, expected, received, marked) => {
    const finding = last(['x=1; Path=/; HttpOnly', line], as)
    expect(words(finding)).toEqual([holds, `token is set with ${expected}`, expected, received])
    expect(underCarets(finding.exhibit)).toEqual([[`Set-Cookie: ${line}`, marked]])
  })

  test.each<[ExpectedAttributes, string]>([
    [{ path: '/' }, 'no Path'],
    [{ sameSite: 'Lax' }, 'no SameSite'],
    [{ httpOnly: true }, 'no HttpOnly'],
  ])('without them: %j', (as, received) => {
    const finding = last(['token=a; Max-Age=10'], as)
    expect([finding.holds, finding.received, underCarets(finding.exhibit)]).toEqual([
      false,
      received,
      [],
    ])
  })

  test('are claimed in order, and nothing after the first that does not hold', () => {
    const as = { ...ten, path: '/', sameSite: 'Lax', httpOnly: true } as const
    expect(
      claims(['token=a; Max-Age=10; Path=/; SameSite=Lax; HttpOnly'], as).map(({ holds }) => holds),
    ).toEqual([true, true, true, true, true])
    expect(
      claims(['token=a; Max-Age=10; SameSite=Lax; HttpOnly'], as).map(({ holds }) => holds),
    ).toEqual([true, true, false])
  })
})

describe('of several lines with its name', () => {
  test('the last of the same cookie counts, and is the one that is shown', () => {
    const finding = last(['token=a; Max-Age=10', 'x=1', 'token=b; Max-Age=5'], ten)
    expect([finding.holds, finding.received]).toEqual([false, 'Max-Age=5'])
    expect(underCarets(finding.exhibit)).toEqual([['Set-Cookie: token=b; Max-Age=5', 'Max-Age=5']])
  })

  test('one for another path is another cookie', () => {
    expect(last(['token=a; Max-Age=10; Path=/', 'token=b; Max-Age=5; Path=/x'], ten).holds).toBe(
      true,
    )
  })
})
