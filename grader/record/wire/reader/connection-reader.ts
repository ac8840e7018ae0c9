import type { Exchange, Request } from '../../../types/index.ts'
import { KEPT_BYTES, LONGEST_CONTENT } from '../../../types/limits.ts'
import type { Writable } from '../../../types/writable.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { addInjected, endInjected } from './injected.ts'
import type { LogEntry } from './log.ts'
import { RequestReader } from './request-reader.ts'
import { ResponseReader } from './response-reader.ts'

/** Who is told what happens to the exchanges of a connection. */
export interface ExchangeEvents {
  /** Its request's head is there, or it is answered without one. */
  begun(exchange: Writable<Exchange>): void
  /** Its response is complete, or will never be. */
  over(exchange: Exchange): void
}

/** The first byte of what is encrypted (RFC 8446 §5.1): there is nothing to read. */
const TLS_HANDSHAKE = 0x16

/** A part of what the server sent, and the exchange whose answer it belongs to. */
export interface AnswerPart {
  readonly exchange: Exchange
  /** The index after its last byte. */
  readonly end: number
}

interface Open {
  readonly exchange: Writable<Exchange>
  readonly response: ResponseReader
  isBegun: boolean
  isOver: boolean
}

/**
 * Reads the exchanges of one connection while its bytes come. Each is one object from its request's
 * first byte on, and is filled in. Takes time linear in the bytes, however they are cut.
 */
export class ConnectionReader {
  readonly #known: Pick<Exchange, 'connection' | 'protocol'>
  readonly #nextId: () => number
  readonly #events: ExchangeEvents
  readonly #requests: RequestReader
  /** Those that are not answered yet, in order. */
  readonly #open: Open[] = []
  #last: Writable<Exchange> | null = null
  /** What the server sent before it was asked anything. */
  readonly #early = new GrowingBytes(KEPT_BYTES)
  /** What came after the last one's answer; its length, after all answers. */
  #extra = new GrowingBytes(KEPT_BYTES)
  #extraLength = 0
  #ended: Exchange['cut'] = null
  #isEncrypted: boolean | null = null
  #isTunnel = false
  #hasAnswered = false
  #isStopped = false
  #answerParts: AnswerPart[] = []

