/** What `when` may return for "not found"; an empty list is none either. */
type NotFound = undefined | null | false

/** A promise has a `then`, and a rule has nothing to wait for. */
type Settled = string | number | bigint | boolean | symbol | (object & { readonly then?: never })

// Registered, so that a rule is one whichever copy of this file made it.
const branded: unique symbol = Symbol.for('roundtrip.rule')

/** Made by rule() alone: in a plain object `say` would know nothing of what `when` found. */
export interface Rule<in Facts> {
  readonly [branded]: true
  readonly when: (facts: Facts) => unknown
  readonly say: string | ((found: any, facts: Facts) => string)
  readonly alsoEarnedBy?: readonly string[]
}

/**
 * A known misconception: how it is recognised, and what is said about what was found.
 *
 * `when` returns what it found. undefined, null, false and an empty array mean that the rule does
 * not fit; 0 and '' are finds. `say` receives what was found, and after it all facts. It speaks of
 * what was observed, never of what the source might be.
 */
export function rule<Facts, Found extends Settled>(definition: {
  readonly when: (facts: Facts) => Found | NotFound
  readonly say: string | ((found: NoInfer<Found>, facts: Facts) => string)
  readonly alsoEarnedBy?: readonly string[]
}): Rule<Facts> {
  return { ...definition, [branded]: true }
}

/** Whether it was made by rule(). */
export function isRule(value: unknown): boolean {
  return typeof value === 'object' && value !== null && branded in value
}

/**
 * What a rule found in the facts; undefined when it does not fit.
 * @throws TypeError when `when` returned a promise: a rule has nothing to wait for.
 */
export function findBy<Facts>(rule: Rule<Facts>, facts: Facts): { found: unknown } | undefined {
  const found = rule.when(facts)
  if (found instanceof Promise) {
    found.catch(() => {})
    throw new TypeError('when() of a rule is asynchronous; it has nothing to wait for.')
  }
  if (found === undefined || found === null || found === false) return undefined
  if (Array.isArray(found) && found.length === 0) return undefined
  return { found }
}
