import type { Headers } from '../../types/index.ts'

/** A message as RFC 9112 has it, read without any leniency. */
export interface StrictMessage {
  readonly startLine: string
  readonly headers: Headers
  /** The content without its framing. */
  readonly body: Uint8Array
  /** By what its reader knows where the content ends. */
  readonly framing: 'none' | 'length' | 'chunked' | 'close'
  /** The announced sizes of the chunks, the last one (0) included; empty unless chunked. */
  readonly chunks: readonly number[]
  /** Where it begins and ends among all bytes. */
  readonly from: number
  readonly to: number
}

export interface StrictReading {
  /** The messages that are right and whole, in order. */
  readonly messages: readonly StrictMessage[]
  /**
   * What the first byte that is not allowed, or not there, is; null when everything is as it should
   * be.
   */
  readonly problem: { readonly at: number; readonly say: string } | null
}

export interface StrictOptions {
  readonly of: 'requests' | 'responses'
  /**
   * The other side has closed: a response without a length ends there, and a message that is not
   * whole will never be.
   */
  readonly closed: boolean
  /** For responses, the methods they answer, in order: after HEAD there is no content. */
  readonly methods?: readonly string[]
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const REQUEST_LINE = new RegExp(`^${TOKEN} [\\x21-\\x7e]+ HTTP/1\\.[01]$`)
const STATUS_LINE = /^HTTP\/1\.[01] [1-5]\d\d [\t\x20-\x7e\x80-\xff]*$/
const FIELD_NAME = new RegExp(`^${TOKEN}$`)

const NO_STATUS_LINE =
  'this is no status line: HTTP/1.1, one space, three digits, one space, and a reason, which may be empty'

class Problem extends Error {
  readonly at: number
  constructor(at: number, say: string) {
    super(say)
    this.at = at
  }
}

/** Reads messages byte by byte, as RFC 9112 writes them and no other way. */
export function readStrictly(bytes: Uint8Array, options: StrictOptions): StrictReading {
  const tape = { text: Buffer.from(bytes).toString('latin1'), bytes, position: 0 }
  const messages: StrictMessage[] = []
  try {
    while (tape.position < bytes.length)
      messages.push(readMessage(tape, options, options.methods?.[messages.length] ?? 'GET'))
    return { messages, problem: null }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { messages, problem: { at: error.at, say: error.message } }
  }
}

interface Tape {
  readonly text: string
  readonly bytes: Uint8Array
  position: number
}

function readMessage(tape: Tape, { of, closed }: StrictOptions, method: string): StrictMessage {
  const from = tape.position
  if (of === 'responses' && !'HTTP/'.startsWith(tape.text.slice(from, from + 5)))
    throw new Problem(from, NO_STATUS_LINE)
  const startLine = readLine(tape, of === 'requests' ? 'the request line' : 'the status line')
  if (of === 'requests' && !REQUEST_LINE.test(startLine))
    throw new Problem(
      from,
      'this is no request line: a method, one space, the target, one space, HTTP/1.1',
    )
  if (of === 'responses' && !STATUS_LINE.test(startLine)) throw new Problem(from, NO_STATUS_LINE)
  const headers: [string, string][] = []
  for (;;) {
    const at = tape.position
    const line = readLine(tape, 'the head')
    if (line === '') break
    headers.push(readField(line, at))
  }
  const bodyless =
    of === 'requests' ? false : method === 'HEAD' || /^HTTP\/1\.\d (1\d\d|204|304)/.test(startLine)
  const body = readBody(tape, headers, { bodyless, untilClose: of === 'responses', closed, from })
  return { startLine, headers, ...body, from, to: tape.position }
}

function readLine(tape: Tape, what: string): string {
  const start = tape.position
  const feed = tape.text.indexOf('\n', start)
  const carriage = tape.text.indexOf('\r', start)
  if (feed === -1 && (carriage === -1 || carriage === tape.text.length - 1))
    throw new Problem(tape.text.length, `${what} is not finished`)
  if (feed !== -1 && (carriage === -1 || carriage > feed))
    throw new Problem(feed, 'a line feed without a carriage return before it')
  if (carriage + 1 !== feed)
    throw new Problem(carriage, 'a carriage return without a line feed after it')
  tape.position = feed + 1
  return tape.text.slice(start, carriage)
}

function readField(line: string, at: number): [string, string] {
  if (/^[ \t]/.test(line)) throw new Problem(at, 'a field line that begins with a space')
  const colon = line.indexOf(':')
  if (colon === -1) throw new Problem(at, 'a line in the head without a colon')
  const name = line.slice(0, colon)
  if (/[ \t]$/.test(name))
    throw new Problem(at + colon - 1, 'a space between the name of a field and its colon')
  if (!FIELD_NAME.test(name))
    throw new Problem(
      at,
      name === '' ? 'a field without a name' : 'a character that no field name may have',
    )
  const control = /[\x00-\x08\x0a-\x1f\x7f]/.exec(line.slice(colon))
  if (control)
    throw new Problem(at + colon + control.index, 'a control character in the value of a field')
  return [name, line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')]
}

type Body = Pick<StrictMessage, 'body' | 'framing' | 'chunks'>

/** RFC 9112 §6.3, in its order. */
function readBody(
  tape: Tape,
  headers: Headers,
  options: { bodyless: boolean; untilClose: boolean; closed: boolean; from: number },
): Body {
  const values = (name: string) =>
    headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
  const lengths = values('content-length')
  const codings = values('transfer-encoding')
  const none = { body: new Uint8Array(), chunks: [] }
  if (lengths.length > 0 && codings.length > 0)
    throw new Problem(options.from, 'both Content-Length and Transfer-Encoding')
  if (lengths.length > 1) throw new Problem(options.from, 'more than one Content-Length')
  if (lengths[0] !== undefined && !/^\d+$/.test(lengths[0]))
    throw new Problem(options.from, `a Content-Length that is no number: ${lengths[0]}`)
  if (options.bodyless) return { ...none, framing: 'none' }
  if (codings.length > 0) return readChunked(tape, codings.join(', '), options.from)
  if (lengths[0] !== undefined) {
    const body = take(
      tape,
      Number(lengths[0]),
      `the content: Content-Length announced ${lengths[0]} bytes, and`,
    )
    return { body, framing: 'length', chunks: [] }
  }
  if (!options.untilClose) return { ...none, framing: 'none' }
  if (!options.closed)
    throw new Problem(
      tape.bytes.length,
      'no length, and the connection was not closed: nobody knows where the content ends',
    )
  const body = tape.bytes.subarray(tape.position)
  tape.position = tape.bytes.length
  return { body, framing: 'close', chunks: [] }
}

function readChunked(tape: Tape, codings: string, from: number): Body {
  if (codings.toLowerCase() !== 'chunked')
    throw new Problem(from, `a Transfer-Encoding other than chunked: ${codings}`)
  const parts: Uint8Array[] = []
  const chunks: number[] = []
  for (;;) {
    const at = tape.position
    const line = readLine(
      tape,
      chunks.length === 0 ? 'the size of the first chunk' : `what follows chunk ${chunks.length}`,
    )
    if (!/^[\da-f]+(;.*)?$/i.test(line))
      throw new Problem(at, 'a chunk size was due here, in hexadecimal digits')
    const size = Number.parseInt(line, 16)
    chunks.push(size)
    if (size === 0) break
    parts.push(take(tape, size, `chunk ${chunks.length}: ${line} announced ${size} bytes, and`))
    if (tape.text.slice(tape.position, tape.position + 2) !== '\r\n')
      throw new Problem(tape.position, `the chunk of ${size} bytes ends here, and CR LF is due`)
    tape.position += 2
  }
  for (
    let at = tape.position, line = readLine(tape, 'the end after the last chunk');
    line !== '';
    at = tape.position, line = readLine(tape, 'the trailer')
  )
    readField(line, at)
  return { body: Buffer.concat(parts), framing: 'chunked', chunks }
}

function take(tape: Tape, length: number, what: string): Uint8Array {
  const taken = tape.bytes.subarray(tape.position, tape.position + length)
  if (taken.length < length) throw new Problem(tape.bytes.length, `${what} ${taken.length} came`)
  tape.position += length
  return taken
}
