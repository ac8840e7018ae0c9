import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { readStrictly, type StrictMessage } from '../../../grader/index.ts'
import { refusal, type Judgement } from '../request/judge-request.ts'

/**
 * Judges bytes that came as the answer to one GET, on a connection that was closed after them: RFC
 * 9112, and whether the content is coded as it says.
 */
export function judgeResponse(bytes: Uint8Array): Judgement {
  if (bytes.length === 0) return refusal('not one byte came, so the status line is missing', 0)
  const { messages, problem, tunnel } = readStrictly(bytes, { of: 'responses', closed: true })
  const response = messages.find(({ startLine }) => !isInterim(startLine))
  const coded = response && codingProblem(response, Buffer.from(bytes).toString('latin1'))
  if (coded) return coded
  if (response && tunnel !== null)
    return {
      verdict: 'accepted',
      say: `${response.startLine}. From here on another protocol is spoken, ${inBytes(bytes.length - tunnel)} of it.`,
    }
  if (response && response.to < bytes.length) return refusal(afterTheEnd(response), response.to)
  if (problem) return refusal(problem.say, problem.at)
  if (!response) return refusal('an interim response, and the final one is missing', bytes.length)
  return { verdict: 'accepted', say: `${response.startLine}, ${bodyInWords(response)}.` }
}

/** A response that only announces another; 101 is the last one of its connection. */
function isInterim(startLine: string): boolean {
  return /^HTTP\/1\.\d 1(?!01)/.test(startLine)
}

function afterTheEnd({ framing }: StrictMessage): string {
  const ended = {
    length: 'Content-Length said',
    chunked: 'the last chunk said',
    none: 'this status says',
    close: '',
  }[framing]
  return `the response is over here, as ${ended}; these bytes belong to no response, and nobody asked for another`
}

function bodyInWords({ framing, body, chunks }: StrictMessage): string {
  if (framing === 'none') return 'without content'
  const length = `${inBytes(body.length)} of content`
  if (framing === 'close') return `${length}, up to the end of the connection`
  return framing === 'length'
    ? `${length}, as Content-Length says`
    : `${length} in ${chunks.length - 1} ${chunks.length === 2 ? 'chunk' : 'chunks'} and the last, empty one`
}

function inBytes(length: number): string {
  return `${length} ${length === 1 ? 'byte' : 'bytes'}`
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
      `Content-Encoding says ${coding}, but the content isn’t ${coding}`,
      text.indexOf('\r\n\r\n', from) + 4,
    )
  }
}
