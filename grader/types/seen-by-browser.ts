import type { Exchange, Visit } from './recorded.ts'

/** The visit that an action led to. */
export interface Lead extends Visit {
  /**
   * `page`: the tab shows another page, or the same one anew. `same-page`: only the fragment or the
   * history changed. `download`: the answer is a file. `no-content`: an answer such as 204, at which
   * a browser stays where it is. `window`: a window of its own, which was closed after its load.
   * `error`: no page came, `error` says why. `nothing`: Chromium began no visit in the time that a
   * scenario waits.
   */
  readonly to: 'page' | 'same-page' | 'download' | 'no-content' | 'window' | 'error' | 'nothing'
}

/** A request as Chromium made it, or was going to. */
export interface BrowserRequest {
  readonly kind: 'browser-request'
  /**
   * `document`, `stylesheet`, `script`, `image`, `font`, `media`, `fetch`, `xhr`, `eventsource`,
   * `preflight`, `prefetch` (by speculation rules, to prerender too), `ping` (a beacon), `manifest`,
   * `other` (a `<link rel="prefetch">` too).
   */
  readonly type: string
  readonly method: string
  readonly url: string
  /**
   * What was answered: 304 also where the page was given the stored 200. Null when no answer came.
   */
  readonly status: number | null
  /**
   * Which of Chromium's caches answered, without the wire. What speculation rules fetched in advance
   * counts as `disk`.
   */
  readonly fromCache: 'memory' | 'disk' | null
  /** `http/1.1`, `h2`; null when nothing was spoken. */
  readonly protocol: string | null
  /**
   * Chromium's number of the connection, the same for all that shared one; null without a
   * connection.
   */
  readonly connectionId: number | null
  /** What caused it. */
  readonly initiator: {
    /** `parser`, `script`, `preload`, `preflight`, `other`: a person, or the tab itself. */
    readonly type: string
    /** The page or script that did; null when Chromium names none. */
    readonly url: string | null
  }
  /** The address that redirected to this one; null when none did. */
  readonly redirectedFrom: string | null
  /**
   * Why Chromium did not send it, or withheld the answer (CDP blockedReason, CorsError): `csp`,
   * `mixed-content`, `MissingAllowOriginHeader`. Null when it did not.
   */
  readonly blocked: string | null
  /** Why it failed (CDP errorText): `net::ERR_ABORTED`. Null when it did not, or is under way. */
  readonly error: string | null
  /** What crossed the wire for it; null when nothing did. */
  readonly exchange: Exchange | null
}

/** A file that a page's visitor saved. */
export interface Download {
  readonly kind: 'download'
  /** The name that Chromium gives it. */
  readonly suggestedFilename: string
  readonly url: string
  /**
   * The file as it was saved, with content codings undone: the first megabyte of it. Empty unless
   * it is complete.
   */
  readonly bytes: Uint8Array
  /** The file after its first megabyte; left out where that is all of it. */
  readonly rest?: { readonly bytes: number; readonly sha256: string }
  /**
   * `canceled`: the answer broke off, or was longer than 64 MB. `unfinished`: it had not come to its
   * end in the time that a scenario waits.
   */
  readonly state: 'completed' | 'canceled' | 'unfinished'
}

export interface Fetched {
  /**
   * What crossed the wire for it, without the question that may have come before; null when nothing
   * did.
   */
  readonly exchange: Exchange | null
  /** The browser's question before it (a CORS preflight), when it asked one. */
  readonly preflight: Exchange | null
  readonly seen: {
    readonly status: number
    readonly headers: readonly (readonly [string, string])[]
    readonly text: string
  } | null
  readonly error: string | null
  /**
   * The status that fetch() had resolved with, also when reading the content failed after that;
   * null when fetch() itself failed.
   */
  readonly resolvedWith: number | null
  /**
   * Chromium's own reason when the exchange failed (CDP errorText):
   * `net::ERR_INCOMPLETE_CHUNKED_ENCODING`.
   */
  readonly networkError: string | null
  /**
   * Chromium's own reason when it withheld the answer or did not ask for it (CDP CorsError):
   * `MissingAllowOriginHeader`.
   */
  readonly corsError: string | null
}
