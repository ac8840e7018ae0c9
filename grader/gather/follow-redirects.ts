import type { HTTPResponse } from 'puppeteer'
import type { Exchange } from '../types.ts'

/** What answered a visit, and the redirects that led to it. */
export interface Followed {
  /** Null when nothing crossed the wire for it. */
  readonly document: Exchange | null
  readonly redirects: readonly Exchange[]
}

/**
 * Finds what answered a visit on the wire, from the address that was asked for along the Location fields; where a page's script leads afterwards
 * is another visit. `take` names the visit's next exchange with that address. What the browser's cache answered is known from the browser alone.
 */
export function documentOf(url: string, take: (url: string) => Exchange | undefined, response: Pick<HTTPResponse, 'url' | 'fromCache' | 'request'> | null): Followed {
  const redirects: Exchange[] = []
  let at = url
  for (let exchange = take(at); exchange; exchange = take(at)) {
    const next = redirectTarget(exchange, at)
    if (next === null) return { document: exchange, redirects }
    redirects.push(exchange)
    at = next
  }
  // A load that failed got no further than its last redirect.
  if (response === null) return { document: redirects.at(-1) ?? null, redirects: redirects.slice(0, -1) }
  // A redirect came from the cache: only the browser knows where it led.
  const hops = response.request().redirectChain().map((request) => request.url())
  const known = !response.fromCache() && hops[0] === url
  redirects.push(...hops.flatMap((hop) => (known ? (take(hop) ?? []) : [])))
  return { document: known ? (take(response.url()) ?? null) : null, redirects }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])

function redirectTarget({ response }: Exchange, base: string): string | null {
  if (!response || !REDIRECTS.has(response.status)) return null
  const location = response.headers.find(([name]) => name.toLowerCase() === 'location')?.[1]
  return location !== undefined && URL.canParse(location, base) ? new URL(location, base).href : null
}

/** Path and query: what a request for that address has as its target. */
export function targetOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
