import { BLANKS, TOKEN, byteSet, type Tape } from './tape.ts'

/** What a quoted string holds beside its escapes (RFC 9110 §5.6.4). */
const QUOTED_TEXT = byteSet((character) =>
  /[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]/.test(character),
)
const ESCAPED = byteSet((character) => /[\t\x20-\x7e\x80-\xff]/.test(character))

export interface ParameterWords {
  /** `an extension of a chunk`: what a parameter is here. */
  readonly one: string
  /** What is said when the bytes end too early. */
  readonly unfinished: string
  readonly needsValue: boolean
}

/**
 * Reads `;name=value` as often as it comes: the extensions of a chunk (RFC 9112 §7.1.1) and the
 * parameters of a transfer coding (§7). White space around `;` and `=` is allowed to a sender no
 * more, but a recipient must pass over it (RFC 9110 §5.6.3). Stops before white space that no
 * parameter follows. Throws Problem.
 */
export function readParameters(tape: Tape, words: ParameterWords): void {
  const { one, unfinished } = words
  for (;;) {
    if (!skipTo(tape, ';')) return
    tape.skip(BLANKS)
    if (tape.skip(TOKEN) === '') refuseHere(tape, unfinished, `${one} without a name`)
    if (skipTo(tape, '=')) readValue(tape, words)
    else if (words.needsValue) refuseHere(tape, unfinished, `${one} without a value`)
  }
}

/** Passes over white space and the character that follows it, or over nothing. */
function skipTo(tape: Tape, character: string): boolean {
  const start = tape.position
  tape.skip(BLANKS)
  if (tape.next === character) {
    tape.position++
    return true
  }
  // At the end the white space is passed over: what it belongs to is still to come.
  if (tape.next !== undefined) tape.position = start
  return false
}

function readValue(tape: Tape, { one, unfinished }: ParameterWords): void {
  tape.skip(BLANKS)
  if (tape.next !== '"') {
    if (tape.skip(TOKEN) === '') refuseHere(tape, unfinished, `${one} without a value`)
    return
  }
  tape.position++
  const open = `${one} whose quotation mark is not closed`
  for (;;) {
    tape.skip(QUOTED_TEXT)
    if (tape.next === '"') break
    tape.expect('\\', unfinished, open)
    const escaped = tape.text.charCodeAt(tape.position)
    if (!ESCAPED[escaped]) refuseHere(tape, unfinished, open)
    tape.position++
  }
  tape.position++
}

function refuseHere(tape: Tape, unfinished: string, say: string): never {
  if (tape.next === undefined) tape.missing(unfinished)
  tape.refuse(say)
}
