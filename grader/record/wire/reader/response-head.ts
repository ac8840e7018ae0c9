import type { Headers } from '../../../types/index.ts'
import { headers } from '../../../types/helpers/header-fields.ts'
import { listOf, readHeadLines } from './fields.ts'

/** A response's head as Chromium reads it. */
export interface ResponseHead {
  readonly startLine: string
  readonly status: number
  readonly reason: string
  readonly headers: Headers
  /** How its content ends, where it has any: RFC 9112 §6.3, with Chromium's leniency. */
  readonly framing: 'chunked' | 'close' | { readonly length: number }
  /** Why Chromium refuses it, as the end of a sentence. */
  readonly refused: string | undefined
}

/** Chromium looks for a status line after so many bytes of anything (HttpUtil, kMaxSlop). */
const SLOP = 4
const NAME = 'http'

/**
 * Where a status line begins; undefined when more bytes could show it, -1 when none can
 * (HttpUtil::LocateStartOfStatusLine).
 */
export function statusLineStart(bytes: Uint8Array): number | undefined {
  const text = Buffer.from(bytes.subarray(0, SLOP + NAME.length))
    .toString('latin1')
    .toLowerCase()
  for (let start = 0; start <= SLOP; start++) if (text.startsWith(NAME, start)) return start
  const canBegin = (_: unknown, start: number) =>
    start + NAME.length > text.length && NAME.startsWith(text.slice(start))
  return Array.from({ length: SLOP + 1 }, canBegin).some(Boolean) ? undefined : -1
}

/** Reads a head that begins with its status line. */
export function readResponseHead(bytes: Buffer): ResponseHead {
  const { startLine, headers } = readHeadLines(bytes.toString('latin1'))
  const { status, reason, isChunkable } = readStatusLine(startLine)
  const isChunked =
    isChunkable &&
    listOf(headers, 'transfer-encoding').some((coding) => coding.toLowerCase() === 'chunked')
  return {
    startLine,
    status,
    reason,
    headers,
    framing: isChunked ? 'chunked' : lengthOf(headers),
    refused: refusalOf(bytes, headers, isChunked),
  }
}

/** HttpResponseHeaders::ParseStatusLine: what is missing of a status is taken for 200. */
function readStatusLine(line: string): { status: number; reason: string; isChunkable: boolean } {
  const [, major, minor] = /^http\/[^ ]*?(\d)\.(\d)/i.exec(line) ?? []
  const [, digits, reason = ''] = /^[^ ]* +(\d+) *(.*?) *$/.exec(line) ?? []
  return {
    status: digits === undefined ? 200 : Number(digits),
    reason,
    isChunkable: Number(`${major}.${minor}`) >= 1.1,
  }
}

/** The first length that is named counts: `2, 2` is 2. What is no number counts for nothing. */
function lengthOf(headers: Headers): ResponseHead['framing'] {
  const [first = ''] = listOf(headers, 'content-length')
  return /^\d+$/.test(first) ? { length: Number(first) } : 'close'
}

/**
 * Fields that must not come twice with different values (HttpStreamParser::ParseResponseHeaders).
 */
function refusalOf(bytes: Buffer, fields: Headers, isChunked: boolean): string | undefined {
  if (bytes.includes(0)) return 'a NUL byte is in it'
  const differs = (name: string, isList: boolean) => {
    const values = isList ? listOf(fields, name) : headers(fields, name)
    return new Set(values).size > 1
  }
  if (!isChunked && differs('content-length', true)) return 'it names two different Content-Lengths'
  if (differs('location', false)) return 'it names two different Locations'
  if (differs('content-disposition', false)) return 'it names two different Content-Dispositions'
  return undefined
}
