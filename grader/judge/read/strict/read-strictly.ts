import type { Headers } from '../../../types/index.ts'
import { opensTunnel, reasonToEnd } from './connection.ts'
import { readFields } from './fields.ts'
import { createFraming, type Content, type FramingRules } from './framing.ts'
import { createHostRules } from './host.ts'
import { readRequestLine, readStatusLine, type StartLine } from './start-line.ts'
import { Problem, Tape } from './tape.ts'

/** A message as RFC 9112 has it, read without any leniency. */
export interface StrictMessage {
  readonly startLine: string
  readonly headers: Headers
  /** The content without its framing. Transfer codings other than chunked are not undone. */
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
   * be. `isMissing`: nothing so far is wrong, and more bytes could make it right; then `at` is the
   * number of bytes.
   */
  readonly problem: {
    readonly at: number
    readonly say: string
    readonly isMissing: boolean
  } | null
  /**
   * The first byte of another protocol: after 101, after the 2xx that answers CONNECT, and in
   * requests after the head of CONNECT. Null when no other protocol began.
   */
  readonly tunnel: number | null
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
  /**
   * For requests: they are read as a server reads them. It passes over one empty line before a
   * request line (RFC 9112 §2.2), which a client must not send, and demands a right Host (§3.2).
   */
  readonly asServer?: boolean
}

/**
 * Reads messages byte by byte, as RFC 9112 writes them. Where the RFC lets a recipient choose, this
 * one refuses, because a reader that follows would be free to choose otherwise: a line feed alone
 * (§2.2), a field line that is folded (§5.2), `Content-Length: 2, 2` (RFC 9110 §8.6), a status
 * line without the space before its reason (§4). Takes time linear in the bytes.
 */
export function readStrictly(bytes: Uint8Array, options: StrictOptions): StrictReading {
  const tape = new Tape(bytes)
  const messages: StrictMessage[] = []
  try {
    const tunnel = readAll(tape, options, messages)
    return { messages, problem: null, tunnel }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { at, message: say, isMissing } = error
    return { messages, problem: { at, say, isMissing }, tunnel: null }
  }
}

/** Adds to `messages`. Gives the first byte of a tunnel, or null. */
function readAll(tape: Tape, options: StrictOptions, messages: StrictMessage[]): number | null {
  const methods = (options.methods ?? []).values()
  let method = methods.next().value ?? 'GET'
  let end: string | null = null
  while (tape.next !== undefined) {
    if (end !== null) tape.refuse(`nothing may follow here: ${end}`)
    const { message, minor, isFinal, isTunnel } =
      options.of === 'requests' ? readRequest(tape, options) : readResponse(tape, options, method)
    messages.push(message)
    if (isTunnel) return tape.position
    if (!isFinal) continue
    end = reasonToEnd(minor, message.headers)
    method = methods.next().value ?? 'GET'
  }
  return null
}

interface ReadMessage {
  readonly message: StrictMessage
  readonly minor: number
  /** False for an interim response, which answers nothing yet (RFC 9110 §15.2). */
  readonly isFinal: boolean
  readonly isTunnel: boolean
}

function readRequest(tape: Tape, { closed, asServer }: StrictOptions): ReadMessage {
  if (asServer && tape.next === '\r')
    tape.expectLineEnd('the request line is not finished', 'an empty line')
  const from = tape.position
  const line = readRequestLine(tape)
  const isTunnel = line.method === 'CONNECT'
  const host = asServer ? createHostRules(tape, line) : null
  const framing = createFraming(tape, {
    of: 'requests',
    minor: line.minor,
    isBodyless: isTunnel,
    forbidsLength: isTunnel ? 'a request with CONNECT, which has no content' : null,
    closed,
  })
  const headers = readFields(tape, {
    unfinished: 'the head is not finished',
    onField(field) {
      host?.onField(field)
      framing.onField(field)
    },
  })
  host?.onEnd(tape.position - 2)
  const message = messageOf({ tape, from, line, headers, content: framing.readContent() })
  return { message, minor: line.minor, isFinal: true, isTunnel }
}

function readResponse(tape: Tape, { closed }: StrictOptions, method: string): ReadMessage {
  const from = tape.position
  const line = readStatusLine(tape)
  const { status, minor } = line
  const isInterim = status < 200
  const isTunnel = opensTunnel(method, status)
  // RFC 9110 §8.6 and RFC 9112 §6.1.
  const hasNoLength = isInterim || status === 204 || isTunnel
  const rules: FramingRules = {
    of: 'responses',
    minor,
    isBodyless: hasNoLength || status === 304 || method === 'HEAD',
    forbidsLength: hasNoLength ? `a response with status ${status}` : null,
    closed,
  }
  const framing = createFraming(tape, rules)
  const headers = readFields(tape, {
    unfinished: 'the head is not finished',
    onField: (field) => framing.onField(field),
  })
  const message = messageOf({ tape, from, line, headers, content: framing.readContent() })
  return { message, minor, isFinal: !isInterim, isTunnel }
}

function messageOf({
  tape,
  from,
  line,
  headers,
  content,
}: {
  tape: Tape
  from: number
  line: StartLine
  headers: Headers
  content: Content
}): StrictMessage {
  return { startLine: line.text, headers, ...content, from, to: tape.position }
}
