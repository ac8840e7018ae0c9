import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import type { Clock } from '../timing/clock.ts'
import type { Exchange, RawRecord } from '../../types/index.ts'
import type { IdSource } from './id-source.ts'
import { relayBytes, type LiveConnection } from './live-connection.ts'
import type { Certificate } from './tls/certificate.ts'

/**
 * The wire: a TCP proxy in front of the learner's program that keeps every byte and the time it
 * passed.
 */
export interface RecordingProxy {
  readonly port: number
  /**
   * Everything so far, in the order the requests began. Connections that carried nothing are not
   * there (a browser's preconnects).
   */
  exchanges(): Exchange[]
  /**
   * What clients sent over each connection that carried something, byte by byte; of HTTP/2,
   * nothing.
   */
  connections(): RawRecord[]
  /**
   * The number of the connection that a client opened from this port of its own; undefined when it
   * has not been accepted yet.
   */
  connectionFrom(clientPort: number): number | undefined
  /**
   * Called whenever bytes arrive or a connection ends; gives back a function that ends the calls.
   */
  onTraffic(listener: () => void): () => void
  close(): Promise<void>
}

export interface ProxyOptions {
  /** Bytes after which a client is cut off that goes on sending without an answer. */
  readonly mostSent?: number
  /** Where its clients come from, and may lose their disguise first. */
  readonly createServer?: (onClient: (client: Socket) => void) => Server
  /**
   * The certificates a server behind the proxy may show. The proxy then takes its part inside TLS:
   * it shows a client the certificate that the server showed, agrees on the protocol the server
   * chose, and keeps what is said. A server with another certificate is left alone with its
   * clients.
   */
  readonly certificates?: readonly Certificate[]
}

/** Starts a proxy on a free loopback port. */
export async function startRecordingProxy(
  target: { host: string; port: number },
  clock: Clock,
  ids: IdSource,
  { mostSent = Infinity, createServer = plainServer, certificates = [] }: ProxyOptions = {},
): Promise<RecordingProxy> {
  const connections: LiveConnection[] = []
  const listeners = new Set<() => void>()
  const notify = () => listeners.forEach((listener) => listener())
  const options = { clock, ids, notify, mostSent }
  /** Clients that have not said yet what they want. */
  const arriving = new Set<Socket>()

  const server = createServer((client) => {
    if (certificates.length === 0)
      return void connections.push(
        relayBytes(client, connect({ ...target, allowHalfOpen: true }), options),
      )
    arriving.add(client)
    client.once('close', () => arriving.delete(client))
    void import('./tls/inside-tls.ts').then(({ relayInsideTls }) =>
      relayInsideTls(client, target, certificates, options, (connection) =>
        connections.push(connection),
      ),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })

  return {
    port: (server.address() as AddressInfo).port,
    exchanges: () =>
      connections
        .flatMap((connection) => connection.exchanges())
        .toSorted((a, b) => a.startedAt - b.startedAt || a.id - b.id),
    connections: () =>
      connections.map((connection) => connection.sentRecord()).filter((record) => record !== null),
    connectionFrom: (clientPort) =>
      connections.findLast((connection) => connection.clientPort === clientPort)?.id,
    onTraffic: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () =>
      new Promise((resolve) => {
        for (const connection of connections) connection.destroy()
        for (const client of arriving) client.destroy()
        server.close(() => resolve())
      }),
  }
}

/**
 * A side that sends no more may go on listening: the proxy ends what its own side ended, and
 * nothing else.
 */
function plainServer(onClient: (client: Socket) => void): Server {
  return createTcpServer({ allowHalfOpen: true }, onClient)
}
