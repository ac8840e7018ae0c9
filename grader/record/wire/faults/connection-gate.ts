import type { Socket } from 'node:net'
import type { Exchange, InjectedFault } from '../../../types/index.ts'
import type { Fault, FaultInjection } from './fault-injection.ts'
import type { ConnectionReader } from '../reader/connection-reader.ts'

interface GateOptions {
  readonly client: Socket
  readonly upstream: Socket
  readonly reader: ConnectionReader
  readonly faults: FaultInjection
  /** Writes into the log what is done to an exchange, or that it is over. */
  readonly record: (exchange: Exchange, fault: Omit<InjectedFault, 'at'> | 'released') => void
}

/**
 * Where a scenario's faults meet the bytes of one connection: they are read first, and then passed
 * on, held or dropped. Bytes of a connection without a fault don't come here.
 */
export class ConnectionGate {
  readonly #options: GateOptions
  readonly #toServer: Buffer[] = []
  readonly #toClient: Buffer[] = []
  /** What holds back the requests, or the answers. */
  #heldRequest: Fault | null = null
  #heldResponse: Fault | null = null
  #cut: Fault['cut'] = null

  constructor(options: GateOptions) {
    this.#options = options
  }

  /** True while bytes may pass before they are read. */
  get isOpen(): boolean {
    const isEmpty = this.#toServer.length === 0 && this.#toClient.length === 0
    return isEmpty && this.#cut === null && !this.#options.faults.isArmed
  }

  /** How the scenario cut the connection; null while it has not. */
  get cut(): Fault['cut'] {
    return this.#cut
  }

  /** Takes bytes of the client that were read. */
  fromClient(bytes: Buffer): void {
    if (this.#cut) return
    this.#toServer.push(bytes)
    this.#flushToServer()
  }

  /** Takes bytes of the server that were read just now. */
  fromServer(bytes: Buffer): void {
    let start = 0
    for (const { exchange, end } of this.#options.reader.answerParts) {
      this.#addAnswer(bytes.subarray(start, end), exchange)
      start = end
    }
    if (start < bytes.length) this.#addAnswer(bytes.subarray(start), null)
    this.#leaveWhenDone()
  }

  /** The server sends no more: what is still here of it goes on to pass. */
  serverEnded(): void {
    if (!this.#cut) this.#flushToClient()
  }

  #flushToServer(): void {
    const { client, upstream, reader, faults, record } = this.#options
    if (this.#heldRequest || (reader.isInHead && faults.mayHoldRequests)) return
    const held = reader.openExchanges.find((exchange) => isHeldNow(exchange, faults))
    const fault = held && faults.faultOf(held)
    if (held && fault) {
      this.#heldRequest = fault
      client.pause()
      fault.hasHappened = true
      fault.onRelease = () => {
        this.#heldRequest = null
        record(held, 'released')
        this.#flushToServer()
        client.resume()
      }
      return record(held, { kind: 'held-request', until: null })
    }
    for (const bytes of this.#toServer.splice(0)) passOn(bytes, client, upstream)
  }

  #addAnswer(bytes: Buffer, exchange: Exchange | null): void {
    if (this.#cut) return
    this.#toClient.push(bytes)
    if (this.#heldResponse) return
    const fault = exchange ? this.#options.faults.faultOf(exchange) : undefined
    if (!exchange || !fault || fault.isOver || fault.kind === 'held-request')
      return this.#flushToClient()
    if (fault.cut?.at === 'mid-response') return this.#cutWithin(exchange, fault, bytes)
    // An interim response goes on to pass; of a head in pieces it isn't known yet what it is.
    const isAnswer = exchange.response !== null || exchange.garbage !== null
    if (!isAnswer) return endsInterim(bytes) ? this.#flushToClient() : undefined
    if (fault.cut) return this.#cutNow(exchange, fault)
    this.#hold(exchange, fault)
  }

  #hold(exchange: Exchange, fault: Fault): void {
    const { upstream, record } = this.#options
    this.#heldResponse = fault
    upstream.pause()
    fault.hasHappened = true
    fault.onRelease = () => {
      this.#heldResponse = null
      record(exchange, 'released')
      this.#flushToClient()
      upstream.resume()
    }
    record(exchange, { kind: 'held-response', until: null })
  }

  /** Passes on the head, and half of the first content that comes. */
  #cutWithin(exchange: Exchange, fault: Fault, bytes: Buffer): void {
    const { response, garbage } = exchange
    const content = response?.body.length ?? 0
    if (content === 0 && !response?.complete && garbage === null) return this.#flushToClient()
    const dropped = Math.ceil((content || bytes.length) / 2)
    this.#toClient.push(this.#toClient.pop()!.subarray(0, -dropped))
    this.#flushToClient()
    this.#cutNow(exchange, fault)
  }

  #cutNow(exchange: Exchange, fault: Fault): void {
    const { client, upstream, record } = this.#options
    this.#cut = fault.cut
    this.#toClient.length = 0
    this.#toServer.length = 0
    fault.hasHappened = true
    fault.isOver = true
    const { at: moment, how } = fault.cut!
    // Whatever it waited for of the client, it waits in vain.
    upstream.resume()
    if (how === 'end') client.destroySoon()
    else client.write('', () => client.resetAndDestroy())
    if (moment === 'mid-response') {
      if (how === 'end') upstream.destroySoon()
      else upstream.resetAndDestroy()
    }
    record(exchange, { kind: 'cut', moment, how })
  }

  #flushToClient(): void {
    const { client, upstream } = this.#options
    for (const bytes of this.#toClient.splice(0)) passOn(bytes, upstream, client)
  }

  /** A program that has said all of an answer that is lost is left in order. */
  #leaveWhenDone(): void {
    const { reader, upstream } = this.#options
    if (this.#cut?.at === 'before-response' && reader.openExchanges.length === 0) upstream.end()
  }
}

/** Takes no more than the other side takes. */
export function passOn(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.write(bytes) || to.destroyed) return
  from.pause()
  to.once('drain', () => from.resume())
}

function isHeldNow(exchange: Exchange, faults: FaultInjection): boolean {
  const fault = faults.faultOf(exchange)
  return fault?.kind === 'held-request' && !fault.isOver
}

/** Its last bytes are the end of a head. */
function endsInterim(bytes: Buffer): boolean {
  return /\n\r?\n$/.test(bytes.toString('latin1'))
}
