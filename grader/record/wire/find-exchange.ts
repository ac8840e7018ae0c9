import type { Exchange } from '../../types/index.ts'

/** Names the exchanges that one action of the browser caused, among all that crossed the wire. */
export interface ExchangeFinder {
  /** What is on the wire now: an action's exchanges come after it. */
  mark(): number
  /** The first exchange after the mark, not named before, with that method and target. */
  take(after: number, method: string, target: string): Exchange | undefined
}

/** A server a browser may be sent to, with what it was asked so far. */
export interface Recorded {
  readonly url: string
  exchanges(): Exchange[]
}

/** The first exchange since a moment, not named before, with that method and address. */
export type Take = (method: string, url: string) => Exchange | undefined

/** Finds exchanges on all servers by the addresses that were asked. */
export interface Finders {
  /** True when what that address is asked is recorded. */
  know(url: string): boolean
  /** Takes exchanges that come from now on. */
  fromNow(): Take
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
    fromNow() {
      const marks = new Map(all().map(({ url }) => [url, finderAt(url)!.mark()]))
      return (method, url) => {
        const { origin, pathname, search } = new URL(url)
        return finderAt(origin)?.take(marks.get(origin) ?? 0, method, pathname + search)
      }
    },
  }
}

export function createExchangeFinder(exchanges: () => Exchange[]): ExchangeFinder {
  const taken = new Set<number>()
  return {
    mark: () => exchanges().length,
    take(after, method, target) {
      const all = exchanges()
      const found = all
        .slice(after)
        .find(
          (exchange) =>
            !taken.has(exchange.id) &&
            exchange.request.method === method &&
            exchange.request.target === target &&
            !wasTriedAgain(exchange, all),
        )
      if (found) taken.add(found.id)
      return found
    },
  }
}

/** True while more of the answer may come. */
export function isAwaited({ response, garbage, cut }: Exchange): boolean {
  return !response?.complete && garbage === null && cut === null
}

const SOON_MS = 2000

/**
 * A program may close a connection that has answered before in the moment in which the next request
 * comes over it. A browser then sends that request again over another connection, and nobody has
 * lost anything (RFC 9112 §9.3.1): the first try counts for nothing.
 */
export function wasTriedAgain(exchange: Exchange, all: readonly Exchange[]): boolean {
  if (exchange.response || exchange.garbage || exchange.cut === null) return false
  const reused = all.some(
    (other) => other.connection === exchange.connection && other.startedAt < exchange.startedAt,
  )
  return (
    reused &&
    all.some(
      (other) =>
        isSame(other, exchange) &&
        other.connection !== exchange.connection &&
        isSoonAfter(other, exchange),
    )
  )
}

function isSame({ request: a }: Exchange, { request: b }: Exchange): boolean {
  return a.method === b.method && a.target === b.target
}

function isSoonAfter(later: Exchange, exchange: Exchange): boolean {
  const ms = later.startedAt - exchange.startedAt
  return ms >= 0 && ms <= SOON_MS
}
