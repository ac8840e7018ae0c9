import type { ConsoleResult, Jar, Visit } from './recorded.ts'
import type { BrowserRequest, Download, Fetched, Lead } from './seen-by-browser.ts'

/**
 * A tab of a visitor's browser. Every call has a deadline of its own and gives facts, also when the
 * load failed.
 *
 * What a person does (`click`, `fill`, `press`, `check`, `uncheck`, `selectOption`,
 * `setInputFiles`) waits until the element is there, visible and at rest. Where the learner's page
 * does not come to have it, the scenario ends there and its checks fail with what is lacking. On a
 * page of one of your own origins that is a mistake in the exercise. Await each of them.
 */
export interface Page {
  /**
   * Loads a path of the learner's program, the address of an origin, or `about:blank`, and waits
   * for the page's load event. Not awaited yet, the page can be looked into while it loads:
   * `until('document.readyState', …)`.
   */
  open(address: string): Promise<Visit>
  /** Loads the page again as it came: what was shown for a POST is posted again. */
  reload(): Promise<Visit>
  /** One page back in the tab's history. `error` says so when the tab is at its first page. */
  goBack(): Promise<Visit>
  goForward(): Promise<Visit>
  /** Closes the tab as a person does: its page hears `visibilitychange` and `pagehide`. */
  close(): Promise<void>
  /** Shows this tab of the visitor; the one that was shown becomes hidden. */
  bringToFront(): Promise<void>
  /**
   * Clicks an element with the mouse: trusted events, at its middle. Settles when Chromium has
   * dealt with it; a request that it leads to has left by then. Such a request need not be
   * answered for the next click on the same element.
   */
  click(selector: string, options?: ClickOptions): Promise<void>
  /** Replaces what a text field holds: trusted `input`, and `change` when it is left. */
  fill(selector: string, value: string): Promise<void>
  /** Presses a key on an element that has the focus then: `Enter`, `a`, `Control+Enter`. */
  press(selector: string, key: string): Promise<void>
  /** Clicks a check box or a radio button that is not checked. */
  check(selector: string): Promise<void>
  uncheck(selector: string): Promise<void>
  /** Chooses the option with that value, or else that label: trusted `input` and `change`. */
  selectOption(selector: string, option: string): Promise<void>
  /** Chooses files in an `<input type="file">`; the files are made for it, none is on the disk. */
  setInputFiles(selector: string, files: InputFile | readonly InputFile[]): Promise<void>
  /**
   * Does something and gives the visit that it led to, wherever that is: `to` says it. The document
   * is found by the method and the address that Chromium asked with, so a POST is found as well.
   */
  leads(action: () => Promise<unknown>): Promise<Lead>
  /** Evaluates an expression in the page's console; a promise is awaited. */
  evaluate(expression: string): Promise<ConsoleResult>
  /**
   * Evaluates an expression again and again until its value is `enough` or its time is over, and
   * gives the last result.
   */
  until(expression: string, enough: (value: any) => boolean): Promise<ConsoleResult>
  /** The page in an `<iframe>`, whatever its origin. It is looked for whenever it is asked. */
  frame(selector: string): Frame
  /**
   * The page's script fetches a path of the learner's program, or the address of an origin, past
   * the browser's cache, and so past what it remembers of preflights, unless told otherwise. `seen`
   * is what the script saw of the answer.
   */
  fetch(address: string, init?: FetchInit): Promise<Fetched>
  /**
   * Everything this tab has asked for so far, in order: what crossed the wire, what a cache
   * answered, preflights, each redirect, and what Chromium refused. Each is filled in until the
   * scenario ends, and has an exchange only once Chromium has sent it. Workers' requests are not
   * there.
   */
  requests(): readonly BrowserRequest[]
  /**
   * What this tab saved as files so far; waits for those that are under way. The visitor has to be
   * one who takes them: `newPage('Ann', { acceptDownloads: true })`.
   */
  downloads(): Promise<readonly Download[]>
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

/** How a tab is opened. */
export interface PageOptions {
  /** False: no script of its pages runs. What the scenario evaluates does. */
  readonly javaScriptEnabled?: boolean
  /**
   * What the tab answers a challenge (401) with. The first answer then stays the `document` of a
   * visit, and the one to the second try is among `followed`.
   */
  readonly httpCredentials?: { readonly username: string; readonly password: string }
  /**
   * Files are saved, for downloads(). Left out, Chromium breaks a download off after the head of
   * its answer.
   */
  readonly acceptDownloads?: boolean
}

export interface ClickOptions {
  /**
   * How many clicks, 1 when left out; the place is taken once, before the first. The next one comes
   * when the request that the one before led to, if it led to one, has left.
   */
  readonly count?: number
  /** Milliseconds between pressing and releasing the button; 0 when left out. */
  readonly delay?: number
}

/** A file to choose. */
export interface InputFile {
  readonly name: string
  /** Its media type; empty where the browser is not to know one. */
  readonly type: string
  readonly bytes: Uint8Array
}

/** A page within the page. */
export interface Frame {
  /** Evaluates an expression in the frame's page; a promise is awaited. */
  evaluate(expression: string): Promise<ConsoleResult>
  /** The same again and again until its value is `enough` or its time is over. */
  until(expression: string, enough: (value: any) => boolean): Promise<ConsoleResult>
}

export interface FetchInit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly credentials?: 'omit' | 'same-origin' | 'include'
  readonly mode?: 'cors' | 'no-cors' | 'same-origin'
  readonly cache?: 'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached'
}

export interface CorsError {
  /** The address that was to be fetched. */
  readonly url: string
  /** Chromium's own reason (CDP CorsError): `PreflightInvalidStatus`. */
  readonly error: string
}
