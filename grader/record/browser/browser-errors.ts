const ANOTHER = 'set PUPPETEER_EXECUTABLE_PATH to a Chrome, Chromium or Edge that you have'

/**
 * There is no browser, and none could be installed. The message lists what was looked for and
 * tried.
 */
export class BrowserNotFound extends Error {
  override readonly name = 'BrowserNotFound'
  readonly remedy: string
  readonly remedies: readonly string[]

  /**
   * `remedies`: what fixes it, one command or advice each; `remedy` lists them unless there are
   * better words.
   */
  constructor(message: string, remedies: readonly string[], remedy = anyOf(remedies)) {
    super(message)
    this.remedies = remedies
    this.remedy = remedy
  }
}

export interface BrowserFailure {
  readonly message: string
  /** What fixes it, one command or advice each. */
  readonly remedies: readonly string[]
  /** What the browser itself said, its last lines. */
  readonly log: readonly string[]
  /**
   * It cannot start on this machine as it is, for instance for want of a shared library: another
   * browser may.
   */
  readonly unusable: boolean
  /** A file of it may be damaged, as far as its end shows. */
  readonly maybeDamaged?: boolean
  /** Somebody killed it, or the system did: it may start the next time. */
  readonly killed?: boolean
  readonly cause?: unknown
}

/** A browser was found, and it does not start. */
export class BrowserFailed extends Error {
  override readonly name = 'BrowserFailed'
  readonly remedy: string
  readonly failure: BrowserFailure

  constructor(failure: BrowserFailure) {
    super(failure.message, { cause: failure.cause })
    this.failure = failure
    this.remedy = anyOf(failure.remedies)
  }
}

/** The ways out, as a list; naming another browser is always one. */
export function anyOf(remedies: readonly string[]): string {
  const indented = [...remedies, ANOTHER].map((remedy) => `  ${remedy}`)
  return ['Any one of these fixes it:', ...indented, 'Then run the command again.'].join('\n')
}
