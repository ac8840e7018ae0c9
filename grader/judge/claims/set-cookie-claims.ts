import type { Exchange, Exhibit } from '../../types/index.ts'
import { setCookie, setCookies, type SetCookie } from '../read/cookie-fields.ts'
import { messageExhibit } from '../exhibits/exhibits.ts'
import type { Recorder } from './recorder.ts'

/** What a Set-Cookie line says, attribute by attribute. Only what is named is claimed. */
export interface ExpectedAttributes {
  /** Seconds; Max-Age counts before Expires (RFC 6265bis §5.7). `within`: how far off it may be. */
  readonly lifetime?: { readonly seconds: number; readonly within: number }
  /** Max-Age itself. A date counts in whole seconds, which for a short life is too coarse. */
  readonly maxAge?: { readonly seconds: number; readonly within: number }
  readonly path?: string
  readonly sameSite?: 'Strict' | 'Lax' | 'None'
  readonly httpOnly?: boolean
}

/** Claims that the answer sets the cookie, then each attribute named. */
export function claimSetCookie(
  exchange: Exchange,
  name: string,
  as: ExpectedAttributes,
  recorder: Recorder,
): void {
  const cookie = setCookie(exchange, name)
  const lines = setCookies(exchange)
  recorder.claim({
    exchange,
    claim: `the response sets ${name}`,
    expected: `Set-Cookie: ${name}=…`,
    received:
      lines.length === 0
        ? 'no Set-Cookie field'
        : lines.map(({ line }) => `Set-Cookie: ${line}`).join('\n'),
    holds: cookie !== undefined,
    exhibit:
      lines.length === 0
        ? messageExhibit(exchange, 'response')
        : messageExhibit(exchange, 'response', {
            field: 'Set-Cookie',
            ...insideAnother(lines, name),
          }),
  })
  if (!cookie) return

  const claim = (attribute: string, expected: string, received: string, holds: boolean) =>
    recorder.claim({
      exchange,
      claim: `${name} is set with ${expected}`,
      expected,
      received,
      holds,
      exhibit: setCookieExhibit(exchange, cookie, attribute),
    })

  if (as.lifetime) {
    const { seconds, within } = as.lifetime
    const lifetime = lifetimeSeconds(cookie, exchange)
    claim(
      'max-age',
      `Max-Age=${seconds}`,
      lifetimeWords(cookie, lifetime),
      lifetime !== null && Math.abs(lifetime - seconds) <= within,
    )
  }
  if (as.maxAge) {
    const { seconds, within } = as.maxAge
    const received =
      cookie.maxAge === undefined && cookie.expires !== undefined
        ? 'Expires, and no Max-Age'
        : lifetimeWords(cookie, null)
    claim(
      'max-age',
      `Max-Age=${seconds}`,
      received,
      cookie.maxAge !== undefined && Math.abs(cookie.maxAge - seconds) <= within,
    )
  }
  if (as.path !== undefined)
    claim(
      'path',
      `Path=${as.path}`,
      cookie.path === undefined ? 'no Path' : `Path=${cookie.path}`,
      cookie.path === as.path,
    )
  if (as.sameSite !== undefined) {
    const said = cookie.sameSite === undefined ? 'no SameSite' : `SameSite=${cookie.sameSite}`
    claim(
      'samesite',
      `SameSite=${as.sameSite}`,
      said,
      cookie.sameSite?.toLowerCase() === as.sameSite.toLowerCase(),
    )
  }
  if (as.httpOnly !== undefined) {
    claim(
      'httponly',
      as.httpOnly ? 'HttpOnly' : 'no HttpOnly',
      cookie.httpOnly ? 'HttpOnly' : 'no HttpOnly',
      cookie.httpOnly === as.httpOnly,
    )
  }
}

/** Where the cookie stands within another one's line, when it was joined to that. */
function insideAnother(
  lines: readonly SetCookie[],
  name: string,
): { nth: number; mark: readonly [number, number] } | undefined {
  const nth = lines.findIndex(({ line }) => line.includes(`, ${name}=`))
  if (nth === -1) return undefined
  const at = lines[nth]!.line.indexOf(`, ${name}=`)
  return { nth, mark: [at, at + name.length + 3] }
}

/**
 * The cookie's line, the caret under the attribute (for the lifetime the one that counts); without
 * it under an attribute no browser knows, or under nothing. An empty `attribute` means the whole
 * line.
 */
export function setCookieExhibit(
  exchange: Exchange,
  cookie: SetCookie,
  attribute: string,
): Exhibit {
  const all = setCookies(exchange)
  const wanted =
    attribute === 'max-age' && cookie.maxAge === undefined && cookie.expires !== undefined
      ? 'expires'
      : attribute
  const marked =
    attribute === ''
      ? undefined
      : (cookie.attributes.findLast(({ name }) => name.toLowerCase() === wanted) ??
        unknownAttributes(cookie)[0])
  return messageExhibit(exchange, 'response', {
    field: 'Set-Cookie',
    nth: all.findLastIndex(({ line }) => line === cookie.line),
    ...(marked && { mark: [marked.start, marked.end] as const }),
  })
}

const KNOWN = new Set([
  'max-age',
  'expires',
  'path',
  'domain',
  'secure',
  'httponly',
  'samesite',
  'partitioned',
  'priority',
])

/** Attributes a browser ignores because it has never heard of them: `MaxAge`. */
export function unknownAttributes(cookie: SetCookie): SetCookie['attributes'] {
  return cookie.attributes.filter(({ name }) => name !== '' && !KNOWN.has(name.toLowerCase()))
}

/** Seconds, counted from the answer; null: until the browser closes. */
export function lifetimeSeconds(cookie: SetCookie, exchange: Exchange): number | null {
  if (cookie.maxAge !== undefined) return cookie.maxAge
  if (cookie.expires === undefined) return null
  return (
    Math.round((cookie.expires - (exchange.response?.startedAt ?? exchange.startedAt)) / 100) / 10
  )
}

function lifetimeWords(cookie: SetCookie, lifetime: number | null): string {
  if (cookie.maxAge !== undefined) return `Max-Age=${cookie.maxAge}`
  if (lifetime !== null) return `Expires ${lifetime} s after the answer`
  const [unknown] = unknownAttributes(cookie)
  return `no Max-Age and no Expires${unknown ? ` (${unknown.name} is an attribute no browser knows)` : ''}: a session cookie`
}
