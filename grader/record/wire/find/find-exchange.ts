import type { Exchange } from '../../../types/index.ts'
import { isCutFromClient } from '../../../types/helpers/injected.ts'
import { isSame, isSoonAfter, wasTriedAgain } from '../../../types/helpers/tried-again.ts'
import type { Subscriber } from '../recording-proxy.ts'

/** Names the exchanges that one action of the browser caused, among all that crossed the wire. */
export interface ExchangeFinder {
  /** The last exchange on the wire now: an action's come after it. */
  mark(): number
  /** The first exchange after the mark, not named before, with that method and target. */
  take(after: number, method: string, target: string): Exchange | undefined
}

/** A server a browser may be sent to, with what it was asked so far. */
export interface Recorded {
  readonly url: string
  exchanges(): Exchange[]
  /** Calls until the function that it returns is called. */
  subscribe(subscriber: Subscriber): () => void
}

/** The first exchange since a moment, not named before, with that method and address. */
export type Take = (method: string, url: string) => Exchange | undefined

/** Finds exchanges on all servers by the addresses that were asked. */
export interface Finders {
  /** True when what that address is asked is recorded. */
  know(url: string): boolean
  /** True for the address of a server of the grader's own, which is the author's. */
  isOrigin(url: string): boolean
  /** Everything so far at the server of an address. */
  exchangesAt(url: string): readonly Exchange[]
  /** Takes exchanges that come from now on. */
  fromNow(): Take
  /**
   * Calls whenever something crosses any of the wires, until the function that it returns is
   * called.
   */
  onTraffic(listener: () => void): () => void
}

/** `more` may grow. */
export function createFinders(
  servers: readonly Recorded[],
  more: readonly Recorded[] = [],
): Finders {
  const finders = new Map<string, ExchangeFinder>()
  const all = () => [...servers, ...more]
  const finderAt = (origin: string) => {
    const known = finders.get(origin)
    if (known) return known
    const server = all().find((each) => each.url === origin)
    if (server)
      finders.set(
        origin,
        createExchangeFinder(() => server.exchanges()),
      )
    return finders.get(origin)
  }
  return {
    know: (url) => finderAt(new URL(url).origin) !== undefined,
    isOrigin: (address) => more.some(({ url }) => url === new URL(address).origin),
    exchangesAt: (address) =>
      all()
        .find(({ url }) => url === new URL(address).origin)
        ?.exchanges() ?? [],
    fromNow() {
      const marks = new Map(all().map(({ url }) => [url, finderAt(url)!.mark()]))
      return (method, url) => {
        const { origin } = new URL(url)
        return finderAt(origin)?.take(marks.get(origin) ?? 0, method, targetOf(url))
      }
    },
    onTraffic(listener) {
      const stops = all().map((server) => server.subscribe({ traffic: listener }))
      return () => stops.forEach((stop) => stop())
    },
  }
}

export function createExchangeFinder(exchanges: () => Exchange[]): ExchangeFinder {
  const taken = new Set<number>()
  return {
    mark: () => Math.max(0, ...exchanges().map(({ id }) => id)),
    take(after, method, target) {
      const all = exchanges()
      const found = all.find(
        (exchange) =>
          exchange.id > after &&
          !taken.has(exchange.id) &&
          exchange.request.method === method &&
          isSameTarget(exchange.request.target, target) &&
          !wasTriedAgain(exchange, all) &&
          !wasLostAndRepeated(exchange, all),
      )
      if (found) taken.add(found.id)
      return found
    },
  }
}

/** Path and query, a lone `?` included: what a request for that address has as its target. */
export function targetOf(url: string): string {
  const { host, href, protocol } = new URL(url)
  // URL has an empty query for `?` alone; the address as a whole keeps it.
  const after = href.slice(href.indexOf(host, protocol.length) + host.length)
  return after.replace(/#.*$/s, '')
}

/**
 * Whether two targets ask for the same. Chromium encodes characters that Node's URL leaves as they
 * are: `/a|b` is asked as `/a%7Cb`.
 */
export function isSameTarget(one: string, other: string): boolean {
  return one === other || encoded(one) === encoded(other)
}

function encoded(target: string): string {
  const escape = (character: string) =>
    `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return target
    .replace(/%[\da-f]{2}/gi, (escaped) => escaped.toUpperCase())
    .replace(/["'<>\\^`{|}]/g, escape)
}

/** A browser has its answer from the request that it repeated when the scenario had cut the first. */
function wasLostAndRepeated(exchange: Exchange, all: readonly Exchange[]): boolean {
  return (
    isCutFromClient(exchange) &&
    all.some(
      (other) => isSame(other, exchange) && isSoonAfter(other, exchange) && other.id > exchange.id,
    )
  )
}
