import type { HTTPResponse } from 'puppeteer'
import { header } from '../../../types/helpers/header-fields.ts'
import type { Exchange } from '../../../types/index.ts'

/** What answered a visit at its own address, and where redirects led from there. */
export interface Followed {
  /** Null when nothing crossed the wire for that address. */
  readonly document: Exchange | null
  readonly followed: readonly Exchange[]
}

/**
 * Finds what answered a visit on the wire, from the address that was asked for along the Location
 * fields; where a page's script leads afterwards is another visit. `take` names the visit's next
 * exchange with that address. What the browser's cache answered is known from the browser alone.
 */
export function documentOf(
  url: string,
  take: (url: string) => Exchange | undefined,
  response: Pick<HTTPResponse, 'url' | 'fromCache' | 'request'> | null,
): Followed {
  const chain: Exchange[] = []
  for (
    let at: string | null = url, exchange = take(url);
    exchange;
    exchange = at === null ? undefined : take(at)
  ) {
    chain.push(exchange)
    at = redirectTarget(exchange, at!)
  }
  const [document = null, ...followed] = chain
  const led = chain.length === 0 || redirectTarget(chain.at(-1)!, url) !== null
  // A load that failed got no further than its last redirect.
  if (response === null || !led) return { document, followed }
  // A redirect came from the cache: only the browser knows where it led.
  const hops = [
    ...response
      .request()
      .redirectChain()
      .map((request) => request.url()),
    response.url(),
  ]
  const known = !response.fromCache() && hops[0] === url
  return {
    document,
    followed: [...followed, ...hops.flatMap((hop) => (known ? (take(hop) ?? []) : []))],
  }
}

/**
 * What answered a visit whose requests are known from the browser. What a cache answered did not
 * cross the wire. `exchangeOf` gives what did so for the request with that index.
 */
export function documentOfHops(
  hops: readonly { readonly url: string; readonly fromCache: boolean }[],
  exchangeOf: (hop: number) => Exchange | null | undefined,
): Followed {
  const [document, ...followed] = hops.map(({ url, fromCache }, hop) =>
    fromCache || !/^https?:/.test(url) ? null : (exchangeOf(hop) ?? null),
  )
  return { document: document ?? null, followed: followed.filter((exchange) => exchange !== null) }
}

const REDIRECTS = new Set<number | null>([301, 302, 303, 307, 308])

/** Whether a browser goes on to the Location of an answer with that status. */
export function isRedirect(status: number | null): boolean {
  return REDIRECTS.has(status)
}

function redirectTarget({ response }: Exchange, base: string): string | null {
  if (!response || !isRedirect(response.status)) return null
  const location = header(response.headers, 'Location')
  return location !== undefined && URL.canParse(location, base)
    ? new URL(location, base).href
    : null
}
