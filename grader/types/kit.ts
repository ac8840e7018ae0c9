import type { Call, Exchange, RawRecord, CookieChart } from './index.ts'
import type { Certificate, CertificateOptions } from '../record/wire/tls/certificate.ts'
import type { Http2Connection } from '../record/wire/tls/http2-connection.ts'
import type { SecureVersion } from '../record/wire/tls/client-hello.ts'
import type { Answer, Asked, Reply } from '../record/wire/partner/answer-request.ts'
import type { Wire } from '../record/wire/faults/fault-injection.ts'
import type { Origin, OriginOptions } from '../record/wire/partner/partner-server.ts'
import type { Serve } from '../record/wire/partner/served-connection.ts'
import type { Page, PageOptions } from './page.ts'
import type { LearnerProgram } from './program.ts'
import type { RawConnection } from '../record/wire/raw/raw-connection.ts'
import type { RawRequest } from '../record/wire/raw/raw-request.ts'

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
   * The same, but nothing is answered for you: `serve` is called with each connection, reads what
   * it likes and writes every byte. Its Origin records as any other.
   */
  listen(name: string, serve: Serve, options?: OriginOptions): Promise<Origin>
  /**
   * A certificate for servers of these names (DNS names, of which `*.shop.test` is one, and IP
   * addresses), by an authority that the grader's browsers trust. Its files are for a program's
   * environment: `KEY: certificate.keyFile`. They go with the program.
   */
  certificate(names: string | readonly string[], options?: CertificateOptions): Promise<Certificate>
  /**
   * A folder of files (a text is UTF-8) and symbolic links that the learner's program may read:
   * `folder({ 'site/a.html': '<p>', 'site/out': { link: '../secret.txt' }, 'secret.txt': word })`.
   * Gives its path, a different one in every run, for the program's environment. It goes with the
   * program, and is left out of what a learner is shown: `npm run serve` makes one of its own.
   * @throws Error for a name or a content that no folder can hold.
   */
  folder(contents: FolderContents): Promise<string>
  /** A free port, for a program that listens on a second one: it goes into the environment. */
  port(): Promise<number>
}

/** What a folder holds, by paths with forward slashes; a link leads from the folder it is in. */
export type FolderContents = Readonly<
  Record<string, string | Uint8Array | { readonly link: string }>
>

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
  /**
   * Page exercises only: routes of your own on the page's origin. It is asked before the page's
   * files, with every request, and gives undefined for what isn't its own. Its replies carry the
   * cache fields that you give them, and no others.
   */
  readonly site?: SiteAnswer
  /** Page exercises only: Cache-Control of the page and its scripts; `no-store` when left out. */
  readonly cacheControl?: string
  readonly [anything: string]: unknown
}

/** Answers the requests that are its own, and gives undefined for all others. */
export type SiteAnswer = (request: Asked) => Reply | undefined | Promise<Reply | undefined>

/**
 * What a scenario is given. The learner's program runs; a server is reached through the recording
 * proxy.
 */
