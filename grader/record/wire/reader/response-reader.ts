import type { Exchange, Interim, Response } from '../../../types/index.ts'
import { headers } from '../../../types/helpers/header-fields.ts'
import { KEPT_BYTES, LONGEST_CONTENT, LONGEST_HEAD, LONGEST_PAGE } from '../../../types/limits.ts'
import type { Writable } from '../../../types/writable.ts'
import { ChunkDecoder } from './chunk-decoder.ts'
import { Content } from './content.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { HeadBuffer } from './head-buffer.ts'
import { readResponseHead, statusLineStart } from './response-head.ts'

/** So many interim responses are kept: nobody reads more. */
const MOST_INTERIM = 100

type Part =
  | { readonly kind: 'start' | 'head' | 'to the end' | 'garbage' | 'over' | 'broken' }
  | { readonly kind: 'length'; remaining: number }
  | { readonly kind: 'chunks'; readonly decoder: ChunkDecoder }

/**
 * Fills in the response of one exchange while its bytes come, and reads it as Chromium does
 * (net/http/http_stream_parser.cc).
 */
export class ResponseReader {
  /** True when the connection speaks another protocol after it. */
  isTunnel = false
  readonly #exchange: Writable<Exchange>
  #part: Part = { kind: 'start' }
  #before: Uint8Array = Buffer.alloc(0)
  #head = new HeadBuffer()
  #headAt = 0
  #interimBytes = 0
  #response: Writable<Response> | null = null
  #content: Content | null = null
  readonly #garbage = new GrowingBytes(KEPT_BYTES)
  #garbageLength = 0

  constructor(exchange: Writable<Exchange>) {
    this.#exchange = exchange
  }

  get isOver(): boolean {
    return this.#part.kind === 'over'
  }

  /** After a fault in its chunks nobody knows what follows. */
  get isBroken(): boolean {
    return this.#part.kind === 'broken'
  }

  get isTooLong(): boolean {
    return (
      this.#head.length + this.#interimBytes > LONGEST_HEAD ||
      this.#garbageLength > LONGEST_CONTENT ||
      this.#content?.isTooLong === true ||
      this.#isEndlessPage()
    )
  }

  /** Takes bytes from `start` on; returns the index after the last one that belongs to it. */
  add(bytes: Uint8Array, start: number, at: number): number {
    let index = start
    while (index < bytes.length && !this.isOver && !this.isBroken)
      index = this.#addToPart(bytes, index, at)
    return index
  }

  /** Nothing more comes: what came of a head, or of content, is all of it. */
  end(how: Exchange['cut']): void {
    const { kind } = this.#part
    if (kind === 'start' && this.#before.length > 0) this.#addGarbage(this.#before)
    if (kind === 'head') {
      this.#part = { kind: 'broken' }
      this.#endHead(this.#headAt, false)
    }
    // Only an orderly end says that this was all.
    if (kind === 'to the end' && how === 'closed') this.#complete()
    this.#content?.end()
  }

  #isEndlessPage(): boolean {
    if (this.#part.kind === 'length' || (this.#content?.length ?? 0) <= LONGEST_PAGE) return false
    return headers(this.#exchange.request.headers, 'Sec-Fetch-Dest').includes('document')
  }

  #addToPart(bytes: Uint8Array, start: number, at: number): number {
    const part = this.#part
    switch (part.kind) {
      case 'start':
        return this.#addToStart(bytes, start, at)
      case 'head':
        return this.#addToHead(bytes, start, at)
      case 'length': {
        const piece = bytes.subarray(start, start + part.remaining)
        this.#addContent(piece, at)
        part.remaining -= piece.length
        if (part.remaining === 0) this.#complete()
        return start + piece.length
      }
      case 'chunks':
        return this.#addChunks(part.decoder, bytes, start, at)
      case 'garbage':
        this.#addGarbage(bytes.subarray(start))
        return bytes.length
      default:
        this.#addContent(bytes.subarray(start), at)
        return bytes.length
    }
  }

  /** Few bytes come before a status line, if any: they are put together and looked at again. */
  #addToStart(bytes: Uint8Array, start: number, at: number): number {
    if (this.#before.length === 0) this.#headAt = at
    const known = this.#before.length
    const together = Buffer.concat([this.#before, bytes.subarray(start)])
    const found = statusLineStart(together)
    if (found === undefined) this.#before = together
    else if (found === -1) this.#addGarbage(together)
    else {
      this.#before = together.subarray(0, found)
      this.#part = { kind: 'head' }
      return start - known + this.#addToHead(together, found, at)
    }
    return bytes.length
  }

  #addToHead(bytes: Uint8Array, start: number, at: number): number {
    const end = this.#head.add(bytes, start)
    if (end === -1) return bytes.length
    this.#endHead(at, true)
    return end
  }

  /** `isWhole`: its empty line has come. Chromium reads one without it when the connection ends. */
  #endHead(at: number, isWhole: boolean): void {
    const bytes = this.#head.bytes()
    const { framing, ...head } = readResponseHead(bytes)
    const all = Buffer.concat([this.#before, bytes])
    this.#before = Buffer.alloc(0)
    this.#head = new HeadBuffer()
    if (head.status >= 100 && head.status < 200 && head.status !== 101) {
      this.#interimBytes += all.length
      this.#addInterim({ status: head.status, headers: head.headers, at: this.#headAt })
      this.#part = { kind: 'start' }
      return
    }
    const { status, reason, startLine, headers, refused } = head
    this.#response = {
      startLine,
      headers,
      head: all,
      body: Buffer.alloc(0),
      complete: false,
      startedAt: this.#headAt,
      endedAt: at,
      status,
      reason,
      ...(refused !== undefined && { refused }),
    }
    this.#content = new Content(this.#response)
    this.#exchange.response = this.#response
    if (isWhole) this.#beginContent(status, framing)
  }

  #beginContent(status: number, framing: ReturnType<typeof readResponseHead>['framing']): void {
    const { method } = this.#exchange.request
    this.isTunnel = status === 101 || (method === 'CONNECT' && status >= 200 && status < 300)
    // RFC 9112 §6.3; of 205 Chromium expects none, too.
    const hasNone = this.isTunnel || method === 'HEAD' || [204, 205, 304].includes(status)
    if (hasNone) this.#complete()
    else if (framing === 'chunked') this.#part = { kind: 'chunks', decoder: new ChunkDecoder() }
    else if (framing === 'close') this.#part = { kind: 'to the end' }
    else if (framing.length === 0) this.#complete()
    else this.#part = { kind: 'length', remaining: framing.length }
  }

  #addChunks(decoder: ChunkDecoder, bytes: Uint8Array, start: number, at: number): number {
    const end = decoder.add(bytes, start, this.#content!)
    this.#response!.endedAt = at
    if (decoder.state === 'done') this.#complete()
    if (decoder.state === 'broken') this.#part = { kind: 'broken' }
    return end
  }

  #addContent(bytes: Uint8Array, at: number): void {
    this.#content!.add(bytes)
    this.#response!.endedAt = at
  }

  #complete(): void {
    this.#part = { kind: 'over' }
    this.#response!.complete = true
    this.#content!.end()
  }

  #addGarbage(bytes: Uint8Array): void {
    this.#part = { kind: 'garbage' }
    this.#garbage.add(bytes)
    this.#garbageLength += bytes.length
    this.#exchange.garbage = this.#garbage.bytes
  }

  #addInterim(interim: Interim): void {
    const before = this.#exchange.interim ?? []
    if (before.length < MOST_INTERIM) this.#exchange.interim = [...before, interim]
  }
}
