import type { Exchange, Headers, Interim, Message, Request, Response } from '../../types/index.ts'
import { fieldText } from './field-value.ts'

/** What crossed one TCP connection: every chunk with the time it passed. */
export interface ConnectionRecording {
  readonly connection: number
  readonly sent: readonly Chunk[]
  readonly received: readonly Chunk[]
  /** How the server's side ended. */
  readonly ended: Exchange['cut']
}

export interface Chunk {
  readonly bytes: Uint8Array
  readonly at: number
}

/**
 * Reads the exchanges off a recorded connection. Lenient where Chromium is lenient (line feeds
 * alone, any status number, RFC 9112 §2.2), exact in what it keeps: the bytes of every head stay as
 * they were.
 */
export function parseConnection(recording: ConnectionRecording, nextId: () => number): Exchange[] {
  const requests = readRequests(createTape(recording.sent))
  const tape = createTape(recording.received)
  return requests.map((request) => readExchange(recording, request, tape, nextId()))
}

interface Tape {
  readonly bytes: Buffer
  position: number
  /** When the byte at `offset` passed. */
  at(offset: number): number
}

function createTape(chunks: readonly Chunk[]): Tape {
  const ends: number[] = []
  let length = 0
  for (const chunk of chunks) ends.push((length += chunk.bytes.length))
  return {
    bytes: Buffer.concat(chunks.map((chunk) => chunk.bytes)),
    position: 0,
    at: (offset) => chunks[ends.findIndex((end) => offset < end)]?.at ?? chunks.at(-1)?.at ?? 0,
  }
}

function readRequests(tape: Tape): Request[] {
  const requests: Request[] = []
  for (;;) {
    const start = tape.position
    const head = readHead(tape)
    if (!head) return requests
    const [method = '', target = ''] = head.startLine.split(' ')
    const body = readBody(tape, head.headers, { untilEnd: false, none: false })
    requests.push({
      ...message(tape, start, head, body),
      method,
      target,
      path: target.split('?', 1)[0]!,
    })
  }
}

function readExchange(
  recording: ConnectionRecording,
  request: Request,
  tape: Tape,
  id: number,
): Exchange {
  const exchange = {
    kind: 'exchange' as const,
    id,
    connection: recording.connection,
    startedAt: request.startedAt,
    request,
  }
  const cut = recording.ended
  const interim: Interim[] = []
  const before = () => (interim.length > 0 ? { interim } : {})
  for (;;) {
    const start = tape.position
    if (tape.bytes.length > start && !looksLikeStatusLine(tape.bytes.subarray(start))) {
      const garbage = tape.bytes.subarray(start)
      tape.position = tape.bytes.length
      return { ...exchange, ...before(), response: null, garbage, cut }
    }
    const head = readHead(tape)
    if (!head) return { ...exchange, ...before(), response: null, garbage: null, cut }
    const [, status = '0', reason = ''] = /^HTTP\/\S+ (\d+)(?: (.*))?$/.exec(head.startLine) ?? []
    const code = Number(status)
    // Interim responses precede the final one (RFC 9110 §15.2); 101 is final for HTTP.
    if (code >= 100 && code < 200 && code !== 101) {
      interim.push({ status: code, headers: head.headers, at: tape.at(start) })
      continue
    }
    const none = request.method === 'HEAD' || code === 204 || code === 304 || code === 101
    const body = readBody(tape, head.headers, { untilEnd: true, none })
    // Only an orderly close says that this was all; a reset or our own limit says that it was not.
    const closedInTime = body.delimitedByClose && cut === 'closed'
    const complete = body.complete || closedInTime
    const response: Response = {
      ...message(tape, start, head, { ...body, complete }),
      status: code,
      reason,
    }
    return { ...exchange, ...before(), response, garbage: null, cut: complete ? null : cut }
  }
}

function looksLikeStatusLine(bytes: Buffer): boolean {
  const prefix = 'HTTP/'
  return prefix.startsWith(bytes.subarray(0, prefix.length).toString('latin1'))
}

interface Head {
  readonly startLine: string
  readonly headers: Headers
  readonly bytes: Buffer
}

