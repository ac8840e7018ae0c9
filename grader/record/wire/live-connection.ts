import type { Socket } from 'node:net'
import type { Clock } from '../timing/clock.ts'
import type { Exchange, RawRecord } from '../../types/index.ts'
import { parseConnection, type Chunk } from './parse-connection.ts'
import type { IdSource } from './id-source.ts'

/** A program that sends more than this in answer to what came last is cut off. */
const LIMIT = 1_000_000

/** The first byte of what is encrypted (RFC 8446 §5.1): there is nothing to read. */
const TLS_HANDSHAKE = 0x16

/** A connection that is being relayed, with what has crossed it. */
export interface LiveConnection {
  readonly id: number
  readonly clientPort: number | undefined
  exchanges(): Exchange[]
  /** What its client sent; null when that is nothing. */
  sentRecord(): RawRecord | null
  destroy(): void
}

export interface RelayOptions {
  readonly clock: Clock
  readonly ids: IdSource
  /** Called whenever bytes arrive or a side ends. */
  readonly notify: () => void
  /** Bytes after which a client is cut off that goes on sending without an answer. */
  readonly mostSent: number
  /** What is spoken, where it was agreed upon. */
  readonly protocol?: 'http/1.1'
}

/**
 * Passes bytes on between a client and what it asked for, and keeps them with their times. Each
 * side ends as the other one did.
 */
export function relayBytes(
  client: Socket,
  upstream: Socket,
  { clock, ids, notify, mostSent, protocol }: RelayOptions,
): LiveConnection {
  const connection = new ByteConnection(ids, client.remotePort, clock.now(), protocol)
  let receivedWhenLeft: number | null = null
  connection.sockets.push(client, upstream)
  client.setNoDelay(true)
  upstream.setNoDelay(true)

  client.on('data', (bytes: Buffer) => {
    connection.sent.push({ bytes, at: clock.now() })
    connection.receivedBytes = 0
    connection.sentBytes += bytes.length
    upstream.write(bytes)
    if (connection.sentBytes > mostSent) {
      connection.ended = 'capped'
      connection.destroy()
    }
    notify()
  })
  upstream.on('data', (bytes: Buffer) => {
    connection.received.push({ bytes, at: clock.now() })
    connection.receivedBytes += bytes.length
    connection.sentBytes = 0
    client.write(bytes)
    if (connection.receivedBytes > LIMIT) {
      connection.ended = 'capped'
      connection.destroy()
    }
    notify()
  })
  const end = (how: Exchange['cut']) => {
    // A program that hangs up on a client that has left has not cut it off.
    const left = receivedWhenLeft === connection.received.length
    if (!left) connection.ended ??= how
    notify()
  }
  upstream.on('end', () => {
    end('closed')
    client.end()
  })
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    const refused = error.code === 'ECONNREFUSED'
    // The request has not come yet when nobody listens: it is part of the record, and of what the
    // client meant to do.
    if (refused && connection.sent.length === 0) {
      const hangUp = () => {
        end('refused')
        client.resetAndDestroy()
      }
      client.once('data', () => setImmediate(hangUp))
      setTimeout(hangUp, 1000).unref()
      return
    }
    end(refused ? 'refused' : 'reset')
    client.resetAndDestroy()
  })
  client.on('end', () => {
    connection.left ??= { how: 'closed', at: clock.now() }
    receivedWhenLeft = connection.received.length
    upstream.end()
  })
  client.on('error', () => {
    connection.left ??= { how: 'reset', at: clock.now() }
    upstream.destroy()
  })
  client.on('close', () => upstream.destroy())
  return connection
}

class ByteConnection implements LiveConnection {
  readonly id: number
  readonly clientPort: number | undefined
  readonly openedAt: number
  readonly sent: Chunk[] = []
  readonly received: Chunk[] = []
  readonly sockets: Socket[] = []
  ended: Exchange['cut'] = null
  /** How the client ended its side. */
  left: { how: 'closed' | 'reset'; at: number } | null = null
  receivedBytes = 0
  sentBytes = 0
  #exchangeIds: number[] = []
  #parsed: { key: string; exchanges: Exchange[] } = { key: '', exchanges: [] }
  #ids: IdSource
  #known: Pick<Exchange, 'protocol'>

  constructor(
    ids: IdSource,
    clientPort: number | undefined,
    openedAt: number,
    protocol: Exchange['protocol'],
  ) {
    this.#known = protocol === undefined ? {} : { protocol }
    this.#ids = ids
    this.clientPort = clientPort
    this.openedAt = openedAt
    this.id = ids.connection()
  }

  /** Parsed again only when something was added: a scenario asks often. */
  exchanges(): Exchange[] {
    if (this.sent[0]?.bytes[0] === TLS_HANDSHAKE) return []
    const key = `${this.sent.length}/${this.received.length}/${this.ended}`
    if (key !== this.#parsed.key) {
      let index = 0
      const nextId = () => (this.#exchangeIds[index++] ??= this.#ids.exchange())
      const recording = {
        connection: this.id,
        sent: this.sent,
        received: this.received,
        ended: this.ended,
      }
      this.#parsed = {
        key,
        exchanges: parseConnection(recording, nextId).map((exchange) =>
          Object.assign(exchange, this.#known),
        ),
      }
    }
    return this.#parsed.exchanges
  }

  sentRecord(): RawRecord | null {
    const { openedAt, sent, left } = this
    if (sent.length === 0) return null
    return {
      kind: 'raw',
      openedAt,
      chunks: [...sent],
      bytes: Buffer.concat(sent.map(({ bytes }) => bytes)),
      ended: left?.how ?? null,
      endedAt: left?.at ?? null,
    }
  }

  destroy(): void {
    for (const socket of this.sockets) socket.destroy()
  }
}
