import { describe, expect, test } from 'vitest'
import type { Finding, Jar } from '../../types/index.ts'
import { cookie, exchange, jar, underCarets } from '../../../testing/exchange-builder.ts'
import { jarClaims, type JarClaims } from './jar-claims.ts'
import { between, matching } from './matcher.ts'
import { ClaimFailed, createRecorder } from './recorder.ts'

function claim(subject: Jar, make: (claims: JarClaims) => unknown): Finding {
  const recorder = createRecorder()
  try {
    make(jarClaims(subject, recorder))
  } catch (error) {
    if (!(error instanceof ClaimFailed)) throw error
  }
  return recorder.findings.at(-1)!
}
const words = ({ claim, expected, received, holds }: Finding) => [holds, claim, expected, received]
const setBy = (line: string) => exchange({ target: '/login', sets: ['x=1; Path=/', line] })

describe('toHold', () => {
  test('holds when a cookie of that name is there', () => {
    const finding = claim(jar([cookie('x', '1'), cookie('session', 'abc')]), (claims) =>
      claims.toHold('session'),
    )
    expect(words(finding)).toEqual([
      true,
      "Chromium's jar holds session",
      'session in the jar',
      'session=abc',
    ])
    expect(finding.exhibit).toMatchObject({
      kind: 'table',
      columns: ['name', 'value', 'path', 'expires', 'attributes'],
      rows: [
        ['x', '1', '/', 'session', ''],
        ['session', 'abc', '/', 'session', ''],
      ],
    })
  })

  test('fails when it is not', () => {
    expect(words(claim(jar([]), (claims) => claims.toHold('session')))).toEqual([
      false,
      "Chromium's jar holds session",
      'session in the jar',
      'an empty jar',
    ])
    expect(
      words(claim(jar([cookie('a', '1'), cookie('b', '2')]), (claims) => claims.toHold('session'))),
    ).toEqual([false, "Chromium's jar holds session", 'session in the jar', 'only a, b'])
  })

  test.each<[string, string, string, string | null]>([
    [
      'session=a; Domain=example.com',
      'InvalidDomain',
      'Chromium refused it: the Domain is not the host the browser asked (InvalidDomain)',
      'Domain=example.com',
    ],
    [
      'session=a; Secure; Path=/',
      'SecureOnly',
      'Chromium refused it: Secure on an address without https (SecureOnly)',
      'Secure',
    ],
    [
      'session=a; SameSite=None',
      'SameSiteNoneInsecure',
      'Chromium refused it: SameSite=None without Secure (SameSiteNoneInsecure)',
      'SameSite=None',
    ],
    [
      ' session = a; Foo=1',
      'SyntaxError',
      "Chromium refused it: the line isn't a valid Set-Cookie (SyntaxError)",
      null,
    ],
    ['session=a', 'BrandNew', 'Chromium refused it: a reason of its own (BrandNew)', null],
  ])('says why Chromium refused %s', (line, reason, received, marked) => {
    const finding = claim(
      jar(
        [],
        [
          { line: 'x=1', reasons: ['SyntaxError'] },
          { line, reasons: [reason] },
        ],
      ),
      (claims) => claims.toHold('session', {}, setBy(line)),
    )
    expect(words(finding)).toEqual([
      false,
      "Chromium's jar holds session",
      'session in the jar',
      received,
    ])
    expect(underCarets(finding.exhibit)).toEqual(
      marked === null ? [] : [[`Set-Cookie: ${line}`, marked]],
    )
  })

  test('a refusal of another cookie explains nothing', () => {
    expect(
      claim(jar([], [{ line: 'sessions=1', reasons: ['SyntaxError'] }]), (claims) =>
        claims.toHold('session'),
      ).received,
    ).toBe('an empty jar')
  })

  test.each<[object, object, boolean, string, string, string]>([
    [
      { httpOnly: true },
      { httpOnly: true },
      true,
      'session in the jar: HttpOnly',
      'HttpOnly',
      'HttpOnly',
    ],
    [{ httpOnly: true }, {}, false, 'session in the jar: HttpOnly', 'HttpOnly', 'not HttpOnly'],
    [{ secure: true }, {}, false, 'session in the jar: Secure', 'Secure', 'not Secure'],
    [
      { path: '/' },
      { path: '/login' },
      false,
      'session in the jar: Path=/',
      'Path=/',
      'Path=/login',
    ],
    [
      { sameSite: 'Lax' },
      { sameSite: 'Lax' },
      true,
      'session in the jar: SameSite=Lax',
      'SameSite=Lax',
      'SameSite=Lax',
    ],
    [
      { sameSite: 'Lax' },
      {},
      false,
      'session in the jar: SameSite=Lax',
      'SameSite=Lax',
      'no SameSite',
    ],
    [
      { sameSite: null },
      { sameSite: 'None' },
      false,
      'session in the jar: no SameSite',
      'no SameSite',
      'SameSite=None',
    ],
    [{ value: 'abc' }, {}, true, 'session in the jar: abc', 'abc', 'abc'],
    [{ value: 'x' }, {}, false, 'session in the jar: x', 'x', 'abc'],
  ])('%j of %j', (expected, properties, holds, ...said) => {
    expect(
      words(
        claim(jar([cookie('session', 'abc', properties)]), (claims) =>
          claims.toHold('session', expected),
        ),
      ),
    ).toEqual([holds, ...said])
  })

  test.each<[number | undefined, boolean, string]>([
    [10.02, true, 'a lifetime of 10 s'],
    [8.9, false, 'a lifetime of 8.9 s'],
    [undefined, false, 'no lifetime: until the browser closes'],
  ])('a lifetime that ends at second %j', (expires, holds, received) => {
    const held = jar([cookie('session', 'abc', expires === undefined ? {} : { expires })])
    const nineToEleven = matching(
      '9 to 11',
      (seconds: number | null) => seconds !== null && between(9, 11).test(seconds),
    )
    const finding = claim(held, (claims) =>
      claims.toHold('session', { lifetime: nineToEleven }, setBy('session=abc; Max-Age=10')),
    )
    expect(words(finding)).toEqual([
      holds,
      'session in the jar: a lifetime of 9 to 11',
      'a lifetime of 9 to 11',
      received,
    ])
    expect(underCarets(finding.exhibit)).toEqual([
      ['Set-Cookie: session=abc; Max-Age=10', 'Max-Age=10'],
    ])
  })

  test.each<[object, string, string | null]>([
    [{ httpOnly: true }, 'session=abc; HttpOnly; Path=/x', 'HttpOnly'],
    [{ path: '/' }, 'session=abc; HttpOnly; Path=/x', 'Path=/x'],
    [{ value: 'other' }, 'session=abc; Foo=1;', null],
    [
      { lifetime: 5 },
      'session=abc; Expires=Thu, 01 Jan 2026 00:00:10 GMT',
      'Expires=Thu, 01 Jan 2026 00:00:10 GMT',
    ],
  ])('shows the line that set it: %j of %s', (expected, line, marked) => {
    const finding = claim(jar([cookie('session', 'abc', { path: '/x', expires: 10 })]), (claims) =>
      claims.toHold('session', expected, setBy(line)),
    )
    expect(finding.holds).toBe(false)
    expect(underCarets(finding.exhibit)).toEqual(
      marked === null ? [] : [[`Set-Cookie: ${line}`, marked]],
    )
  })

  test('means the cookie that the answer set when there are several of that name', () => {
    const held = jar([cookie('session', 'stolen'), cookie('session', 'mine', { path: '/app' })])
    expect(
      claim(held, (claims) =>
        claims.toHold('session', { value: 'mine' }, setBy('session=mine; Path=/app')),
      ).holds,
    ).toBe(true)
    expect(
      claim(held, (claims) =>
        claims.toHold('session', { value: 'mine' }, setBy('session=mine; Path=/')),
      ).holds,
    ).toBe(false)
  })
})

describe('notToHold', () => {
  test('holds when no cookie has that name', () => {
    expect(
      words(claim(jar([cookie('sessions', '1')]), (claims) => claims.notToHold('session'))),
    ).toEqual([
      true,
      "Chromium's jar no longer holds session",
      'no session in the jar',
      'only sessions',
    ])
    expect(claim(jar([]), (claims) => claims.notToHold('session')).received).toBe('an empty jar')
  })

  test('fails when one has, for whatever path', () => {
    expect(
      words(
        claim(jar([cookie('a', '1'), cookie('session', 'x', { path: '/deep' })]), (claims) =>
          claims.notToHold('session'),
        ),
      ),
    ).toEqual([
      false,
      "Chromium's jar no longer holds session",
      'no session in the jar',
      'session=x; Path=/deep',
    ])
  })
})
