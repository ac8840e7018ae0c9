import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Clock } from '../timing/clock.ts'
import { InconclusiveObservation } from '../../types/errors.ts'
import type { Exchange, RawRecord } from '../../types/index.ts'
import type { Writable } from '../../types/writable.ts'
import type { FaultInjection } from './faults/fault-injection.ts'
import type { IdSource } from './id-source.ts'
import { relayBytes, type LiveConnection } from './live-connection.ts'
import type { Certificate } from './tls/certificate.ts'
import { securityOf } from './tls/security.ts'

/**
 * The wire: a TCP proxy in front of the learner's program that keeps every byte and the time it
 * passed.
 */
export interface RecordingProxy {
  readonly port: number
  /**
   * Everything so far, in the order the requests began; each is filled in while its bytes come.
   * Connections that carried nothing are not there (a browser's preconnects).
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
  /** How many bytes a client sent that opened its connection from this port of its own. */
  sentFrom(clientPort: number | undefined): number
  /** Calls until the function that it returns is called. */
  subscribe(subscriber: Subscriber): () => void
  /** Fills in nothing more: what was recorded can be frozen. Bytes go on to pass. */
  stop(): void
  /** Accepts no connection any more until `listenAgain`; those that are open go on. */
  stopListening(): void
  /**
   * Accepts connections at the same port again.
   * @throws InconclusiveObservation when somebody else has taken it meanwhile.
   */
  listenAgain(): Promise<void>
  close(): Promise<void>
}

/** Who waits for something on the wire. */
export interface Subscriber {
  /** Bytes have come, or a connection has ended. */
  readonly traffic?: () => void
  /** A response is complete, or will never be. */
  readonly over?: (exchange: Exchange) => void
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
  /** What is known of an exchange beside what crossed the wire, asked once its request is there. */
  readonly identify?: (exchange: Exchange) => Partial<Pick<Exchange, 'origin' | 'site'>>
  /** What a scenario has the proxy do; left out where it cannot do anything. */
  readonly faults?: FaultInjection
}

/** Starts a proxy on a free loopback port. */
export async function startRecordingProxy(
  target: { host: string; port: number },
  clock: Clock,
  ids: IdSource,
  {
    mostSent = Infinity,
    createServer = plainServer,
    certificates = [],
    identify = () => ({}),
    faults,
  }: ProxyOptions = {},
): Promise<RecordingProxy> {
  const connections: LiveConnection[] = []
  const exchanges: Exchange[] = []
  const subscribers = new Set<Subscriber>()
  let isStopped = false
  const events = {
    begun(exchange: Writable<Exchange>) {
      Object.assign(exchange, identify(exchange))
      faults?.begun(exchange)
      // A request may have begun before another one whose head was whole first.
      const index = exchanges.findLastIndex((each) => !isBefore(exchange, each))
      exchanges.splice(index + 1, 0, exchange)
    },
    over: (exchange: Exchange) => subscribers.forEach(({ over }) => over?.(exchange)),
  }
  const notify = () => subscribers.forEach(({ traffic }) => traffic?.())
  const options = { clock, ids, events, notify, mostSent, ...(faults && { faults }) }
  const keep = (connection: LiveConnection) => {
    connections.push(connection)
    if (isStopped) connection.stop()
  }
  /** Clients that have not said yet what they want. */
  const arriving = new Set<Socket>()

  const server = createServer((client) => {
    if (certificates.length === 0) {
      const upstream = connect({ ...target, allowHalfOpen: true })
      return keep(relayBytes(client, upstream, { ...options, known: knownOf(client) }))
    }
    arriving.add(client)
    client.once('close', () => arriving.delete(client))
    void import('./tls/inside-tls.ts').then(({ relayInsideTls }) =>
      relayInsideTls(client, target, certificates, options, keep),
    )
  })
  const listenAt = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listenAt(0)
  const { port } = server.address() as AddressInfo

  return {
    port,
    exchanges: () => [...exchanges],
    connections: () =>
      connections.map((connection) => connection.sentRecord()).filter((record) => record !== null),
    connectionFrom: (clientPort) =>
      connections.findLast((connection) => connection.clientPort === clientPort)?.id,
    sentFrom: (clientPort) =>
      connections.findLast((connection) => connection.clientPort === clientPort)?.sentBytes() ?? 0,
    subscribe(subscriber) {
      subscribers.add(subscriber)
      return () => subscribers.delete(subscriber)
    },
    stop() {
      isStopped = true
      for (const connection of connections) connection.stop()
    },
    // Its callback would wait for connections that go on; nobody is accepted from now on.
    stopListening: () => void server.close(),
    async listenAgain() {
      await listenAt(port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error
        throw new InconclusiveObservation(
          `port ${port} was taken meanwhile`,
          `Another program took port ${port} each time while a server of the exercise was stopped.`,
        )
      })
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

/** Of a client that speaks TLS with us, where the proxy is a server's own. */
function knownOf(client: Socket): Pick<Exchange, 'security'> {
  const security = 'encrypted' in client ? securityOf(client as TLSSocket) : null
  return security ? { security } : {}
}

function isBefore(one: Exchange, other: Exchange): boolean {
  return one.startedAt < other.startedAt || (one.startedAt === other.startedAt && one.id < other.id)
}
