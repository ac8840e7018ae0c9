import {
  bytesExhibit,
  matching,
  readStrictly,
  type Exhibit,
  type Fetched,
  type Matcher,
  type RawRecord,
  type StrictReading,
} from '#grader'

/** What the strict reader got. */
export interface Answer {
  readonly path: string
  readonly record: RawRecord
  /** All of it, one character per byte. */
  readonly text: string
  /** The version that the first status line names, or the line that names none. */
  readonly version: string
  /** The fields of the first head that say where the content ends: `Content-Length: 12`. */
  readonly framing: string
  readonly reading: StrictReading
  /** How many whole responses came. */
  readonly whole: number
  readonly chunks: readonly Chunk[]
}

/** A chunk by its line ends, whatever size was announced. */
export interface Chunk {
  /** The size as it was written, and what that means. */
  readonly written: string
  readonly size: number
  readonly bytes: number
  readonly text: string
}

export const NOTHING = 'nothing'

/** Reads what came for a path; without a path, for several on one connection. */
export function answered(path: string, record: RawRecord): Answer {
  const text = Buffer.from(record.bytes).toString('latin1')
  const [firstLine = ''] = text.split(/\r?\n/, 1)
  const reading = readStrictly(record.bytes, { of: 'responses', closed: record.ended !== null })
  return {
    path,
    record,
    text,
    version: /^HTTP\/\d\.\d/.exec(firstLine)?.[0] ?? firstLine,
    framing: text === '' ? 'no response came' : framingIn(text),
    reading,
    whole: reading.messages.length,
    chunks: chunksIn(text),
  }
}

/** How many whole responses came so far; one character per byte. */
export function countWhole(received: string): number {
  const bytes = Buffer.from(received, 'latin1')
  return readStrictly(bytes, { of: 'responses', closed: false }).messages.length
}

const FRAMING_FIELD = /^(content-length|transfer-encoding):/i

function framingIn(text: string): string {
  const head = text.replace(/\r?\n\r?\n[^]*/, '')
  const fields = head.split(/\r?\n/).filter((line) => FRAMING_FIELD.test(line))
  return fields.map((line) => line.replace(/:\s*/, ': ').trimEnd()).join(' and ') || NOTHING
}

/** Without the last one. The text itself has no CR LF. */
function chunksIn(text: string): Chunk[] {
  const lines = text.replace(/^[^]*?\r\n\r\n/, '').split('\r\n')
  return lines.flatMap((written, index) => {
    const next = lines[index + 1]
    if (index % 2 === 1 || !next || !/^[\da-f]+$/i.test(written)) return []
    const content = Buffer.from(next, 'latin1').toString()
    return [{ written, size: Number.parseInt(written, 16), bytes: next.length, text: content }]
  })
}

const LENGTH_ALONE = matching('Content-Length and nothing else', (fields: string) =>
  /^content-length: \d+$/i.test(fields),
)
const CHUNKED_ALONE = matching('Transfer-Encoding: chunked and nothing else', (fields: string) =>
  /^transfer-encoding: chunked$/i.test(fields),
)

/** What the head has to say about its end: at /length a length, elsewhere chunks. */
export function rightFraming({ path }: Answer): typeof LENGTH_ALONE {
  return path === '/length' ? LENGTH_ALONE : CHUNKED_ALONE
}

export function hasRightFraming(answer: Answer): boolean {
  return rightFraming(answer).test(answer.framing)
}

export function isFramed({ framing }: Answer): boolean {
  return /^(content-length|transfer-encoding)/i.test(framing)
}

export function saysBoth({ framing }: Answer): boolean {
  return /content-length/i.test(framing) && /transfer-encoding/i.test(framing)
}

/** What is wrong in the bytes, in words. */
export function problemIn({ reading: { problem } }: Answer): string {
  return problem?.say ?? NOTHING
}

/** The bytes that came. */
export function youSent({ path, record }: Answer, at?: number): Exhibit {
  const title = path === '' ? 'What you sent on one connection' : `What you sent for GET ${path}`
  return bytesExhibit(title, record.bytes, at)
}

