import { exchangeOf, type OnWire } from '../../types/helpers/on-wire.ts'
import { leadingBlanks, trimBlanks } from '../../types/helpers/blanks.ts'
import { parseCookieDate } from './cookie-date.ts'
import { cookieIdentity, isDeletion, isRefused } from './cookie-identity.ts'
import { headers } from '../../types/helpers/header-fields.ts'
import type { SetCookie } from './set-cookie.ts'

export type { SetCookie } from './set-cookie.ts'

/** The cookies a response sets, one per Set-Cookie field. */
export function setCookies(of: OnWire | null | undefined): SetCookie[] {
  const response = exchangeOf(of)?.response
  return response ? headers(response.headers, 'Set-Cookie').map(parseSetCookie) : []
}

/**
 * The Set-Cookie of that name that counts in the end, as Chromium keeps cookies; undefined without
 * one of that name. A later line with the same identity (name, domain and path, RFC
 * 6265bis §5.7) replaces an earlier one, unless Chromium refuses it. Of several cookies the first
 * that is kept counts; when none is, the first that was deleted, else the first.
 */
export function setCookie(of: OnWire | null | undefined, name: string): SetCookie | undefined {
  const exchange = exchangeOf(of)
  if (!exchange) return undefined
  const named = setCookies(exchange).filter((cookie) => cookie.name === name)
  const latest = new Map<string, SetCookie>()
  for (const cookie of named)
    if (!isRefused(exchange, cookie)) latest.set(cookieIdentity(exchange, cookie), cookie)
  const taken = [...latest.values()]
  return taken.find((cookie) => !isDeletion(exchange, cookie)) ?? taken[0] ?? named[0]
}

/** The pairs of the request's Cookie header, in order. */
export function cookiesSent(of: OnWire | null | undefined): { name: string; value: string }[] {
  const exchange = exchangeOf(of)
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
export function cookieSent(of: OnWire | null | undefined, name: string): string | undefined {
  return cookiesSent(of).find((cookie) => cookie.name === name)?.value
}

/** Bytes: an attribute with a longer value is ignored (RFC 6265bis §5.6). */
const LONGEST_ATTRIBUTE = 1024

export function parseSetCookie(line: string): SetCookie {
  const [first = '', ...rest] = line.split(';')
  let offset = first.length + 1
  const attributes = rest.map((part) => {
    const start = offset + leadingBlanks(part)
    const end = start + trimBlanks(part).length
    offset += part.length + 1
    return { ...pair(part, 'name'), start, end }
  })
  const last = (name: string) =>
    attributes.findLast(
      (attribute) =>
        attribute.name.toLowerCase() === name &&
        Buffer.byteLength(attribute.value) <= LONGEST_ATTRIBUTE,
    )?.value
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
    return { name: trimBlanks(text.slice(0, equals)), value: trimBlanks(text.slice(equals + 1)) }
  const trimmed = trimBlanks(text)
  return lonely === 'name' ? { name: trimmed, value: '' } : { name: '', value: trimmed }
}
