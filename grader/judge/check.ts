import type { Given } from '../scenario.ts'
import type { Expect } from './claims/expect.ts'
import type { Rule } from './rule.ts'

/** One requirement of an exercise: judges recorded facts and touches nothing. */
export interface Check<Facts> extends Definition<Facts> {
  /**
   * What is so when it passes, as a learner reads it: `The first response carries a strong ETag`.
   */
  readonly title: string
  /** The scenario whose facts are judged, or several `together`. */
  readonly given: Given<Facts>
}

interface Definition<Facts> {
  /**
   * The check that has to pass first; when it does not, this one is skipped and its scenario is not
   * run on its account.
   */
  readonly after?: Check<any>
  /** Where the requirement comes from: `RFC 9110 §8.8.3`. */
  readonly spec?: string
  /** Anchor of the heading in the exercise's lesson that explains it. */
  readonly reread?: string
  /**
   * Makes claims through `expect`. Synchronous: a check cannot wait, so it cannot depend on timing.
   */
  readonly verify: (facts: Facts, expect: Expect) => void
  /**
   * Known misconceptions, tried in order when the check failed; the first whose rule finds something
   * is given to the learner. Keys are the ids of mutants.
   */
  readonly diagnose?: Readonly<Record<string, Rule<Facts>>>
}

/**
 * Defines a check. The scenario comes before the definition: only then do the types of its facts
 * reach `verify` and `rule()`.
 */
export function check<Facts>(
  title: string,
  given: Given<Facts>,
  definition: Definition<NoInfer<Facts>>,
): Check<Facts> {
  return { title, given, ...definition }
}
