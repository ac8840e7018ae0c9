import { count } from '../../../../course/count.ts'
import type { Field } from './fields.ts'
import { readChunked, type ChunkedContent } from './chunked.ts'
import { DIGITS, type Tape } from './tape.ts'
import { readTransferCodings, type TransferCoding } from './transfer-codings.ts'

export interface Content extends ChunkedContent {
  readonly framing: 'none' | 'length' | 'chunked' | 'close'
}

/** What the start line and the request say about content. */
export interface FramingRules {
  readonly of: 'requests' | 'responses'
  readonly minor: number
  /** Whatever the fields say, none follows: after HEAD, 1xx, 204, 304 and the start of a tunnel. */
  readonly isBodyless: boolean
  /** `a response with status 204`: a message in which the fields of a length must not be. */
  readonly forbidsLength: string | null
  /** The other side has closed. */
  readonly closed: boolean
}

/** Decides where content ends, RFC 9112 §6, while the fields are read. Both throw Problem. */
export interface Framing {
  onField(field: Field): void
  /** Reads the content behind the head. */
  readContent(): Content
}

export function createFraming(tape: Tape, rules: FramingRules): Framing {
  let length: number | null = null
  let transferEncoding: Field | null = null
  const codings: TransferCoding[] = []

  const onLength = (field: Field) => {
    if (length !== null) tape.refuse('more than one Content-Length', field.at)
    if (transferEncoding) tape.refuse('both Content-Length and Transfer-Encoding', field.at)
    if (rules.forbidsLength !== null)
      tape.refuse(`Content-Length in ${rules.forbidsLength}`, field.at)
    requireNumber(tape, field)
    length = Number(field.value)
  }
  const onTransferEncoding = (field: Field) => {
    if (length !== null) tape.refuse('both Content-Length and Transfer-Encoding', field.at)
    if (rules.forbidsLength !== null)
      tape.refuse(`Transfer-Encoding in ${rules.forbidsLength}`, field.at)
    if (rules.minor === 0) tape.refuse('Transfer-Encoding in a message of HTTP/1.0', field.at)
    transferEncoding = field
    if (!field.isWhole) return
    for (const coding of readTransferCodings(field)) {
      if (codings.at(-1)?.name === 'chunked')
        tape.refuse(
          'a transfer coding after chunked, which is the last one and comes once',
          coding.at,
        )
      if (coding.name === 'chunked' && coding.hasParameters)
        tape.refuse('the transfer coding chunked has no parameters', coding.at)
      codings.push(coding)
    }
  }
  const toTheClose = (): Content => {
    if (!rules.closed)
      tape.missing(
        'no length, and the connection was not closed: nobody knows where the content ends',
      )
    const body = tape.bytes.subarray(tape.position)
    tape.position = tape.bytes.length
    return { body, framing: 'close', chunks: [] }
  }

  return {
    onField(field) {
      const name = field.name.toLowerCase()
      if (name === 'content-length') onLength(field)
      else if (name === 'transfer-encoding') onTransferEncoding(field)
    },
    readContent() {
      const last = codings.at(-1)
      const isUnbounded = transferEncoding !== null && last?.name !== 'chunked'
      if (isUnbounded && rules.of === 'requests')
        tape.refuse(
          'a request whose last transfer coding is not chunked: nobody knows where its content ends',
          last?.at ?? transferEncoding!.at,
        )
      if (rules.isBodyless) return { body: new Uint8Array(), framing: 'none', chunks: [] }
      if (isUnbounded) return toTheClose()
      if (transferEncoding) return { ...readChunked(tape), framing: 'chunked' }
      if (length !== null) {
        const what = `the content: Content-Length announced ${count(length, 'byte')}, and`
        return { body: tape.take(length, what), framing: 'length', chunks: [] }
      }
      return rules.of === 'requests'
        ? { body: new Uint8Array(), framing: 'none', chunks: [] }
        : toTheClose()
    },
  }
}

/**
 * One number alone. A recipient may take `2, 2` for 2, or refuse it (RFC 9110 §8.6): this one
 * refuses it.
 */
function requireNumber(tape: Tape, { value, valueAt, isWhole }: Field): void {
  let digits = 0
  while (digits < value.length && DIGITS[value.charCodeAt(digits)]) digits++
  if (digits < value.length)
    tape.refuse(`a Content-Length that isn't a number: ${value}`, valueAt + digits)
  if (isWhole && digits === 0) tape.refuse('a Content-Length that is empty', valueAt)
}
