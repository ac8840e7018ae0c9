import type { Random } from './kit.ts'

/** What the author's gate changes about a grading. A learner's grading has none of it. */
export interface GradingOverrides {
  /**
   * Gives the values of a scenario, by its title, so that what is said about them is the same in
   * every run. Drawn when left out.
   */
  readonly random?: (scenario: string) => Random
  /**
   * How many times slower the machine is made: the pages' scripts by Chromium itself, the program
   * by pauses. 1 when left out.
   */
  readonly slowdown?: number
  /**
   * The part of the usual time for which an answer is awaited: 0.25 for a program of which only is
   * asked that it fails. 1 when left out.
   */
  readonly timeoutShare?: number
  /** Called with every port that `port()` gives or an origin has: another one in every run. */
  readonly onPort?: (port: number) => void
}
