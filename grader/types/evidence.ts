import type { Exchange } from './recorded.ts'
import type { Diagnosis } from './report.ts'

/** What one scenario recorded. */
export interface Evidence {
  readonly scenario: string
  /** What its `record` returned; its `facts` are made of it whenever it is judged. */
  readonly recorded: unknown
  readonly exchanges: readonly Exchange[]
  /** Standard output and error of the learner's program, in order, capped. */
  readonly log: string
  /**
   * The same output in pieces, each with the time it was read, where those were kept. Capped with
   * the log.
   */
  readonly printed?: readonly Printed[]
  /**
   * How the program ended, when it ended before the scenario did and the scenario had not asked for
   * it.
   */
  readonly exit: ProgramExit | null
  /** Ends that the scenario had not asked for, and after which it went on. */
  readonly crashes?: readonly Crash[]
  /** What the scenario did to the program, in order: the signals it sent, the new starts. */
  readonly interventions?: readonly Intervention[]
  /**
   * What the program was given beside PORT and can be given again: addresses of the grader's own
   * servers are not there.
   */
  readonly environment?: Readonly<Record<string, string>>
  /**
   * What it was given that names such addresses. A request made by hand with the Origin of such a
   * page is judged by them again.
   */
  readonly originsGiven?: Readonly<Record<string, string>>
  /** The sites by which the program was known, each with the variable that holds its port. */
  readonly sites?: Readonly<Record<string, string>>
  /** Page loads that failed, with Chromium's reason: `net::ERR_EMPTY_RESPONSE`. */
  readonly failedLoads?: readonly { readonly path: string; readonly error: string }[]
  /**
   * What the learner's page lacked for the scenario to go on: it ended there. `exchange` is the id
   * of what the page came with.
   */
  readonly stopped?: {
    readonly claim: string
    readonly expected: string
    readonly received: string
    readonly exchange: number | null
  }
  /**
   * What was noticed beside the facts and may explain a failure: a dialog, a service worker, an
   * endless loop.
   */
  readonly remarks: readonly Diagnosis[]
}

export interface Printed {
  readonly at: number
  readonly text: string
  /** Left out where it was not kept. */
  readonly stream?: 'stdout' | 'stderr'
}

export interface Crash {
  readonly exit: ProgramExit
  /** What had been printed until then. */
  readonly log: string
  /** When the scenario dealt with it. */
  readonly until: number
}

export interface Intervention {
  readonly at: number
  /** The signal that was sent; left out for a new start. */
  readonly signal?: string
  /** What the program was given beside PORT at a new start, as in `environment`. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface ProgramExit {
  readonly code: number | null
  readonly signal: string | null
  readonly at: number
}
