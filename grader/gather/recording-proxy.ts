import { connect, createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Exchange, RawRecord } from '../types.ts'
import { parseConnection, type Chunk } from './parse-connection.ts'

/** The wire: a TCP proxy in front of the learner's program that keeps every byte and the time it passed. */
export interface RecordingProxy {
  readonly port: number
  /** Everything so far, in the order the requests began. Connections that carried nothing are not there (a browser's preconnects). */
  exchanges(): Exchange[]
  /** What clients sent over each connection that carried something, byte by byte. */
  connections(): RawRecord[]
  /** The number of the connection that a client opened from this port of its own; undefined when it has not been accepted yet. */
  connectionFrom(clientPort: number): number | undefined
  /** Called whenever bytes arrive or a connection ends; gives back a function that ends the calls. */
  onTraffic(listener: () => void): () => void
  close(): Promise<void>
}

/** A program that sends more than this in answer to what came last is cut off. */
const LIMIT = 1_000_000

/**
 * Starts a proxy on a free loopback port. `mostSent`: bytes after which a client is cut off that goes on sending without an answer.
 * `createServer`: where its clients come from, and may lose their disguise first.
 */
export async function startRecordingProxy(target: { host: string; port: number }, clock: Clock, ids: IdSource, { mostSent = Infinity, createServer = plainServer } = {}): Promise<RecordingProxy> {
  const connections: LiveConnection[] = []
  const listeners = new Set<() => void>()
  const notify = () => listeners.forEach((listener) => listener())

  const server = createServer((client) => {
    const connection = new LiveConnection(ids, client.remotePort, clock.now())
    connections.push(connection)
    relay(client, target, clock, connection, mostSent, notify)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })

  return {
    port: (server.address() as AddressInfo).port,
    exchanges: () => connections.flatMap((connection) => connection.exchanges()).toSorted((a, b) => a.startedAt - b.startedAt || a.id - b.id),
    connections: () => connections.filter(({ sent }) => sent.length > 0).map((connection) => connection.sentRecord()),
    connectionFrom: (clientPort) => connections.findLast((connection) => connection.clientPort === clientPort)?.id,
    onTraffic: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () =>
      new Promise((resolve) => {
        for (const connection of connections) connection.destroy()
        server.close(() => resolve())
      }),
  }
}

/** A side that sends no more may go on listening: the proxy ends what its own side ended, and nothing else. */
function plainServer(onClient: (client: Socket) => void): Server {
  return createTcpServer({ allowHalfOpen: true }, onClient)
}

/** Numbers that are unique within a run. */
export interface IdSource {
  connection(): number
  exchange(): number
}

export function createIdSource(): IdSource {
  let connections = 0
  let exchanges = 0
  return { connection: () => ++connections, exchange: () => ++exchanges }
}

class LiveConnection {
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

  constructor(ids: IdSource, clientPort: number | undefined, openedAt: number) {
    this.#ids = ids
    this.clientPort = clientPort
    this.openedAt = openedAt
    this.id = ids.connection()
  }

  /** Parsed again only when something was added: a scenario asks often. */
  exchanges(): Exchange[] {
    const key = `${this.sent.length}/${this.received.length}/${this.ended}`
    if (key !== this.#parsed.key) {
      let index = 0
      const nextId = () => (this.#exchangeIds[index++] ??= this.#ids.exchange())
      const recording = { connection: this.id, sent: this.sent, received: this.received, ended: this.ended }
      this.#parsed = { key, exchanges: parseConnection(recording, nextId) }
    }
    return this.#parsed.exchanges
  }

  sentRecord(): RawRecord {
    const { openedAt, sent, left } = this
    return { kind: 'raw', openedAt, chunks: [...sent], bytes: Buffer.concat(sent.map(({ bytes }) => bytes)), ended: left?.how ?? null, endedAt: left?.at ?? null }
  }

  destroy(): void {
    for (const socket of this.sockets) socket.destroy()
  }
}

function relay(client: Socket, target: { host: string; port: number }, clock: Clock, connection: LiveConnection, mostSent: number, notify: () => void): void {
  const upstream = connect({ ...target, allowHalfOpen: true })
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
    // The request has not come yet when nobody listens: it is part of the record, and of what the client meant to do.
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
}
