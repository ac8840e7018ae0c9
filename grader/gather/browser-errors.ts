/** There is no browser, and none could be brought. The message lists what was tried. */
export class BrowserNotFound extends Error {
  override readonly name = 'BrowserNotFound'
  /** The commands that mend it. */
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}

/** A browser was found, and it does not start. */
export class BrowserFailed extends Error {
  override readonly name = 'BrowserFailed'
  readonly remedy: string
  /** What the browser itself said, its last lines. */
  readonly log: readonly string[]
  /** The browser can start nowhere on this machine as it is, for instance for want of a shared library: another one may. */
  readonly unusable: boolean

  constructor(message: string, remedy: string, log: readonly string[], unusable: boolean, options?: ErrorOptions) {
    super(message, options)
    this.remedy = remedy
    this.log = log
    this.unusable = unusable
  }
}
