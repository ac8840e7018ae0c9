/** Field lines as they crossed the wire: order, case and repeats kept. */
export type Headers = readonly (readonly [name: string, value: string])[]

export interface Message {
  /** The first line, without its line ending. */
  readonly startLine: string
  readonly headers: Headers
  /** The exact bytes of start line and fields, up to and with the empty line. */
  readonly head: Uint8Array
  /**
   * The content with its framing (chunks) removed; content codings stay. The first megabyte of it,
   * where it has more.
   */
  readonly body: Uint8Array
  /**
   * What lay around the content that came in chunks: their sizes, line ends and the trailers, in
   * the order they crossed the wire; the first megabyte of it. Left out where there were no chunks.
   */
  readonly framing?: Uint8Array
  /** The content after the first megabyte; left out where that is all of it. */
  readonly rest?: { readonly bytes: number; readonly sha256: string }
  /**
   * True once its framing has said that it is over: in HTTP/1.1 (RFC 9112 §6.3) its length, its
   * last chunk or, for some responses, the end of the connection; in HTTP/2 the end of its side of
   * the stream (END_STREAM, RFC 9113 §8.1). False when a reset, the end of the connection or that
   * of the recording came first.
   */
  readonly complete: boolean
  readonly startedAt: number
  readonly endedAt: number
}

export interface Request extends Message {
  readonly method: string
  /** The request target as sent: path and query. */
  readonly target: string
  /** The target without its query. */
  readonly path: string
}

export interface Response extends Message {
  /** As Chromium reads it: where the status line names none, 200. */
  readonly status: number
  readonly reason: string
  /** Why Chromium refuses this response, whatever follows: `it names two different Locations`. */
  readonly refused?: string
}

/** One request and what came back for it, as the recording proxy saw both. */
export interface Exchange {
  readonly kind: 'exchange'
  /** Unique within the run. */
  readonly id: number
  readonly connection: number
  readonly startedAt: number
  readonly request: Request
  /** Null when no response came, or what came is not HTTP: then `garbage` holds it. */
  readonly response: Response | null
  /** Bytes that came in place of a response and aren't HTTP; the first megabyte of them. */
  readonly garbage: Uint8Array | null
  /**
   * What the server sent afterwards and no request had asked for; after 101 and after CONNECT's
   * 2xx, the other protocol. The first megabyte of it; left out where nothing came.
   */
  readonly extra?: Uint8Array
  /**
   * How the connection ended, when it ended before the response was complete. Refused: nothing
   * listened any more. Capped: too much was sent.
   */
  readonly cut: 'closed' | 'reset' | 'refused' | 'capped' | null
  /**
   * The client ended its side of the connection before the response was complete; it may still read
   * what comes. Left out where it did not.
   */
  readonly clientEnded?: true
  /** How long an answer was waited for, in milliseconds, when none came to its end. */
  readonly waitedMs?: number
  /** It went on within `critical(…)`, so that its durations can be judged. */
  readonly timed?: true
  /**
   * The server of the grader's own that was asked, by its name: `the partner`. Left out for the
   * learner's.
   */
  readonly origin?: string
  /**
   * `https://shop.test`: the site of the scenario that was asked; where the request names another
   * host, one at the same port. Left out where the program is asked by its address.
   */
  readonly site?: string
  /**
   * What was spoken inside TLS. Of HTTP/2 the heads are written out as text: on the wire they are
   * compressed fields.
   */
  readonly protocol?: 'h2' | 'http/1.1'
  /** What TLS agreed upon for its connection; left out without TLS. */
  readonly security?: Security
  /**
   * What came before the answer (RFC 9110 §15.2), in its order: 100, 103. Left out where nothing
   * did.
   */
  readonly interim?: readonly Interim[]
  /**
   * What the scenario had the wire do to it, so neither side did; left out where it did nothing.
   * `response` is what the program sent, also where not all of it reached the client.
   */
  readonly injected?: readonly InjectedFault[]
}

/** A fault that a scenario injected between a client and the program. */
export interface InjectedFault {
  /**
   * `cut`: the client lost its connection. `held-request`: the program got the request later.
   * `held-response`: the client got the answer later.
   */
  readonly kind: 'cut' | 'held-request' | 'held-response'
  /** Of a cut: before the first byte of the answer reached the client, or in the middle of it. */
  readonly moment?: 'before-response' | 'mid-response'
  /** Of a cut: how the client's connection ended. */
  readonly how?: 'end' | 'reset'
  readonly at: number
  /** Of what was held: when it was released; null while it was not. */
  readonly until?: number | null
}