/** The same with a caret under the first byte that is wrong. */
export function whereWrong(answer: Answer): Exhibit {
  return youSent(answer, answer.reading.problem?.at)
}

/** How many chunks came before the last one, in a whole response. */
export function chunkCount({ reading }: Answer): number {
  return Math.max(0, (reading.messages[0]?.chunks.length ?? 0) - 1)
}

/** The content stops after the line of its last chunk. */
export function endsAtZero({ reading, text }: Answer): boolean {
  return reading.problem !== null && /\r\n0+\r\n$/.test(text)
}

/** All chunks are right, and then nothing more came. */
export function lacksLastChunk(answer: Answer): boolean {
  const { chunks, reading } = answer
  const isRight = ({ size, bytes }: Chunk) => size === bytes && bytes > 0
  const isOpen = reading.problem !== null && !endsAtZero(answer)
  return isOpen && chunks.length > 0 && chunks.every(isRight)
}

export function isDecimal({ written, size, bytes }: Chunk): boolean {
  return size !== bytes && written === String(bytes)
}

export function countsCharacters({ size, bytes, text }: Chunk): boolean {
  return size !== bytes && characterCount(text, size) !== undefined
}

/**
 * What a number counts in a text: `the number of its characters`. Undefined when it is the number
 * of its bytes, or another one.
 */
export function characterCount(text: string, count: number): string | undefined {
  if (count === Buffer.byteLength(text)) return undefined
  if (count === text.length) return 'the `length` of the string'
  return count === Array.from(text).length ? 'the number of its characters' : undefined
}

/** Whether the first response of one has the same content as a response of the other. */
export function hasContentOf(alone: Answer, several: Answer, index: number): boolean {
  const one = alone.reading.messages[0]
  const other = several.reading.messages[index]
  return one !== undefined && other !== undefined && Buffer.compare(one.body, other.body) === 0
}

/** What a script in Chromium got for a path. */
export interface Script {
  readonly path: string
  readonly fetched: Fetched
  /** The text, or why there was none. */
  readonly received: string
  readonly transcript: Exhibit
}

export function fetchedFrom(path: string, fetched: Fetched): Script {
  const { seen, networkError, error } = fetched
  const reason = networkError ?? error?.replace(/^no answer in .*/, 'no end came')
  const received = seen?.text ?? `nothing: ${reason}`
  return { path, fetched, received, transcript: transcript(path, fetched, received) }
}

/** A part of what was read in which a 🚆 fell apart, where this is all that is wrong. */
export function cutCharacter(text: string, received: string): string | undefined {
  const isAll = received.replaceAll('\uFFFD\uFFFD', '🚆') === text
  return isAll ? /.{0,12}\uFFFD.{0,8}/su.exec(received)?.[0] : undefined
}

/** A field of the answer as the script saw it. */
export function fieldSeen({ fetched: { seen } }: Script, name: string): string | undefined {
  return seen?.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

/** What you would see if you did the same in the page's console. */
function transcript(path: string, fetched: Fetched, received: string): Exhibit {
  const { seen, networkError, error, resolvedWith } = fetched
  const failed =
    networkError === null ? received.replace('nothing: ', '') : `${error} (${networkError})`
  const read = seen
    ? JSON.stringify(seen.text.replace(/^(.{60}).{10,}(.{20})$/su, '$1…$2'))
    : failed
  const lines =
    resolvedWith === null
      ? [`> await (await fetch('${path}')).text()`, read]
      : [
          `> const response = await fetch('${path}'); response.status`,
          String(resolvedWith),
          '> await response.text()',
          read,
        ]
  return { kind: 'text', title: 'A script in Chromium', lines: lines.map((text) => ({ text })) }
}

export const UTF8_TEXT: Matcher<string | undefined> = matching(
  'text/plain; charset=utf-8',
  (type: string | undefined) =>
    /^text\/plain\s*;(.*;)?\s*charset="?utf-?8"?\s*(;|$)/i.test(type ?? ''),
)

/** Some of the answer came, and Chromium was still waiting for the rest. */
export function hasNoEnd({ exchange, seen, networkError }: Fetched): boolean {
  return seen === null && networkError === null && exchange?.response?.complete === false
}
