/** The learner's running server, for a scenario that ends it, starts it again or reads its output. */
export interface LearnerProgram {
  /** Its process id; another one after a restart. Of a command, the id of its shell. */
  readonly pid: number
  /**
   * Whether it still runs, once it has nothing more to do at once: what crashes right after its
   * answer has crashed by then.
   */
  isRunning(): Promise<boolean>
  /**
   * Sends a signal, SIGTERM when left out, and settles when it was sent. An end after it is
   * expected: it fails no check, and `exited()` says what came of it. The proxy, pages, jars and
   * caches stay.
   * @throws TypeError for any other signal.
   */
  kill(signal?: EndingSignal): Promise<void>
  /**
   * Waits until the program has ended, or the time is over, and says how. Also for one that ends by
   * itself because it was asked to (`POST /shutdown`): from this call on, its end is expected.
   */
  exited(): Promise<ProgramEnd>
  /**
   * Starts it again on the same port: where it still runs it gets SIGTERM first, and SIGKILL when
   * it does not end. What `environment` names replaces what it had. It also starts one that has
   * ended by itself. A program that does not start again fails the scenario's checks with words.
   * @throws Error when `environment` names PORT: that stays.
   */
  restart(options?: { readonly environment?: Readonly<Record<string, string>> }): Promise<void>
  /**
   * What it has printed so far, line by line, over all its starts: the first 64 kB. The list is
   * filled in until the scenario is over, so return it from `record` and look into it in `facts`.
   */
  output(): readonly OutputLine[]
}

export type EndingSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL'

/** A line that the learner's program printed. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr'
  /** When its first character was read. */
  readonly at: number
  /** Of the process that printed it. */
  readonly pid: number
  /** Without its line end. */
  readonly text: string
}

/** How a program ended, or that it did not. */
export interface ProgramEnd {
  readonly kind: 'end'
  /** The last signal that the scenario sent it; null when it sent none. */
  readonly sent: { readonly signal: EndingSignal; readonly at: number } | null
  /** Its exit code; null when a signal ended it, and while it runs. */
  readonly code: number | null
  /** The signal that ended it: `SIGTERM`, where it does not handle that. */
  readonly signal: string | null
  /** When it ended; null when it was still running after `waitedMs`. */
  readonly at: number | null
  /** From the signal, or without one from the call of `exited()`, until its end. */
  readonly waitedMs: number
}
