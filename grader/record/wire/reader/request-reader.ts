import type { Exchange, Request } from '../../../types/index.ts'
import { header } from '../../../types/helpers/header-fields.ts'
import { LONGEST_HEAD } from '../../../types/limits.ts'
import type { Writable } from '../../../types/writable.ts'
import { ChunkDecoder } from './chunk-decoder.ts'
import { Content } from './content.ts'
import { listOf, readHeadLines } from './fields.ts'
import { HeadBuffer } from './head-buffer.ts'

type Part =
  | { readonly kind: 'between' | 'head' | 'held' | 'tunnel' | 'broken' }
  | { readonly kind: 'length'; remaining: number }
  | { readonly kind: 'chunks'; readonly decoder: ChunkDecoder }

/** What a request can begin with: a character of a method (RFC 9110 §5.6.2). */
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]/

/** Reads requests off a connection and begins an exchange with the first byte of each. */
export class RequestReader {
  readonly #begin: (at: number) => Writable<Exchange>
  readonly #onHead: (exchange: Writable<Exchange>) => void
  #part: Part = { kind: 'between' }
  #head = new HeadBuffer()
  #exchange: Writable<Exchange> | null = null
  #request: Writable<Request> | null = null
  #content: Content | null = null
  /** What came while it was open whether requests go on. */
  #held: { bytes: Uint8Array; at: number }[] = []

  constructor(
    begin: (at: number) => Writable<Exchange>,
    onHead: (exchange: Writable<Exchange>) => void,
  ) {
    this.#begin = begin
    this.#onHead = onHead
  }

  get isTooLong(): boolean {
    return this.#head.length > LONGEST_HEAD || this.#content?.isTooLong === true
  }

  /** A head has begun and is not whole. */
  get isInHead(): boolean {
    return this.#part.kind === 'head'
  }

  add(bytes: Uint8Array, at: number): void {
    for (let index = 0; index < bytes.length;) index = this.#addToPart(bytes, index, at)
  }

  /** The response to a CONNECT or an Upgrade is there. */
  release(isTunnel: boolean): void {
    if (this.#part.kind !== 'held') return
    this.#part = { kind: isTunnel ? 'tunnel' : 'between' }
    const held = this.#held
    this.#held = []
    if (!isTunnel) for (const { bytes, at } of held) this.add(bytes, at)
  }

  /**
   * Something answers a request whose head is not whole, or nothing more comes: what is there
   * counts.
   */
  showUnfinishedHead(): void {
    if (this.#part.kind === 'head') this.#readHead(this.#exchange!.startedAt)
  }

  end(): void {
    this.#content?.end()
  }

  #addToPart(bytes: Uint8Array, start: number, at: number): number {
    const part = this.#part
    switch (part.kind) {
      case 'between':
        return this.#addBetween(bytes, start, at)
      case 'head': {
        const end = this.#head.add(bytes, start)
        if (end === -1) return bytes.length
        this.#endHead(at)
        return end
      }
      case 'length': {
        const piece = bytes.subarray(start, start + part.remaining)
        this.#addContent(piece, at)
        part.remaining -= piece.length
        if (part.remaining === 0) this.#complete()
        return start + piece.length
      }
      case 'chunks': {
        const end = part.decoder.add(bytes, start, this.#content!)
        this.#request!.endedAt = at
        if (part.decoder.state === 'done') this.#complete()
        if (part.decoder.state === 'broken') this.#part = { kind: 'broken' }
        return end
      }
      case 'held':
        this.#held.push({ bytes: bytes.subarray(start), at })
        return bytes.length
      default:
        return bytes.length
    }
  }

  /** Line ends before a request line belong to nothing (RFC 9112 §2.2). */
  #addBetween(bytes: Uint8Array, start: number, at: number): number {
    const byte = bytes[start]!
    if (byte === 0x0d || byte === 0x0a) return start + 1
    if (!TOKEN.test(String.fromCharCode(byte))) {
      this.#part = { kind: 'broken' }
      return bytes.length
    }
    this.#exchange = this.#begin(at)
    this.#head = new HeadBuffer()
    this.#part = { kind: 'head' }
    return start
  }

  #endHead(at: number): void {
    const request = this.#readHead(at)
    this.#content = new Content(request)
    this.#part = partAfter(request)
    if (this.#part.kind === 'between' || this.#part.kind === 'held') request.complete = true
    this.#onHead(this.#exchange!)
  }

  #readHead(at: number): Writable<Request> {
    const bytes = this.#head.bytes()
    const { startLine, headers } = readHeadLines(bytes.toString('latin1'))
    const [method = '', target = ''] = startLine.split(' ')
    const request: Writable<Request> = {
      startLine,
      headers,
      head: bytes,
      body: Buffer.alloc(0),
      complete: false,
      startedAt: this.#exchange!.startedAt,
      endedAt: at,
      method,
      target,
      path: target.split('?', 1)[0]!,
    }
    this.#request = request
    this.#exchange!.request = request
    return request
  }

  #addContent(bytes: Uint8Array, at: number): void {
    this.#content!.add(bytes)
    this.#request!.endedAt = at
  }

  #complete(): void {
    this.#request!.complete = true
    this.#content!.end()
    this.#part = { kind: 'between' }
  }
}

/** RFC 9112 §6.3, for requests: what comes after the head. */
function partAfter({ method, startLine, headers }: Request): Part {
  if (startLine === 'PRI * HTTP/2.0') return { kind: 'broken' }
  if (method === 'CONNECT') return { kind: 'held' }
  const codings = listOf(headers, 'transfer-encoding')
  if (codings.length > 0)
    return codings.at(-1)!.toLowerCase() === 'chunked'
      ? { kind: 'chunks', decoder: new ChunkDecoder() }
      : { kind: 'broken' }
  const lengths = new Set(listOf(headers, 'content-length'))
  const [length = '0'] = lengths
  if (lengths.size > 1 || !/^\d+$/.test(length)) return { kind: 'broken' }
  if (Number(length) > 0) return { kind: 'length', remaining: Number(length) }
  return { kind: header(headers, 'Upgrade') !== undefined ? 'held' : 'between' }
}
