import { headers } from '../../../../types/helpers/header-fields.ts'
import type { Exchange, Headers } from '../../../../types/index.ts'
import type { BrowserRequest } from '../../../../types/seen-by-browser.ts'
import { wasTriedAgain } from '../../../../types/helpers/tried-again.ts'
import { isSameTarget, targetOf } from '../../../wire/find/find-exchange.ts'

/** What a browser tells of a request. The times are milliseconds since the epoch by its clock. */
export interface ToldByBrowser {
  readonly sentAt: number
  /** When its answer began, or it failed; null while neither has happened. */
  readonly endedAt: number | null
  /** The fields as they were sent; null where that is not known. */
  readonly sent: Readonly<Record<string, string>> | null
}

/** Gives what crossed the wire for a request; null when nothing did so far. */
export type LinkToWire = (
  request: Pick<BrowserRequest, 'method' | 'url' | 'connectionId' | 'status'>,
  told: ToldByBrowser,
) => Exchange | null

/** Clocks of two processes, and what a browser does before it asks. */
const APART_MS = 100

/**
 * Links the requests of all tabs of one scenario to the wire: by method, address and fields, then
 * by the connection, whose number Chromium and the wire each have their own of, then by the time.
 */
export function createLinkToWire(exchangesAt: (url: string) => readonly Exchange[]): LinkToWire {
  const linked = new Set<Exchange>()
  const connections = new Map<number, number>()
  return ({ method, url, connectionId, status }, { sentAt, endedAt, sent }) => {
    const target = targetOf(url)
    const all = exchangesAt(url)
    // What a browser gave up once it had sent it may be read on the wire later than that.
    const latest = (status === null ? null : endedAt) ?? Infinity
    const isPossible = (exchange: Exchange) =>
      !linked.has(exchange) &&
      exchange.request.method === method &&
      isSameTarget(exchange.request.target, target) &&
      exchange.startedAt >= sentAt - APART_MS &&
      exchange.startedAt <= latest + APART_MS &&
      // On a busy machine the times of two requests say little, but only one was answered so.
      (status === null || exchange.response?.status === status) &&
      (sent === null || hasFields(exchange, sent)) &&
      !wasTriedAgain(exchange, all)
    const byTime = all
      .filter(isPossible)
      .toSorted((a, b) => Math.abs(a.startedAt - sentAt) - Math.abs(b.startedAt - sentAt))
    const onWire = connectionId === null ? undefined : connections.get(connectionId)
    const isOther = new Set(connections.values())
    const exchange =
      byTime.find(({ connection }) =>
        onWire === undefined ? !isOther.has(connection) : connection === onWire,
      ) ?? byTime[0]
    if (!exchange) return null
    linked.add(exchange)
    if (connectionId !== null) connections.set(connectionId, exchange.connection)
    return exchange
  }
}

/** Visitors are told apart by their cookies, and pages by where they come from. */
const TELLING = ['cookie', 'origin', 'referer', 'if-none-match', 'range']

function hasFields({ request }: Exchange, sent: Readonly<Record<string, string>>): boolean {
  const told = new Map(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]))
  return TELLING.every((name) => told.get(name) === combined(request.headers, name))
}

/** All fields of a name as one. HTTP/2 sends each cookie in its own (RFC 9113 §8.2.3). */
function combined(list: Headers, name: string): string | undefined {
  const values = headers(list, name)
  return values.length === 0 ? undefined : values.join(name === 'cookie' ? '; ' : ', ')
}
