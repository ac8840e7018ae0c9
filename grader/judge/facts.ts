import type { Given, Scenario } from '../scenario.ts'
import type { Evidence } from '../types/index.ts'

// Registered, so that it is recognised whichever copy of this file threw it.
const branded: unique symbol = Symbol.for('roundtrip.absent')

/** Thrown by present(): what the facts cannot do without did not cross the wire. */
export class Absent extends Error {
  override readonly name = 'Absent'
  readonly [branded] = true
  /** `GET /start` */
  readonly asked: string
  /** The name of the part of `together` whose facts need it. */
  part: string | undefined

  constructor(asked: string) {
    super(`${asked} did not cross the wire`)
    this.asked = asked
  }
}

/** Whether it was thrown by present(). */
export function isAbsent(error: unknown): error is Absent {
  return error instanceof Error && branded in error
}

/**
 * The exchange that `facts` cannot do without. Where nothing crossed the wire, every check of the
 * scenario fails with words: what was asked, and Chromium's reason. The learner fails, nobody errs.
 * `asked` is the request's method and path: `GET /start`.
 */
export function present<Thing>(recorded: Thing | null | undefined, asked: string): Thing {
  if (recorded === null || recorded === undefined) throw new Absent(asked)
  return recorded
}

/**
 * The facts of what a check was given: what its scenario recorded, in the exercise's words.
 * @throws Absent where the learner's program left nothing to speak of, and whatever an author's
 * `facts` throws.
 */
export function factsOf(given: Given<any>, { recorded }: Pick<Evidence, 'recorded'>): unknown {
  if (!('parts' in given)) return inWordsOf(given, recorded)
  const parts = recorded as Readonly<Record<string, unknown>>
  const facts = Object.entries(given.parts).map(([name, scenario]) => {
    try {
      return [name, inWordsOf(scenario, parts[name])] as const
    } catch (error) {
      if (isAbsent(error)) error.part = name
      throw error
    }
  })
  return Object.fromEntries(facts)
}

function inWordsOf(scenario: Scenario<any>, recorded: unknown): unknown {
  if (!scenario.facts) return recorded
  const facts: unknown = scenario.facts(recorded)
  if (!(facts instanceof Promise)) return facts
  facts.catch(() => {})
  throw new TypeError(
    `facts() of “${scenario.title}” is asynchronous; what waits belongs into record().`,
  )
}
