import type { CDPSession, Protocol } from 'puppeteer'
import type { Exchange } from '../../../../types/index.ts'
import type { BrowserRequest } from '../../../../types/seen-by-browser.ts'
import type { Writable } from '../../../../types/writable.ts'
import type { LinkToWire } from './link-to-wire.ts'

type Filled = Writable<BrowserRequest>

/** A request with what is known of it beside what an author reads. */
interface Entry {
  readonly request: Filled
  /** Milliseconds since the epoch by Chromium's clock. */
  sentAt: number
  /** The same moment by the protocol's own clock, in seconds. */
  readonly timestamp: number
  /** The fields as they were sent; null where that is not known. */
  sent: Readonly<Record<string, string>> | null
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
  /** Fields that were told of before their request was. */
  const early = new Map<string, Readonly<Record<string, string>>>()
  /** What was seen when the scenario ended stays as it was. */
  const fill = (entry: Entry | undefined, change: Partial<Filled>) => {
    if (entry && !Object.isFrozen(entry.request)) Object.assign(entry.request, change)
  }
  const latest = (requestId: string) => hopsOf.get(requestId)?.at(-1)
  const answered = (entry: Entry | undefined, response: Protocol.Network.Response) => {
    const { fromDiskCache, fromPrefetchCache, connectionId, protocol, status } = response
    const isCached = entry?.request.fromCache !== null || fromDiskCache || fromPrefetchCache
    const overWire = connectionId > 0 && !isCached
    if (entry && overWire && response.timing) {
      const { requestTime, sendStart } = response.timing
      entry.sentAt += (requestTime - entry.timestamp) * 1000 + sendStart
    }
    fill(entry, {
      ...(!entry?.hasExtra && { status }),
      ...((fromDiskCache || fromPrefetchCache) && { fromCache: 'disk' }),
      ...(overWire && { connectionId, protocol: protocol ?? null }),
    })
  }

  session.on('Network.requestWillBeSent', (event) => {
    const { requestId, request, redirectResponse, type, initiator } = event
    if (!/^https?:/.test(request.url)) return
    const before = latest(requestId)
    if (redirectResponse) answered(before, redirectResponse)
    const entry: Entry = {
      sentAt: event.wallTime * 1000,
      timestamp: event.timestamp,
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
    entry.sent = early.get(requestId) ?? null
    early.delete(requestId)
    hopsOf.set(requestId, [...(redirectResponse ? (hopsOf.get(requestId) ?? []) : []), entry])
  })
  session.on('Network.requestServedFromCache', ({ requestId }) =>
    fill(latest(requestId), { fromCache: 'memory' }),
  )
  session.on('Network.responseReceived', ({ requestId, response }) =>
    answered(latest(requestId), response),
  )
  session.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) => {
    const entry = hopsOf.get(requestId)?.find(({ sent }) => sent === null)
    if (entry) entry.sent = headers
    else early.set(requestId, headers)
  })
  // It alone tells of a 304: to a page the answer is the stored 200.
  session.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
    const hops = hopsOf.get(requestId)
    const entry = hops?.find(({ hasExtra, request }) => !hasExtra && !request.fromCache)
    if (!hops || statusCode < 200) return
    const told = entry ?? hops.at(-1)!
    told.hasExtra = true
    fill(told, { status: statusCode })
  })
  session.on('Network.loadingFailed', ({ requestId, errorText, blockedReason, corsErrorStatus }) =>
    fill(latest(requestId), {
      error: errorText,
      blocked: corsErrorStatus?.corsError ?? blockedReason ?? null,
    }),
  )

  const linked = (entry: Entry): Filled => {
    const { request, sentAt, sent } = entry
    if (request.exchange === null && request.fromCache === null)
      fill(entry, { exchange: link(request, sentAt, sent) })
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

/** The page, style sheet or script that asked, the innermost one of a script's callers. */
function initiatorOf({ url, stack }: Protocol.Network.Initiator): string | null {
  return url ?? stack?.callFrames.find((frame) => frame.url !== '')?.url ?? null
}
