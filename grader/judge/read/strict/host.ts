import type { Field } from './fields.ts'
import type { RequestLine } from './start-line.ts'
import { isHostAndPort } from './target.ts'
import type { Tape } from './tape.ts'

/** What a server demands of the Host field, or answers 400 (RFC 9112 §3.2). Both throw Problem. */
export interface HostRules {
  onField(field: Field): void
  /** Called before the empty line that ends the head. */
  onEnd(at: number): void
}

export function createHostRules(tape: Tape, { minor }: RequestLine): HostRules {
  let found = false
  return {
    onField({ name, value, at, valueAt, isWhole }) {
      if (name.toLowerCase() !== 'host') return
      if (found) tape.refuse('a second Host field', at)
      found = true
      if (isWhole && !isHostAndPort(value))
        tape.refuse("the value of Host isn't a host, with or without a port", valueAt)
    },
    onEnd(at) {
      if (!found && minor > 0)
        tape.refuse('the head ends here, and HTTP/1.1 requires a Host field', at)
    },
  }
}
