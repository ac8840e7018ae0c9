import type { Cookie, Exchange, Exhibit, Jar } from '../../types/index.ts'
import { exchangeOf, type OnWire } from '../../types/helpers/on-wire.ts'
import { parseSetCookie, setCookie } from '../read/cookie-fields.ts'
import { cookiePath } from '../read/cookie-identity.ts'
import { messageExhibit, table } from '../exhibits/exhibits.ts'
import { inWords, matches, type Matcher } from './matcher.ts'
import type { Recorder } from './recorder.ts'
import { blame, explainRefusal } from '../refused-cookies.ts'
import { setCookieExhibit } from './set-cookie-claims.ts'

/** Claims about what the browser's own list holds. */
export interface JarClaims {
  /**
   * The jar holds the cookie; `setBy` is the answer that set it, whose bytes are shown when it does
   * not.
   */
  toHold(name: string, as?: Partial<ExpectedCookie>, setBy?: OnWire | null): JarClaims
  /**
   * `endedBy` is the answer that was to end it: the one to ask for again when the jar still holds
   * the cookie.
   */
  notToHold(name: string, endedBy?: OnWire | null): JarClaims
}

export interface ExpectedCookie {
  readonly value: Matcher<string>
  readonly path: Matcher<string>
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: Matcher<string | null>
  /** Seconds from the answer that set it; null for a session cookie. Needs `setBy`. */
  readonly lifetime: Matcher<number | null>
}

const ATTRIBUTE: Record<keyof ExpectedCookie, string> = {
  value: '',
  path: 'Path',
  httpOnly: 'HttpOnly',
  secure: 'Secure',
  sameSite: 'SameSite',
  lifetime: 'Max-Age',
}

export function jarClaims(jar: Jar, recorder: Recorder): JarClaims {
  const claims: JarClaims = {
    toHold(name, as = {}, source = null) {
      const setBy = exchangeOf(source)
      const cookie = inJar(jar, name, setBy)
      const refusal = cookie
        ? undefined
        : jar.refused.findLast(({ line }) => parseSetCookie(line).name === name)
      recorder.claim({
        exchange: setBy,
        claim: `Chromium's jar holds ${name}`,
        expected: `${name} in the jar`,
        received: cookie
          ? `${name}=${cookie.value}`
          : refusal
            ? explainRefusal(refusal.reasons)
            : listed(jar),
        holds: cookie !== undefined,
        exhibit:
          refusal && setBy ? attributeOf(setBy, name, blame(refusal.reasons)) : jarTable(jar),
      })
      for (const key of Object.keys(as) as (keyof ExpectedCookie)[]) {
        const received = property(cookie!, key, setBy)
        recorder.claim({
          exchange: setBy,
          claim: `${name} in the jar: ${inWordsFor(key, as[key])}`,
          expected: inWordsFor(key, as[key]),
          received: inWordsFor(key, received),
          holds: matches(as[key] as Matcher<unknown>, received),
          exhibit: setBy ? attributeOf(setBy, name, ATTRIBUTE[key].toLowerCase()) : jarTable(jar),
        })
      }
      return claims
    },
    notToHold(name, source = null) {
      const endedBy = exchangeOf(source)
      const cookie = jar.cookies.find((candidate) => candidate.name === name)
      recorder.claim({
        exchange: endedBy,
        claim: `Chromium's jar no longer holds ${name}`,
        expected: `no ${name} in the jar`,
        received: cookie ? `${name}=${cookie.value}; Path=${cookie.path}` : listed(jar),
        holds: cookie === undefined,
        exhibit: jarTable(jar),
      })
      return claims
    },
  }
  return claims
}

/** Of several cookies with that name the one the answer set. */
function inJar(jar: Jar, name: string, setBy: Exchange | null): Cookie | undefined {
  const named = jar.cookies.filter((cookie) => cookie.name === name)
  const set = setCookie(setBy, name)
  const path = set && setBy ? cookiePath(setBy, set) : undefined
  return named.find((cookie) => cookie.path === path) ?? named[0]
}

function property(cookie: Cookie, key: keyof ExpectedCookie, setBy: Exchange | null): unknown {
  if (key !== 'lifetime') return cookie[key]
  if (cookie.expiresAt === null) return null
  return Math.round((cookie.expiresAt - (setBy?.response?.startedAt ?? 0)) / 100) / 10
}

function inWordsFor(key: keyof ExpectedCookie, value: unknown): string {
  if (key === 'lifetime')
    return value === null
      ? 'no lifetime: until the browser closes'
      : `a lifetime of ${inWords(value as Matcher<unknown>)}${typeof value === 'number' ? ' s' : ''}`
  if (key === 'httpOnly') return value ? 'HttpOnly' : 'not HttpOnly'
  if (key === 'secure') return value ? 'Secure' : 'not Secure'
  if (value === null) return `no ${ATTRIBUTE[key]}`
  return key === 'value'
    ? inWords(value as Matcher<unknown>)
    : `${ATTRIBUTE[key]}=${inWords(value as Matcher<unknown>)}`
}

/** The Set-Cookie line with the caret under the attribute in question. */
function attributeOf(setBy: Exchange, name: string, attribute: string): Exhibit {
  const cookie = setCookie(setBy, name)
  return cookie ? setCookieExhibit(setBy, cookie, attribute) : messageExhibit(setBy, 'response')
}

function listed(jar: Jar): string {
  return jar.cookies.length === 0
    ? 'an empty jar'
    : `only ${jar.cookies.map(({ name }) => name).join(', ')}`
}

function jarTable(jar: Jar): Exhibit {
  const rows = jar.cookies.map((cookie) => [
    cookie.name,
    cookie.value,
    cookie.path,
    cookie.expiresAt === null ? 'session' : new Date(cookie.expiresAt).toISOString(),
    [
      cookie.httpOnly && 'HttpOnly',
      cookie.secure && 'Secure',
      cookie.sameSite && `SameSite=${cookie.sameSite}`,
    ]
      .filter(Boolean)
      .join(' '),
  ])
  return table("Chromium's jar", ['name', 'value', 'path', 'expires', 'attributes'], rows)
}