export interface Kit extends SetUpKit {
  /**
   * The learner's running program, to be ended, started again or read (server exercises that the
   * grader starts).
   */
  readonly program: LearnerProgram
  /** Waits; only for what takes time by its nature. Everything else is a condition to be polled. */
  wait(seconds: number): Promise<void>
  /**
   * `http://127.0.0.1:40123`: where clients reach the learner's server, or the site with the
   * learner's page; the first of the scenario's sites where it has some.
   */
  readonly address: string
  /**
   * `http://127.0.0.1:40123`: the same server by its plain address, also where there are sites.
   * Pages, `send` and `connect` reach it there as they reach a site; such exchanges have no `site`.
   */
  readonly loopback: string
  /** A tab. Tabs of the same visitor share a jar and a cache; another name is another person. */
  newPage(visitor?: string, options?: PageOptions): Promise<Page>
  /** One request made by hand, on a connection of its own. */
  send(request: (RawRequest & ConnectOptions) | string): Promise<Exchange | null>
  /**
   * Requests that the program gets at the same time, each on a connection of its own: all but their
   * last bytes are sent first and, when the program has read them, the last bytes at once. Gives
   * the exchanges in the order of the requests.
   */
  sendTogether(
    requests: readonly ((RawRequest & ConnectOptions) | string)[],
  ): Promise<(Exchange | null)[]>
  /**
   * A connection of your own, byte by byte or request by request; to an https site, the bytes
   * inside TLS. It ends with the scenario.
   */
  connect(way?: ConnectOptions): Promise<RawConnection>
  /**
   * An HTTP/2 connection of your own to an https site, the first one when left out. It ends with
   * the scenario.
   */
  connectHttp2(site?: string): Promise<Http2Connection>
  /**
   * Everything on the learner's wire so far, in the order the requests began; the browser's own
   * /favicon.ico only with `icons`. A request that the browser sent again by itself, because its idle
   * connection was closed in that moment, is there once.
   */
  exchanges(options?: { icons: boolean }): Exchange[]
  /**
   * Every connection to the learner's program that carried something, with the exact bytes its
   * client sent and when; of HTTP/2, none.
   */
  connections(): RawRecord[]
  /** Faults between clients and the program: a lost answer, an answer that is held. */
  readonly wire: Wire
  /**
   * Waits until the condition gives something else than undefined, null or false: asked again
   * whenever something crosses a wire of this scenario, and every few milliseconds. Gives that, or
   * null when the time is up.
   */
  until<Value>(
    condition: () => Value | undefined | null | false,
  ): Promise<Exclude<Value, undefined | null | false> | null>
  /**
   * Waits until the program has read what was sent to it before, so that what is sent next is read
   * by itself: `await connection.write(half); await untilRead()`. It has when it lets go of a
   * connection that was opened and ended afterwards; a program that doesn't is given 40 ms.
   */
  untilRead(way?: ConnectOptions): Promise<void>
  /** Watches requests to a path for a while, row by row as they leave. */
  watch(options: WatchOptions): Promise<Exchange[]>
  /**
   * Does what is given, during which durations count: `critical(() => send('/slow'))`. Exchanges
   * that go on within it can be judged by `toBeAnsweredWithin` and `waitsBetween`. Where this
   * machine stalled meanwhile for more than 0.3 s, or let the learner's program wait as long for a
   * processor, the observation is void and the scenario is run again, so that nobody is judged by
   * how busy a machine is.
   */
  critical<Result>(work: () => Promise<Result>): Promise<Result>
  /**
   * For what was recorded so slowly that it shows nothing, be the program right or wrong: where this
   * machine is busy, the observation is void and the scenario is run again. On a machine that keeps
   * up nothing happens, because there the program itself is slow.
   */
  voidIfBusy(): Promise<void>
  /**
   * Calls a function that the learner's file exports (client exercises) and gives what it gave:
   * what structuredClone can copy. All calls of a scenario go to one process. A function that is
   * not exported is a failure with words; nothing is thrown for one that throws.
   */
  call(name: string, ...args: unknown[]): Promise<Call>
}

/** How a client that isn't a browser reaches the program. */
export interface ConnectOptions {
  /** One of the scenario's sites, or `loopback`; the first site when left out. */
  readonly site?: string
  /** What is offered inside TLS (ALPN, RFC 7301): `http/1.1` when left out, nothing for null. */
  readonly alpn?: 'http/1.1' | null
  /** The bytes go without TLS to the port of an https site. */
  readonly plain?: boolean
  /** The versions of TLS that are offered: TLS 1.2 and 1.3 when left out (RFC 8446 §4.2.1). */
  readonly tls?: { readonly minVersion?: SecureVersion; readonly maxVersion?: SecureVersion }
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

/**
 * Values a program cannot know beforehand: drawn anew for every scenario of every grading. In the
 * author's gate they are drawn from the scenario's title, so that what is said about them can be
 * compared: gradings that verify runs side by side get the same values. Tell parallel programs
 * apart by what is never shared (`port()`, `origin().url`, the path of a `folder()`), not by these.
 */
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
