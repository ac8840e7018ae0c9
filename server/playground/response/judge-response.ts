import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { readStrictly, type StrictMessage } from '../../../grader/index.ts'
import { refusal, type Judgement } from '../request/judge-request.ts'

/**
 * Judges bytes that came as the answer to one GET, on a connection that was closed behind them: RFC
 * 9112, and whether the content is coded as it says.
 */
export function judgeResponse(bytes: Uint8Array): Judgement {
  const text = Buffer.from(bytes).toString('latin1')
  if (text === '') return refusal('not one byte came: there is no status line', 0)
  const { messages, problem } = readStrictly(bytes, { of: 'responses', closed: true })
  const last = messages.findIndex(({ startLine }) => !isInterim(startLine))
  const response = messages[last]
  const coded = response && codingProblem(response, text)
  if (coded) return coded
  if (response && response.to < bytes.length) return refusal(afterTheEnd(response), response.to)
  if (problem) {
    const at = placeOf(problem, text, messages.at(-1)?.to ?? 0)
    return refusal(
      /^[06-9]\d\d /.test(text.slice(at)) && problem.say.startsWith(NO_STATUS_LINE)
        ? 'a status is a number from 100 to 599'
        : problem.say,
      at,
    )
  }
  if (!response) return refusal('an interim response, and the final one is missing', bytes.length)
  return { verdict: 'accepted', say: `${response.startLine}, ${bodyInWords(response)}.` }
}

function isInterim(startLine: string): boolean {
  return /^HTTP\/1\.[01] 1/.test(startLine)
}

function afterTheEnd({ framing }: StrictMessage): string {
  const ended = {
    length: 'Content-Length said',
    chunked: 'the last chunk said',
    none: 'this status says',
    close: '',
  }[framing]
  return `the response is over here, as ${ended}; these bytes belong to none, and nobody asked for another`
}

function bodyInWords({ framing, body, chunks }: StrictMessage): string {
  if (framing === 'none') return 'without content'
  const length = `${body.length} ${body.length === 1 ? 'byte' : 'bytes'} of content`
  if (framing === 'close') return `${length}, up to the end of the connection`
  return framing === 'length'
    ? `${length}, as Content-Length says`
    : `${length} in ${chunks.length - 1} ${chunks.length === 2 ? 'chunk' : 'chunks'} and the last, empty one`
}

const NO_STATUS_LINE = 'this is no status line'

/** The reader names the message where it means a line of its head. */
function placeOf({ at, say }: { at: number; say: string }, text: string, from: number): number {
  if (say.startsWith(NO_STATUS_LINE)) return from + statusLineFault(text.slice(from))
  if (at !== from) return at
  const name = say.includes('Transfer-Encoding') ? 'transfer-encoding' : 'content-length'
  const lines = [...text.slice(from).matchAll(new RegExp(`^${name}[ \\t]*:`, 'gim'))]
  const line = say.startsWith('more than one') ? lines[1] : lines[0]
  return line ? from + line.index : at
}

/** Where a line stops being `HTTP/1.x SP status SP reason`. */
function statusLineFault(text: string): number {
  const line = /^[^\r\n]*/.exec(text)![0]
  let at = 0
  for (const step of [/^HTTP\/1\.[01]/, /^ /, /^[1-5]\d\d/, /^ /]) {
    const found = step.exec(line.slice(at))
    if (!found) return at
    at += found[0].length
  }
  return at
}

const decoders: Record<string, (bytes: Uint8Array) => unknown> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

function codingProblem(
  { headers, body, from }: StrictMessage,
  text: string,
): Judgement | undefined {
  const coding =
    headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1].toLowerCase() ?? ''
  const decode = decoders[coding]
  if (!decode || body.length === 0) return undefined
  try {
    decode(body)
    return undefined
  } catch {
    return refusal(
      `Content-Encoding says ${coding}, and the content is none`,
      text.indexOf('\r\n\r\n', from) + 4,
    )
  }
}
