import type { Socket } from 'node:net'
import { KEPT_BYTES } from '../../types/limits.ts'
import type { Exchange, RawRecord } from '../../types/index.ts'
import type { Clock } from '../timing/clock.ts'
import { ConnectionGate, passOn } from './faults/connection-gate.ts'
import type { FaultInjection } from './faults/fault-injection.ts'
import type { IdSource } from './id-source.ts'
import { ConnectionReader, type ExchangeEvents } from './reader/connection-reader.ts'
import type { LogEntry } from './reader/log.ts'

/** A connection that is being relayed. */
export interface LiveConnection {
  readonly id: number
  readonly clientPort: number | undefined
  /** What its client sent; null when that is nothing. */
  sentRecord(): RawRecord | null
  /** How many bytes that was until now, those included that are not kept. */
  sentBytes(): number
  /** Records nothing more; bytes go on to pass. */
  stop(): void
  destroy(): void
}

export interface RelayOptions {
  readonly clock: Clock
  readonly ids: IdSource
  readonly events: ExchangeEvents
  /** Called whenever bytes arrive or a side ends. */
  readonly notify: () => void
  /** Bytes after which a client is cut off that goes on sending without an answer. */
  readonly mostSent: number
  /** What the scenario has the wire do; left out where it cannot do anything. */
  readonly faults?: FaultInjection
  /** What is known of the connection, where TLS agreed upon it. */
  readonly known?: Pick<Exchange, 'protocol' | 'security'>
}

/** Nobody asks on a connection to a port at which nobody listens; but it was meant to be asked. */
const ASKS_WITHIN_MS = 1000

/**
 * Passes bytes on between a client and what it asked for, and reads them with their times. Each
 * side ends as the other one did, and sends no faster than the other one takes.
 */
export function relayBytes(
  client: Socket,
  upstream: Socket,
  options: RelayOptions,
): LiveConnection {
  const { clock, ids, events, notify, mostSent, faults, known } = options
  const connection = ids.connection()
  const reader = new ConnectionReader({ connection, ...known }, () => ids.exchange(), events)
  const sent = createSentRecord(clock.now())
  /** Bytes of the client since the server last said anything. */
  let unanswered = 0
  let received = 0
  let receivedWhenLeft: number | null = null
  const destroy = () => {
    client.destroy()
    upstream.destroy()
  }
  const add = (entry: Unplaced, at = clock.now()) => {
    reader.push({ ...entry, at })
    notify()
  }
  const capped = () => {
    add({ kind: 'capped', by: 'us' })
    destroy()
  }
  const gate =
    faults &&
    new ConnectionGate({
      client,
      upstream,
      reader,
      faults,
      record: (exchange, fault) =>
        add(
          fault === 'released'
            ? { kind: 'released', by: 'us', exchange }
            : { kind: 'injected', by: 'us', exchange, fault },
        ),
    })
  client.setNoDelay(true)
  upstream.setNoDelay(true)

  // The moment is taken before the bytes pass: on a busy machine the other side may run before this
  // one does again, and would have answered what had not been asked.
  client.on('data', (bytes: Buffer) => {
    const at = clock.now()
    const isGated = gate?.isOpen === false
    if (!isGated) passOn(bytes, client, upstream)
    sent.add(bytes, at)
    unanswered += bytes.length
    add({ kind: 'bytes', from: 'client', bytes }, at)
    if (isGated) gate.fromClient(bytes)
    if (unanswered > mostSent || reader.isTooLong) capped()
  })
  upstream.on('data', (bytes: Buffer) => {
    const at = clock.now()
    const isGated = gate?.isOpen === false
    if (!isGated) passOn(bytes, upstream, client)
    received += bytes.length
    unanswered = 0
    add({ kind: 'bytes', from: 'server', bytes }, at)
    if (isGated) gate.fromServer(bytes)
    if (gate?.cut?.at === 'mid-response') receivedWhenLeft = received
    if (reader.isTooLong) capped()
  })
  const end = (kind: 'ended' | 'reset' | 'refused') => {
    // A program that hangs up on a client that has left has not cut it off.
    if (receivedWhenLeft !== received) add({ kind, by: 'server' })
  }
  upstream.on('end', () => {
    end('ended')
    gate?.serverEnded()
    client.end()
  })
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    const isRefused = error.code === 'ECONNREFUSED'
    const hangUp = () => {
      end(isRefused ? 'refused' : 'reset')
      client.resetAndDestroy()
    }
    if (!isRefused || sent.length > 0) return hangUp()
    client.once('data', () => setImmediate(hangUp))
    setTimeout(hangUp, ASKS_WITHIN_MS).unref()
  })
  client.on('end', () => {
    if (gate?.cut) return
    sent.end('closed', clock.now())
    add({ kind: 'ended', by: 'client' })
    receivedWhenLeft = received
    upstream.end()
  })
  client.on('error', () => {
    if (gate?.cut) return
    sent.end('reset', clock.now())
    add({ kind: 'reset', by: 'client' })
    receivedWhenLeft = received
    upstream.resetAndDestroy()
  })
  // A program whose answer is lost notices nothing of it.
  client.on('close', () => gate?.cut?.at === 'before-response' || upstream.destroy())
  return {
    id: connection,
    clientPort: client.remotePort,
    sentRecord: () => sent.record(),
    sentBytes: () => sent.total,
    stop: () => reader.stop(),
    destroy,
  }
}

type Unplaced = LogEntry extends infer Entry
  ? Entry extends unknown
    ? Omit<Entry, 'at'>
    : never
  : never

/** What a client sent, with the time of every piece: the first megabyte of it. */
function createSentRecord(openedAt: number) {
  const chunks: { at: number; bytes: Uint8Array }[] = []
  let length = 0
  let total = 0
  let left: { how: 'closed' | 'reset'; at: number } | null = null
  return {
    get length() {
      return length
    },
    get total() {
      return total
    },
    add(bytes: Uint8Array, at: number) {
      total += bytes.length
      const kept = bytes.subarray(0, KEPT_BYTES - length)
      if (kept.length > 0) chunks.push({ at, bytes: kept })
      length += kept.length
    },
    end(how: 'closed' | 'reset', at: number) {
      left ??= { how, at }
    },
    record(): RawRecord | null {
      if (chunks.length === 0) return null
      return {
        kind: 'raw',
        openedAt,
        chunks: [...chunks],
        bytes: Buffer.concat(chunks.map(({ bytes }) => bytes)),
        ended: left?.how ?? null,
        endedAt: left?.at ?? null,
      }
    },
  }
}
