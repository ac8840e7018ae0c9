import type { Exchange } from '../../types/index.ts'
import { parseCookieDate } from './cookie-date.ts'
import { headers } from './message.ts'

/**
 * One Set-Cookie line, read as a browser reads it (RFC 6265bis §5.6: split at semicolons, unknown
 * attributes ignored).
 */
export interface SetCookie {
  /** The field value as it crossed the wire. */
  readonly line: string
  readonly name: string
  readonly value: string
  readonly attributes: readonly CookieAttribute[]
  /** Seconds; undefined when absent or not a number. */
  readonly maxAge: number | undefined
  /** Milliseconds since the epoch; undefined when absent or not a date. */
  readonly expires: number | undefined
  readonly path: string | undefined
  readonly domain: string | undefined
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: string | undefined
}

export interface CookieAttribute {
  readonly name: string
  readonly value: string
  /** Where it stands in the line. */
  readonly start: number
  readonly end: number
}

/** The cookies a response sets, one per Set-Cookie field. */
export function setCookies(exchange: Exchange | null | undefined): SetCookie[] {
  return exchange?.response
    ? headers(exchange.response.headers, 'Set-Cookie').map(parseSetCookie)
    : []
}

/**
 * The Set-Cookie for that name; undefined when there is none. Name, domain and path together
 * identify a cookie (RFC 6265bis §5.7), so of several lines with the first one's identity the last
 * counts, and lines with another path or domain are other cookies.
 */
export function setCookie(
  exchange: Exchange | null | undefined,
  name: string,
): SetCookie | undefined {
  const named = setCookies(exchange).filter((cookie) => cookie.name === name)
  return named.findLast(
    ({ path, domain }) => path === named[0]?.path && domain === named[0]?.domain,
  )
}

/** The pairs of the request's Cookie header, in order. */
export function cookiesSent(
  exchange: Exchange | null | undefined,
): { name: string; value: string }[] {
  if (!exchange) return []
  return headers(exchange.request.headers, 'Cookie')
    .flatMap((line) => line.split(';'))
    .map((text) => pair(text))
    .filter(({ name, value }) => name !== '' || value !== '')
}

/**
 * The value sent under that name (the first, as most servers read it); undefined when it was not
 * sent.
 */
export function cookieSent(
  exchange: Exchange | null | undefined,
  name: string,
): string | undefined {
  return cookiesSent(exchange).find((cookie) => cookie.name === name)?.value
}

export function parseSetCookie(line: string): SetCookie {
  const [first = '', ...rest] = line.split(';')
  let offset = first.length + 1
  const attributes = rest.map((part) => {
    const start = offset + (part.length - part.trimStart().length)
    const end = offset + part.trimEnd().length
    offset += part.length + 1
    return { ...pair(part, 'name'), start, end }
  })
  const last = (name: string) =>
    attributes.findLast((attribute) => attribute.name.toLowerCase() === name)?.value
  const maxAge = last('max-age')
  const expires = last('expires')
  return {
    line,
    ...pair(first),
    attributes,
    maxAge: maxAge !== undefined && /^[-+]?\d+$/.test(maxAge) ? Number(maxAge) : undefined,
    expires: expires === undefined ? undefined : parseCookieDate(expires),
    path: last('path'),
    domain: last('domain'),
    secure: last('secure') !== undefined,
    httpOnly: last('httponly') !== undefined,
    sameSite: last('samesite'),
  }
}

/**
 * Text without `=` is a value without a name in a cookie, and a name without a value in an
 * attribute (RFC 6265bis §5.6).
 */
function pair(text: string, lonely: 'name' | 'value' = 'value'): { name: string; value: string } {
  const equals = text.indexOf('=')
  if (equals !== -1)
    return { name: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim() }
  return lonely === 'name' ? { name: text.trim(), value: '' } : { name: '', value: text.trim() }
}