  constructor(
    known: Pick<Exchange, 'connection' | 'protocol'>,
    nextId: () => number,
    events: ExchangeEvents,
  ) {
    this.#known = known
    this.#nextId = nextId
    this.#events = events
    this.#requests = new RequestReader(
      (at) => this.#begin(at),
      (exchange) => this.#onRequest(exchange),
    )
  }

  /** True when a message is longer than any may be: the connection is to be broken off. */
  get isTooLong(): boolean {
    return (
      this.#requests.isTooLong ||
      this.#open[0]?.response.isTooLong === true ||
      (!this.#isTunnel && this.#extraLength > LONGEST_CONTENT)
    )
  }

  /** A request's head has begun and is not whole. */
  get isInHead(): boolean {
    return this.#requests.isInHead
  }

  /** Those that are not answered yet, in order. */
  get openExchanges(): readonly Exchange[] {
    return this.#open.map(({ exchange }) => exchange)
  }

  /** The parts of the last bytes of the server that belong to an answer each, in order. */
  get answerParts(): readonly AnswerPart[] {
    return this.#answerParts
  }

  push(entry: LogEntry): void {
    if (this.#isStopped) return
    if (entry.kind === 'injected') return addInjected(entry, this.openExchanges)
    if (entry.kind === 'released') return endInjected(entry)
    if (entry.kind !== 'bytes') {
      if (entry.by === 'client') return this.#clientEnded()
      return this.#end(entry.kind === 'ended' ? 'closed' : entry.kind)
    }
    const { from, bytes, at } = entry
    if (bytes.length === 0) return
    if (from === 'client') this.#isEncrypted ??= bytes[0] === TLS_HANDSHAKE
    if (this.#isEncrypted) return
    if (from === 'client') this.#requests.add(bytes, at)
    else this.#addToResponses(bytes, at)
  }

  /** Nothing more is read: what is there of a head that is not whole counts. */
  stop(): void {
    if (this.#isStopped) return
    if (this.#open[0]) this.#addEarly(this.#open[0].exchange.startedAt)
    for (const open of this.#open) this.#endOf(open, null)
    this.#requests.end()
    this.#isStopped = true
  }

  #begin(at: number): Writable<Exchange> {
    const exchange: Writable<Exchange> = {
      kind: 'exchange',
      id: this.#nextId(),
      ...this.#known,
      startedAt: at,
      request: nothingYet(at),
      response: null,
      garbage: null,
      cut: null,
    }
    this.#open.push({
      exchange,
      response: new ResponseReader(exchange),
      isBegun: false,
      isOver: false,
    })
    return exchange
  }

  #onRequest(exchange: Writable<Exchange>): void {
    const open = this.#open.find((each) => each.exchange === exchange)
    if (!open) return
    this.#show(open)
    this.#addEarly(exchange.startedAt)
    if (this.#ended !== null) this.#cut(open, this.#ended)
  }

  #show(open: Open): void {
    if (open.isBegun) return
    open.isBegun = true
    this.#events.begun(open.exchange)
  }

  /** Some speak before they are asked; it counts as the first answer. */
  #addEarly(at: number): void {
    const { bytes } = this.#early
    if (this.#hasAnswered || bytes.length === 0) return
    this.#hasAnswered = true
    this.#addToResponses(bytes, at)
  }

  #addToResponses(bytes: Uint8Array, at: number): void {
    this.#answerParts = []
    const [first] = this.#open
    if (!this.#hasAnswered && (!first || (this.#early.bytes.length > 0 && !first.isBegun)))
      return void this.#early.add(bytes)
    this.#hasAnswered = true
    let index = 0
    while (index < bytes.length) {
      const [open] = this.#open
      if (!open || this.#isTunnel) return this.#addExtra(bytes.subarray(index))
      if (!open.isBegun) this.#requests.showUnfinishedHead()
      index = open.response.add(bytes, index, at)
      this.#answerParts.push({ exchange: open.exchange, end: index })
      this.#show(open)
      if (open.exchange.garbage) this.#tellOver(open)
      if (open.response.isBroken) {
        this.#follow(open.exchange)
        return this.#addExtra(bytes.subarray(index))
      }
      if (!open.response.isOver) continue
      this.#isTunnel = open.response.isTunnel
      this.#open.shift()
      this.#follow(open.exchange)
      this.#tellOver(open)
      this.#requests.release(this.#isTunnel)
    }
  }

  /** What comes from now on that answers no request is kept with this exchange. */
  #follow(exchange: Writable<Exchange>): void {
    if (this.#last === exchange) return
    this.#last = exchange
    this.#extra = new GrowingBytes(KEPT_BYTES)
  }

  /** What answers no request. */
  #addExtra(bytes: Uint8Array): void {
    this.#extraLength += bytes.length
    this.#extra.add(bytes)
    if (this.#last) this.#last.extra = this.#extra.bytes
  }

  /** It may have ended its side alone, and read on. */
  #clientEnded(): void {
    for (const { exchange } of this.#open)
      if (!exchange.response?.complete) exchange.clientEnded = true
  }

  #end(how: Exchange['cut']): void {
    if (this.#ended !== null) return
    if (this.#open[0]) this.#addEarly(this.#open[0].exchange.startedAt)
    this.#ended = how
    for (const open of this.#open) this.#cut(open, how)
  }

  #cut(open: Open, how: Exchange['cut']): void {
    this.#endOf(open, how)
    if (!open.exchange.response?.complete) open.exchange.cut = how
    this.#tellOver(open)
  }

  #endOf(open: Open, how: Exchange['cut']): void {
    open.response.end(how)
    const { response, garbage } = open.exchange
    if (!open.isBegun && (response || garbage)) this.#show(open)
  }

  #tellOver(open: Open): void {
    if (open.isOver || !open.isBegun) return
    open.isOver = true
    this.#events.over(open.exchange)
  }
}

function nothingYet(at: number): Request {
  return {
    startLine: '',
    headers: [],
    head: Buffer.alloc(0),
    body: Buffer.alloc(0),
    complete: false,
    startedAt: at,
    endedAt: at,
    method: '',
    target: '',
    path: '',
  }
}