/** What TLS agreed upon, and what the server showed. */
export interface Security {
  /** `TLSv1.3` */
  readonly protocol: string
  /** The cipher suite by its name at IANA: `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string
  readonly certificate: ShownCertificate
}

/** What a certificate says that a server showed (RFC 5280). */
export interface ShownCertificate {
  /** The DNS names and IP addresses it is for, in its order (§4.2.1.6). */
  readonly names: readonly string[]
  /** From when it is valid, in milliseconds since the Unix epoch. */
  readonly from: number
  /** Until when it is valid, in milliseconds since the Unix epoch. */
  readonly until: number
}

/** An answer that is not the last one. */
export interface Interim {
  readonly status: number
  readonly headers: Headers
  readonly at: number
}

/**
 * A page load. `document` is what the address itself answered, a redirect where it redirects; null
 * when the browser's cache answered and nothing crossed the wire.
 */
export interface Visit {
  readonly kind: 'visit'
  readonly url: string
  readonly document: Exchange | null
  /** Where its redirects led, in order; the last one is what the page shows. */
  readonly followed: readonly Exchange[]
  /** What the page shows in the end (innerText of the body). */
  readonly text: string
  readonly console: readonly string[]
  /** Chromium's reason when the load failed: `net::ERR_EMPTY_RESPONSE`. */
  readonly error: string | null
}

/** A cookie as the browser's jar holds it (CDP Network.Cookie). */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly path: string
  /** Null: a session cookie. */
  readonly expiresAt: number | null
  readonly httpOnly: boolean
  readonly secure: boolean
  /** Null: the server did not say, and the browser treats it as Lax. */
  readonly sameSite: 'Strict' | 'Lax' | 'None' | null
}

/** A Set-Cookie line that Chromium did not keep, with its own reason (CDP blockedCookies). */
export interface RefusedCookie {
  readonly line: string
  readonly reasons: readonly string[]
}

/** The browser's own list of one visitor's cookies at a moment. */
export interface Jar {
  readonly kind: 'jar'
  readonly at: number
  readonly cookies: readonly Cookie[]
  readonly refused: readonly RefusedCookie[]
}

/** An expression evaluated in the page's console. */
export interface ConsoleResult {
  readonly kind: 'console'
  /**
   * Where a person sees the same: the path of a page of the learner's program, the whole address
   * of any other.
   */
  readonly page: string
  readonly expression: string
  /** The value, as JSON can carry it. */
  readonly value: unknown
  /** What was thrown instead. */
  readonly error: string | null
}

/** A call of a function that the learner's file exports. */
export interface Call {
  readonly kind: 'call'
  /** As it would be written: `get('127.0.0.1', 40123, '/a')`. */
  readonly call: string
  /** What it gave, in the end. */
  readonly value: unknown
  /** What it threw instead, or why nothing came of it. */
  readonly error: string | null
  readonly startedAt: number
  readonly endedAt: number
}

/** What came over a connection from its other side, with the time of every piece. */
export interface RawRecord {
  readonly kind: 'raw'
  readonly openedAt: number
  readonly chunks: readonly { readonly at: number; readonly bytes: Uint8Array }[]
  /** All of it, up to a megabyte. */
  readonly bytes: Uint8Array
  /** How the other side ended it; null while it was open. */
  readonly ended: 'closed' | 'reset' | null
  readonly endedAt: number | null
}

/** An attempt at TLS, as the server saw it. */
export interface Handshake {
  /** When the client's first bytes came. */
  readonly at: number
  /** The name the client asked for (SNI); null when it named none, or did not come that far. */
  readonly servername: string | null
  /** The protocols the client offered (ALPN), in its order. */
  readonly alpn: readonly string[]
  /** `TLSv1.3`, once both sides had finished. */
  readonly protocol: string | null
  /**
   * How it failed otherwise: the client's alert (`certificate unknown`), `hung up`, `no TLS`, or
   * OpenSSL's reason in words.
   */
  readonly error: string | null
}
