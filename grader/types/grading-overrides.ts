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
}
