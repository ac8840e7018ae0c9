import type { ConsoleResult, Exchange, Jar, Visit } from './recorded.ts'

/**
 * A tab of a visitor's browser. Every call has a deadline of its own and gives facts, also when the
 * load failed.
 */
export interface Page {
  /**
   * Loads a path of the learner's program, or the address of an origin, and waits for the page's
   * load event. Not awaited yet, the page can be looked into while it loads:
   * `until('document.readyState', …)`.
   */
  open(address: string): Promise<Visit>
  reload(): Promise<Visit>
  /** Evaluates an expression in the page's console; a promise is awaited. */
  evaluate(expression: string): Promise<ConsoleResult>
  /**
   * Evaluates an expression again and again until its value is `enough` or its time is over, and
   * gives the last result.
   */
  until(expression: string, enough: (value: any) => boolean): Promise<ConsoleResult>
  /**
   * The page's script fetches a path of the learner's program, or the address of an origin, past
   * the browser's cache, and so past what it remembers of preflights, unless told otherwise. `seen`
   * is what the script saw of the answer.
   */
  fetch(address: string, init?: FetchInit): Promise<Fetched>
  /**
   * What Chromium refused the page's own scripts so far, in order: a request that was not sent, an
   * answer that was withheld.
   */
  corsErrors(): readonly CorsError[]
  /** This visitor's jar, with what Chromium refused to keep so far. */
  jar(): Promise<Jar>
  /** Puts cookies into this visitor's jar, for every path of the site. */
  plant(cookies: Readonly<Record<string, string>>): Promise<void>
}

export interface FetchInit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly credentials?: 'omit' | 'same-origin' | 'include'
  readonly mode?: 'cors' | 'no-cors' | 'same-origin'
  readonly cache?: 'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached'
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

export interface CorsError {
  /** The address that was to be fetched. */
  readonly url: string
  /** Chromium's own reason (CDP CorsError): `PreflightInvalidStatus`. */
  readonly error: string
}
