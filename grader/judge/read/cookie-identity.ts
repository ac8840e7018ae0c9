import type { Exchange } from '../../types/index.ts'
import { header } from '../../types/helpers/header-fields.ts'
import type { SetCookie } from './set-cookie.ts'

/** Bytes: a longer name and value together are refused (RFC 6265bis §5.7). */
const LONGEST_PAIR = 4096

/**
 * The path that a browser keeps the cookie for: its Path; the default path of the request (RFC
 * 6265bis §5.1.4) when that is missing, or does not begin with a slash.
 */
export function cookiePath({ request }: Exchange, { path }: SetCookie): string {
  if (path?.startsWith('/')) return path
  const [target = ''] = request.target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '').split('?')
  const lastSlash = target.lastIndexOf('/')
  return target.startsWith('/') && lastSlash > 0 ? target.slice(0, lastSlash) : '/'
}

/**
 * The host that alone gets the cookie, or `.example.com` for one that its subdomains get, too (RFC
 * 6265bis §5.7). Null when the browser refuses the cookie because of its Domain.
 */
export function cookieDomain(exchange: Exchange, { domain = '' }: SetCookie): string | null {
  const host = hostOf(exchange)
  const named = domain.toLowerCase().replace(/^\./, '')
  // A host without a dot is no domain, and an address has no subdomains.
  const isHostOnly = isAddress(host) || !host.includes('.')
  if (domain === '' || (isHostOnly && named === host)) return host
  if (isHostOnly || named === '') return null
  return host === named || host.endsWith(`.${named}`) ? `.${named}` : null
}

/**
 * Name, domain and path, which together identify a cookie: one with the same three replaces the
 * other (RFC 6265bis §5.7).
 */
export function cookieIdentity(exchange: Exchange, cookie: SetCookie): string {
  return JSON.stringify([cookie.name, cookieDomain(exchange, cookie), cookiePath(exchange, cookie)])
}

/** That Chromium 153 does not take the cookie, by what its line says alone (measured). */
export function isRefused(exchange: Exchange, cookie: SetCookie): boolean {
  const { line, name, value, secure, sameSite, path, domain = '' } = cookie
  const needsSecure =
    /^__(secure|host)-/i.test(name) ||
    sameSite?.toLowerCase() === 'none' ||
    cookie.attributes.some((attribute) => attribute.name.toLowerCase() === 'partitioned')
  const isForHost = domain === '' || cookieDomain(exchange, cookie) === hostOf(exchange)
  return (
    (name === '' && (value === '' || /^__(secure|host)-/i.test(value))) ||
    /[\x00-\x08\x0a-\x1f\x7f]/.test(line) ||
    // A tab may be around a name or a value, and not within.
    [name, value, ...cookie.attributes.flatMap((part) => [part.name, part.value])].some((part) =>
      part.includes('\t'),
    ) ||
    Buffer.byteLength(name) + Buffer.byteLength(value) > LONGEST_PAIR ||
    cookieDomain(exchange, cookie) === null ||
    (needsSecure && !secure) ||
    (/^__host-/i.test(name) && !(path === '/' && isForHost))
  )
}

/** That the line ends the cookie instead of setting it: its lifetime is over when it comes. */
export function isDeletion(exchange: Exchange, { maxAge, expires }: SetCookie): boolean {
  if (maxAge !== undefined) return maxAge <= 0
  return expires !== undefined && expires <= (exchange.response?.startedAt ?? exchange.startedAt)
}

function hostOf({ request, site }: Exchange): string {
  const host = header(request.headers, 'Host') ?? site?.replace(/^\w+:\/\//, '') ?? ''
  return host.toLowerCase().replace(/:\d*$/, '')
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host)
}