function readHead(tape: Tape): Head | null {
  const rest = tape.bytes.subarray(tape.position)
  const end = headEnd(rest)
  if (end === -1) return null
  const bytes = rest.subarray(0, end)
  tape.position += end
  const [startLine = '', ...lines] = bytes.toString('latin1').trimEnd().split(/\r?\n/)
  return { startLine, headers: lines.map(fieldLine), bytes }
}

function headEnd(bytes: Buffer): number {
  const ends = ['\r\n\r\n', '\n\n', '\n\r\n']
    .map((ending) => [bytes.indexOf(ending, 0, 'latin1'), ending.length] as const)
    .filter(([index]) => index !== -1)
    .map(([index, length]) => index + length)
  return ends.length === 0 ? -1 : Math.min(...ends)
}

function fieldLine(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return colon === -1 ? [line, ''] : [line.slice(0, colon), fieldText(line.slice(colon + 1).trim())]
}

interface Body {
  readonly bytes: Uint8Array
  readonly complete: boolean
  readonly delimitedByClose: boolean
}

/**
 * RFC 9112 §6.3: no body, chunks, a length, or (responses only) everything until the connection
 * closes.
 */
function readBody(
  tape: Tape,
  headers: Headers,
  framing: { untilEnd: boolean; none: boolean },
): Body {
  if (framing.none) return { bytes: Buffer.alloc(0), complete: true, delimitedByClose: false }
  const field = (name: string) => headers.find(([key]) => key.toLowerCase() === name)?.[1]
  if (/\bchunked\b/i.test(field('transfer-encoding') ?? '')) return readChunks(tape)
  const length = field('content-length')
  if (length !== undefined && /^\d+$/.test(length)) {
    const bytes = tape.bytes.subarray(tape.position, tape.position + Number(length))
    tape.position += bytes.length
    return { bytes, complete: bytes.length === Number(length), delimitedByClose: false }
  }
  if (!framing.untilEnd) return { bytes: Buffer.alloc(0), complete: true, delimitedByClose: false }
  const bytes = tape.bytes.subarray(tape.position)
  tape.position = tape.bytes.length
  return { bytes, complete: false, delimitedByClose: true }
}

function readChunks(tape: Tape): Body {
  const parts: Buffer[] = []
  const done = (complete: boolean): Body => ({
    bytes: Buffer.concat(parts),
    complete,
    delimitedByClose: false,
  })
  for (;;) {
    const lineEnd = tape.bytes.indexOf('\n', tape.position)
    if (lineEnd === -1) return done(false)
    const line = tape.bytes.subarray(tape.position, lineEnd).toString('latin1')
    const digits = /^([\da-f]+)[ \t]*(?:;.*)?\r?$/i.exec(line)?.[1]
    if (digits === undefined) return done(false)
    const size = Number.parseInt(digits, 16)
    tape.position = lineEnd + 1
    if (size === 0) return done(skipTrailers(tape))
    const chunk = tape.bytes.subarray(tape.position, tape.position + size)
    parts.push(chunk)
    tape.position += chunk.length
    if (chunk.length < size) return done(false)
    const ending = /^\r?\n/.exec(
      tape.bytes.subarray(tape.position, tape.position + 2).toString('latin1'),
    )
    if (!ending) return done(false)
    tape.position += ending[0].length
  }
}

function skipTrailers(tape: Tape): boolean {
  for (;;) {
    const lineEnd = tape.bytes.indexOf('\n', tape.position)
    if (lineEnd === -1) return false
    const line = tape.bytes.subarray(tape.position, lineEnd).toString('latin1').trim()
    tape.position = lineEnd + 1
    if (line === '') return true
  }
}

function message(
  tape: Tape,
  start: number,
  head: Head,
  body: Pick<Body, 'bytes' | 'complete'>,
): Message {
  return {
    startLine: head.startLine,
    headers: head.headers,
    head: head.bytes,
    body: body.bytes,
    complete: body.complete,
    startedAt: tape.at(start),
    endedAt: tape.at(Math.max(start, tape.position - 1)),
  }
}
