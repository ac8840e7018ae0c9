import type { Field } from './fields.ts'
import { readParameters } from './parameters.ts'
import { BLANKS, Problem, TOKEN, Tape } from './tape.ts'

/** One coding of a Transfer-Encoding field. */
export interface TransferCoding {
  /** In lower case. */
  readonly name: string
  /** Of its first byte among all bytes. */
  readonly at: number
  readonly hasParameters: boolean
}

/**
 * Reads the list of transfer codings in a field's value, RFC 9112 §6.1 and §7. Empty elements of
 * the list are passed over, as every recipient must (RFC 9110 §5.6.1.2). Throws Problem.
 */
export function readTransferCodings({ value, valueAt }: Field): TransferCoding[] {
  const tape = new Tape(Buffer.from(value, 'latin1'), true)
  try {
    return [...codingsOn(tape)].map((coding) => ({ ...coding, at: coding.at + valueAt }))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem(error.at + valueAt, error.message)
  }
}

function* codingsOn(tape: Tape): Generator<TransferCoding> {
  const one = 'a parameter of a transfer coding'
  for (;;) {
    tape.skip(BLANKS)
    const at = tape.position
    const name = tape.skip(TOKEN).toLowerCase()
    if (name !== '') {
      const end = tape.position
      readParameters(tape, { one, unfinished: `${one} that is not finished`, needsValue: true })
      yield { name, at, hasParameters: tape.position > end }
      tape.skip(BLANKS)
    }
    if (tape.next === undefined) return
    tape.expect(',', '', "a character that isn't part of a transfer coding")
  }
}
