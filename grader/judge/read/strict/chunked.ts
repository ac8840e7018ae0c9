import { count } from '../../../../course/count.ts'
import { readFields } from './fields.ts'
import { readParameters } from './parameters.ts'
import { BLANKS, HEX_DIGITS, type Tape } from './tape.ts'

export interface ChunkedContent {
  readonly body: Uint8Array
  /** The announced sizes, the last one (0) included. */
  readonly chunks: readonly number[]
}

/** Reads content in chunks with its trailers, RFC 9112 §7.1. Throws Problem. */
export function readChunked(tape: Tape): ChunkedContent {
  const parts: Uint8Array[] = []
  const chunks: number[] = []
  for (;;) {
    const { size, line } = readSize(tape, chunks.length)
    chunks.push(size)
    if (size === 0) break
    parts.push(
      tape.take(size, `chunk ${chunks.length}: ${line} announced ${count(size, 'byte')}, and`),
    )
    const unfinished = `what follows chunk ${chunks.length} is not finished`
    const otherwise = `the chunk of ${count(size, 'byte')} ends here, and CR LF is due`
    tape.expect('\r', unfinished, otherwise)
    tape.expect('\n', unfinished, otherwise)
  }
  // Trailers are kept by no reader of ours, but have to be right.
  const unfinished = 'the end after the last chunk is not finished'
  readFields(tape, { unfinished, onField: () => {} })
  return { body: Buffer.concat(parts), chunks }
}

function readSize(tape: Tape, before: number): { size: number; line: string } {
  const unfinished = `${before === 0 ? 'the size of the first chunk' : `what follows chunk ${before}`} is not finished`
  const start = tape.position
  const digits = tape.skip(HEX_DIGITS)
  if (digits === '' && tape.next !== undefined)
    tape.refuse('a chunk size was due here, in hexadecimal digits')
  readParameters(tape, { one: 'an extension of a chunk', unfinished, needsValue: false })
  const end = tape.position
  if (tape.next !== undefined && BLANKS[tape.next.charCodeAt(0)])
    tape.refuse('a space after the size of a chunk, or after its extension')
  tape.expectLineEnd(
    unfinished,
    end === start + digits.length
      ? "a character that isn't a hexadecimal digit in the size of a chunk"
      : 'a character that no extension of a chunk may have',
  )
  return { size: Number.parseInt(digits, 16), line: tape.text.slice(start, end) }
}
