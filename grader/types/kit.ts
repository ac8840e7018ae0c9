import type { Call, Exchange, RawRecord, CookieChart } from './index.ts'
import type { Certificate, CertificateOptions } from '../record/wire/tls/certificate.ts'
import type { Http2Connection } from '../record/wire/tls/http2-connection.ts'
import type { Answer, Origin, OriginOptions } from '../record/wire/partner-server.ts'
import type { Page, PageOptions } from './page.ts'
import type { RawConnection } from '../record/wire/raw-connection.ts'
import type { RawRequest } from '../record/wire/send-raw.ts'

/** What a scenario has before the learner's program is started. */
export interface SetUpKit {
  readonly random: Random
  /**
   * A server of the grader's own, with its own port, that keeps every byte: another site's page, a
   * partner's API, what a client talks to. `name` is how a learner reads of it: `the partner`.
   * Without an answer it gives an empty HTML page at every path; with a certificate it speaks TLS.
   */
  origin(name: string, answer?: Answer, options?: OriginOptions): Promise<Origin>
  /**
   * A certificate for servers of these names (DNS names, of which `*.shop.test` is one, and IP
   * addresses), by an authority that the grader's browsers trust. Its files are for a program's
   * environment: `KEY: certificate.keyFile`. They go with the program.
   */
  certificate(names: string | readonly string[], options?: CertificateOptions): Promise<Certificate>
  /** A free port, for a program that listens on a second one: it goes into the environment. */
  port(): Promise<number>
}

/** What is drawn and opened before the program starts; all of it is handed to the scenario. */
export interface SetUp {
  /**
   * The program's environment beside PORT. In a page exercise, the values of `{{NAME}}` in
   * index.html.
   */
  readonly environment?: Readonly<Record<string, string>>
  /**
   * Origins by which the scenario's browsers and clients know the program, each with the variable
   * that holds the port it is found at: `{ 'http://shop.test': 'PORT', 'https://shop.test':
   * 'TLS_PORT' }`. No name is resolved, no port of the scheme needed. What speaks TLS needs a
   * certificate for the name. The first one is where `open('/')` and `send('/')` go.
   */
  readonly sites?: Readonly<Record<string, string>>
  readonly [anything: string]: unknown
}

/**
 * What a scenario is given. The learner's program runs; a server is reached through the recording
 * proxy.
 */
export interface Kit extends SetUpKit {
  /** Waits; only for what takes time by its nature. Everything else is a condition to be polled. */
  wait(seconds: number): Promise<void>
  /**
   * `http://127.0.0.1:40123`: where clients reach the learner's server, or the site with the
   * learner's page; the first of the scenario's sites where it has some.
   */
  readonly address: string
  /** A tab. Tabs of the same visitor share a jar and a cache; another name is another person. */
  newPage(visitor?: string, options?: PageOptions): Promise<Page>
  /** One request made by hand, on a connection of its own. */
  send(request: (RawRequest & ConnectOptions) | string): Promise<Exchange | null>
  /**
   * A connection of your own, byte by byte; to an https site, the bytes inside TLS. It ends with
   * the scenario.
   */
  connect(way?: ConnectOptions): Promise<RawConnection>
  /**
   * An HTTP/2 connection of your own to an https site, the first one when left out. It ends with
   * the scenario.
   */
  connectHttp2(site?: string): Promise<Http2Connection>
  /**
   * Everything on the learner's wire so far, in the order the requests began; the browser's own
   * /favicon.ico only with `icons`.
   */
  exchanges(options?: { icons: boolean }): Exchange[]
  /**
   * Every connection to the learner's program that carried something, with the exact bytes its
   * client sent and when; of HTTP/2, none.
   */
  connections(): RawRecord[]
  /** Watches requests to a path for a while, row by row as they leave. */
  watch(options: WatchOptions): Promise<Exchange[]>
  /**
   * Calls a function that the learner's file exports (client exercises) and gives what it gave:
   * what structuredClone can copy. All calls of a scenario go to one process. A function that is
   * not exported is a failure with words; nothing is thrown for one that throws.
   */
  call(name: string, ...args: unknown[]): Promise<Call>
}

/** How a client that isn't a browser reaches the program. */
export interface ConnectOptions {
  /** One of the scenario's sites; the first one when left out. */
  readonly site?: string
  /** What is offered inside TLS (ALPN, RFC 7301): `http/1.1` when left out, nothing for null. */
  readonly alpn?: 'http/1.1' | null
  /** The bytes go without TLS to the port of an https site. */
  readonly plain?: boolean
}

export interface WatchOptions {
  readonly path: string
  /** The answer from which time is counted. */
  readonly from: Exchange | null
  /**
   * The watch ends when that many requests were answered; a second after as many seconds when none
   * come any more, at the latest five.
   */
  readonly seconds: number
  /** The cookie whose presence is shown while waiting. */
  readonly cookie: string
  /**
   * Seconds around which the machine must not have stalled, or the observation is void and made
   * again.
   */
  readonly critical: readonly (readonly [from: number, to: number])[]
}

/** Called while a scenario waits. */
export type OnWatch = (progress: {
  done: number
  total: number
  unit: string
  chart: CookieChart
}) => void

/** Values a program cannot know beforehand. */
export interface Random {
  /** Hexadecimal characters. */
  token(length?: number): string
  /** A pronounceable word of six letters. */
  word(): string
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number
  /** So many bytes of any value. */
  bytes(length: number): Uint8Array
  /** The items in another order; the list that is given stays as it is. */
  shuffle<Item>(items: readonly Item[]): Item[]
  /** A UUID of version 4 (RFC 9562 §5.4). */
  uuid(): string
}
