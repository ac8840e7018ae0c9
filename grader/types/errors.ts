import type { Exchange } from './recorded.ts'

/**
 * The learner's program cannot be graded at all: it does not start, or a part of it is missing. A
 * failure, with words.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError'
  readonly id: string
  readonly lines: readonly string[]
  readonly finding: { readonly expected: string; readonly received: string } | undefined

  /**
   * `lines`: what the program printed, or a table of what was found. `finding`: where another one
   * than that it does not start.
   */
  constructor(
    id: string,
    message: string,
    lines: readonly string[] = [],
    finding?: StartupError['finding'],
  ) {
    super(message)
    this.id = id
    this.lines = lines
    this.finding = finding
  }
}

/** Something of ours failed and the learner's work was not judged. `remedy` says what fixes it. */
export class GraderError extends Error {
  override readonly name = 'GraderError'
  readonly remedy: string

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.remedy = remedy
  }
}

/**
 * What was observed cannot be trusted (the clock jumped, the machine stalled): the scenario is
 * repeated.
 */
export class InconclusiveObservation extends Error {
  override readonly name = 'InconclusiveObservation'
  /** What is said when it happened every time; undefined where the machine was too busy. */
  readonly everyTime: string | undefined

  constructor(message: string, everyTime?: string) {
    super(message)
    this.everyTime = everyTime
  }
}

/** The browser went away in the middle: it is started again and the scenario repeated. */
export class BrowserDied extends Error {
  override readonly name = 'BrowserDied'
}

/**
 * The learner's page does not let a scenario do what it has to do: it lacks a button, say. The
 * scenario ends there, and its checks fail with these words.
 */
export class ActionFailed extends Error {
  override readonly name = 'ActionFailed'
  readonly finding: { readonly claim: string; readonly expected: string; readonly received: string }
  /** What the page came with, where that is known. */
  readonly exchange: Exchange | null

  constructor(finding: ActionFailed['finding'], exchange: Exchange | null) {
    super(`${finding.claim}: ${finding.received}`)
    this.finding = finding
    this.exchange = exchange
  }
}
