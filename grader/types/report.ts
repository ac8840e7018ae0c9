import type { Exhibit, CookieChart } from './exhibit.ts'

/** One claim a check made about something recorded. */
export interface Finding {
  readonly claim: string
  readonly expected: string
  readonly received: string
  readonly holds: boolean
  readonly exhibit?: Exhibit
}

export interface CheckResult {
  readonly id: string
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'errored'
  readonly findings: readonly Finding[]
  /** Pictures that belong to the check as a whole. */
  readonly exhibits: readonly Exhibit[]
  readonly diagnosis?: Diagnosis
  /** Failed: the id of the exchange whose claim did not hold, when it was about one. */
  readonly failedOn?: number
  /** Skipped: the id of the check it needs. */
  readonly needs?: string
  /** Skipped although what it needs has passed: why. */
  readonly reason?: string
  /** Errored: what went wrong on our side or the author's. */
  readonly error?: string
  /** Commands that show a failure again, in order. */
  readonly reproduce: readonly string[]
  readonly reread?: Reread
  readonly spec?: string
  /**
   * Milliseconds from the start of the run to the result, without those in which a browser was
   * installed.
   */
  readonly atMs: number
}

export interface Diagnosis {
  readonly id: string
  readonly say: string
  /** The id of the exchange it speaks of, when it speaks of one. */
  readonly exchange?: number
  /**
   * Of a program that crashed: the error that it printed, `Error: boom (server.ts line 4)`. Left
   * out where it printed none.
   */
  readonly crash?: string
}

/** The paragraph of a lesson that explains what went wrong. */
export interface Reread {
  readonly lesson: string
  readonly lessonTitle: string
  readonly anchor: string
  readonly heading: string
}

export type Verdict = 'passed' | 'failed' | 'errored'

export interface Report {
  /** Id of the exercise. */
  readonly exercise: string
  readonly title: string
  readonly verdict: Verdict
  readonly checks: readonly CheckResult[]
  /** ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
  /** Id of the run, under which its evidence is kept. */
  readonly run: string
  /** What was graded, for a person: `work/cookies-max-age/server.ts`, a command or an address. */
  readonly program: string
  /** How a person starts it again (null: it runs already), and where it answers then. */
  readonly byHand?: { readonly start: string | null; readonly address: string }
  /** Things worth knowing that are no failure: a repeated scenario, orphans that were ended. */
  readonly notes: readonly string[]
  /** Errored: what could not be done, and the remedy. */
  readonly error?: string
}

/**
 * What happens during a grading, in order. The terminal, the page and the JSON reporter render this
 * one stream.
 */
export type GradeEvent =
  | {
      readonly type: 'started'
      readonly run: string
      readonly exercise: string
      readonly title: string
      readonly program: string
      readonly checks: readonly { readonly id: string; readonly title: string }[]
    }
  /**
   * Something has to be fetched or started before the grading proper: the browser's installation,
   * a command that compiles.
   * `fraction` 0 to 1 when known.
   */
  | { readonly type: 'preparing'; readonly text: string; readonly fraction?: number }
  | { readonly type: 'ready'; readonly ms: number }
  | {
      readonly type: 'exchange'
      readonly scenario: string
      readonly exchange: number
      readonly summary: string
      readonly at: number
    }
  | {
      readonly type: 'progress'
      readonly scenario: string
      readonly done: number
      readonly total: number
      readonly unit: string
      readonly chart?: CookieChart
    }
  | { readonly type: 'repeated'; readonly scenario: string; readonly reason: string }
  | { readonly type: 'check'; readonly result: CheckResult }
  | { readonly type: 'finished'; readonly report: Report }
