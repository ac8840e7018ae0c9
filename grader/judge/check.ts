import type { Given } from '../scenario.ts'
import type { Expect } from './claims/expect.ts'

/** One rule of an exercise: judges recorded facts and touches nothing. */
export interface Check<Facts> {
  /**
   * What is so when it passes, as a learner reads it: `The first response carries a strong ETag`.
   */
  readonly title: string
  /** The scenario whose facts are judged, or several `together`. */
  readonly given: Given<Facts>
  /**
   * The check that has to pass first; when it does not, this one is skipped and its scenario is not
   * run on its account.
   */
  readonly after?: Check<any>
  /** Where the rule is: `RFC 9110 §8.8.3`. */
  readonly spec?: string
  /** Anchor of the heading in the exercise's lesson that explains it. */
  readonly reread?: string
  /**
   * Makes claims through `expect`. Synchronous: a check cannot wait, so it cannot depend on timing.
   */
  readonly verify: (facts: Facts, expect: Expect) => void
  /**
   * Known misconceptions, tried in order when the check failed; the first that fits is said. Keys
   * are the ids of mutants.
   */
  readonly diagnose?: Readonly<Record<string, DiagnosisRule<Facts>>>
}

export interface DiagnosisRule<Facts> {
  readonly when: (facts: Facts) => boolean
  /** Only what was observed, never what the source might be. */
  readonly say: string | ((facts: Facts) => string)
}

/** Defines a check. The facts' types come from the scenario it is `given`. */
export function check<Facts>(definition: {
  readonly title: string
  readonly given: Given<Facts>
  readonly after?: Check<any>
  readonly spec?: string
  readonly reread?: string
  readonly verify: (facts: NoInfer<Facts>, expect: Expect) => void
  readonly diagnose?: Readonly<Record<string, DiagnosisRule<NoInfer<Facts>>>>
}): Check<Facts> {
  return definition
}
