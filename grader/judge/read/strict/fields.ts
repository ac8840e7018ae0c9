import type { Headers } from '../../../types/index.ts'
import { trimBlanks } from '../../../types/helpers/blanks.ts'
import { FIELD_TEXT, TOKEN, type Tape } from './tape.ts'

/** A field line, with where it is among all bytes. */
export interface Field {
  readonly name: string
  readonly value: string
  /** Of the name's first byte. */
  readonly at: number
  /** Of the value's first byte. */
  readonly valueAt: number
  /** False when the bytes end within the value. */
  readonly isWhole: boolean
}

/**
 * Reads field lines up to and with the empty line, RFC 9112 §5, and reports each as soon as its
 * name is known: what a name makes wrong is wrong before the head is finished. Throws Problem.
 */
export function readFields(
  tape: Tape,
  { unfinished, onField }: { unfinished: string; onField: (field: Field) => void },
): Headers {
  const headers: [string, string][] = []
  while (tape.next !== '\r') {
    const field = readField(tape, unfinished)
    onField(field)
    if (!field.isWhole) tape.missing(unfinished)
    tape.expectLineEnd(unfinished, 'a control character in the value of a field')
    headers.push([field.name, field.value])
  }
  tape.expectLineEnd(unfinished, unfinished)
  return headers
}

function readField(tape: Tape, unfinished: string): Field {
  const at = tape.position
  if (tape.next === ' ' || tape.next === '\t') tape.refuse('a field line that begins with a space')
  if (tape.next === '\n') tape.refuse('a line feed without a carriage return before it')
  const name = tape.skip(TOKEN)
  if (tape.next === undefined) tape.missing(unfinished)
  if (tape.next !== ':') tape.refuse(notAColon(tape))
  if (name === '') tape.refuse('a field without a name')
  tape.position++
  const start = tape.position
  const raw = tape.skip(FIELD_TEXT)
  const value = trimBlanks(raw)
  const valueAt = value === '' ? tape.position : start + raw.indexOf(value)
  return { name, value, at, valueAt, isWhole: tape.next !== undefined }
}

/** What is wrong where a name ends and no colon follows. */
function notAColon(tape: Tape): string {
  const rest = /[^\r\n]*/y
  rest.lastIndex = tape.position
  const line = rest.exec(tape.text)![0]
  if (/^[ \t]/.test(line) && trimBlanks(line).startsWith(':'))
    return 'a space between the name of a field and its colon'
  return line.includes(':')
    ? 'a character that no field name may have'
    : 'a line in the head without a colon'
}
