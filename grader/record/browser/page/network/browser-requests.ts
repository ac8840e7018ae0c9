import type { CDPSession, Protocol } from 'puppeteer'
import type { Exchange } from '../../../../types/index.ts'
import type { BrowserRequest } from '../../../../types/seen-by-browser.ts'
import type { Writable } from '../../../../types/writable.ts'
import { isRedirect } from '../../../wire/find/follow-redirects.ts'
import { isFromCache } from './is-from-cache.ts'
import type { LinkToWire, ToldByBrowser } from './link-to-wire.ts'

type Filled = Writable<BrowserRequest>

/** A request with what is known of it beside what an author reads. */
interface Entry extends Writable<ToldByBrowser> {
  readonly request: Filled
  /** What it was made for. */
  readonly type: Protocol.Network.ResourceType | undefined
  /** Milliseconds since the epoch, of a moment by the protocol's own clock, in seconds. */
  readonly epochAt: (timestamp: number) => number
  hasExtra: boolean
}

export interface BrowserRequests {
  /** All so far, in order, each with what crossed the wire for it. */
  all(): readonly BrowserRequest[]
  /** What crossed the wire for a request, by the index of the redirects before it. */
  exchangeOf(requestId: string, hop: number): Exchange | null
}

/** Takes down what a tab asks for, by what the DevTools protocol tells. */
export function recordRequests(session: CDPSession, link: LinkToWire): BrowserRequests {
  const entries: Entry[] = []
  const hopsOf = new Map<string, Entry[]>()
  /** Fields that were sent, and statuses, that were told of before their request was. */
  const earlySent = new Map<string, Readonly<Record<string, string>>>()
  const earlyStatus = new Map<string, number>()
  /** What was seen when the scenario ended stays as it was. */
  const fill = (entry: Entry | undefined, change: Partial<Filled>) => {
    if (entry && !Object.isFrozen(entry.request)) Object.assign(entry.request, change)
  }
  const tellStatus = (entry: Entry, status: number) => {
    entry.hasExtra = true
    fill(entry, { status })
  }
  const latest = (requestId: string) => hopsOf.get(requestId)?.at(-1)
  const answered = (
    entry: Entry | undefined,
    response: Protocol.Network.Response,
    timestamp: number,
  ) => {
    if (!entry) return
    const { connectionId, protocol, status } = response
    const isFromDisk = isFromCache(response, entry.type)
    const overWire = connectionId > 0 && entry.request.fromCache === null && !isFromDisk
    if (overWire && response.timing) {
      const { requestTime, sendStart } = response.timing
      entry.sentAt = entry.epochAt(requestTime) + sendStart
    }
    entry.endedAt ??= entry.epochAt(timestamp)
    fill(entry, {
      ...(!entry.hasExtra && { status }),
      ...(isFromDisk && { fromCache: 'disk' }),
      ...(overWire && { connectionId, protocol: protocol ?? null }),
    })
  }

  session.on('Network.requestWillBeSent', (event) => {
    const { requestId, request, redirectResponse, type, initiator } = event
    if (!/^https?:/.test(request.url)) return
    const before = latest(requestId)
    if (redirectResponse) answered(before, redirectResponse, event.timestamp)
    const epochAt = (timestamp: number) => (event.wallTime + timestamp - event.timestamp) * 1000
    const entry: Entry = {
      type,
      epochAt,
      sentAt: epochAt(event.timestamp),
      endedAt: null,
      sent: null,
      hasExtra: false,
      request: {
        kind: 'browser-request',
        type: initiator.type === 'preflight' ? 'preflight' : (type ?? 'Other').toLowerCase(),
        method: request.method,
        url: request.url,
        status: null,
        fromCache: null,
        protocol: null,
        connectionId: null,
        initiator: { type: initiator.type, url: initiatorOf(initiator) },
        redirectedFrom: redirectResponse ? (before?.request.url ?? null) : null,
        blocked: null,
        error: null,
        exchange: null,
      },
    }
    entries.push(entry)
    entry.sent = earlySent.get(requestId) ?? null
    earlySent.delete(requestId)
    const status = earlyStatus.get(requestId)
    earlyStatus.delete(requestId)
    if (status !== undefined) tellStatus(entry, status)
    hopsOf.set(requestId, [...(redirectResponse ? (hopsOf.get(requestId) ?? []) : []), entry])
  })
  session.on('Network.requestServedFromCache', ({ requestId }) =>
    fill(latest(requestId), { fromCache: 'memory' }),
  )
  session.on('Network.responseReceived', ({ requestId, response, timestamp }) =>
    answered(latest(requestId), response, timestamp),
  )
  session.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) => {
    const entry = hopsOf
      .get(requestId)
      ?.find(({ sent, request }) => sent === null && !request.fromCache)
    if (entry) entry.sent = headers
    else earlySent.set(requestId, headers)
  })
  // It alone tells of a 304: to a page the answer is the stored 200.
  session.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
    if (statusCode < 200) return
    const hops = hopsOf.get(requestId) ?? []
    const entry =
      hops.find(({ hasExtra, request }) => !hasExtra && !request.fromCache) ?? hops.at(-1)
    if (!entry || (entry.hasExtra && isRedirect(entry.request.status)))
      earlyStatus.set(requestId, statusCode)
    else tellStatus(entry, statusCode)
  })
  session.on('Network.loadingFailed', (event) => {
    const { requestId, timestamp, errorText, blockedReason, corsErrorStatus } = event
    const entry = latest(requestId)
    if (entry) entry.endedAt ??= entry.epochAt(timestamp)
    fill(entry, {
      error: errorText,
      blocked: corsErrorStatus?.corsError ?? blockedReason ?? null,
    })
  })

  const linked = (entry: Entry): Filled => {
    const { request } = entry
    if (request.exchange === null && request.fromCache === null && wasSent(entry))
      fill(entry, { exchange: link(request, entry) })
    return request
  }
  return {
    all() {
      // Of two that are alike, the one that was answered is known by its answer.
      entries.filter(({ request }) => request.status !== null).forEach(linked)
      return entries.map(linked)
    },
    exchangeOf(requestId, hop) {
      const entry = hopsOf.get(requestId)?.[hop]
      return entry ? linked(entry).exchange : null
    },
  }
}

/**
 * Chromium tells the fields of what it sends, so a request without them was refused, or waits: for
 * its preflight, or for a connection. A service worker alone answers without them.
 */
function wasSent({ request, sent }: Entry): boolean {
  return sent !== null || (request.status !== null && request.blocked === null)
}

/** The page, style sheet or script that asked, the innermost one of a script's callers. */
function initiatorOf({ url, stack }: Protocol.Network.Initiator): string | null {
  return url ?? stack?.callFrames.find((frame) => frame.url !== '')?.url ?? null
}
