import {
  brotliDecompressSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib'
import type { Exchange, Headers, Message } from '../../types/index.ts'

/**
 * The value of the first field of that name (names have no case, RFC 9110 §5.1); undefined when
 * there is none.
 */
export function header(list: Headers, name: string): string | undefined {
  return headers(list, name)[0]
}

/** The values of all fields of that name, in the order they crossed the wire. */
export function headers(list: Headers, name: string): string[] {
  return list.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
}

/**
 * The content as UTF-8 text, as its reader gets it: what Content-Encoding names is undone (RFC 9110
 * §8.4). What cannot be undone is left as it came.
 */
export function bodyText(message: Message): string {
  return new TextDecoder().decode(decoded(message))
}

const LARGEST_CONTENT = { maxOutputLength: 16 * 1024 * 1024 }

function decoded({ headers: fields, body }: Message): Uint8Array {
  const codings = headers(fields, 'Content-Encoding')
    .flatMap((value) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
  try {
    return codings.toReversed().reduce<Uint8Array>(undo, body)
  } catch {
    return body
  }
}

/** @throws Error for a coding nobody knows, and for bytes that are not in it. */
function undo(bytes: Uint8Array, coding: string): Uint8Array {
  if (coding === 'gzip' || coding === 'x-gzip') return gunzipSync(bytes, LARGEST_CONTENT)
  if (coding === 'br') return brotliDecompressSync(bytes, LARGEST_CONTENT)
  if (coding === 'zstd') return zstdDecompressSync(bytes, LARGEST_CONTENT)
  // Browsers take what some servers send under this name: without the frame that RFC 9110 §8.4.1.2
  // asks for.
  if (coding === 'deflate')
    return (bytes[0]! & 0x0f) === 8
      ? inflateSync(bytes, LARGEST_CONTENT)
      : inflateRawSync(bytes, LARGEST_CONTENT)
  if (coding === 'identity') return bytes
  throw new Error(`unknown content coding ${coding}`)
}

/** The content as JSON; undefined when it is none. */
export function jsonBody(message: Message | null | undefined): unknown {
  if (!message) return undefined
  try {
    return JSON.parse(bodyText(message))
  } catch {
    return undefined
  }
}

/** `GET /start → 200`, or what came instead of an answer. */
export function summary(exchange: Exchange): string {
  return `${exchange.request.method} ${exchange.request.target} → ${exchange.response ? exchange.response.status : 'no answer'}`
}

/** `in 4 s`: how long an answer was waited for. */
export function inSeconds({ waitedMs }: Exchange): string {
  return waitedMs === undefined
    ? 'in the time allowed'
    : `in ${Math.max(1, Math.round(waitedMs / 1000))} s`
}
