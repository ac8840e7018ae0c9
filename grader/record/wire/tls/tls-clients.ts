import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Clock } from '../../timing/clock.ts'
import type { Handshake } from '../../../types/index.ts'
import { errorInWords } from './error-in-words.ts'

/** What stands where clients speak TLS. */
export interface TlsClients {
  /**
   * Makes a server that calls `onClient` with each connection once its handshake is over: what is
   * read and written there is in clear.
   */
  readonly createServer: (onClient: (client: Socket) => void) => Server
  /**
   * Every connection over which something came, in the order they began; waits for the handshakes
   * that are under way.
   */
  handshakes(): Promise<Handshake[]>
  /** Breaks off every connection. */
  destroy(): void
}

type Begun = { -readonly [Property in keyof Handshake]: Handshake[Property] }

/** Longer than any client that means to speak takes for its handshake. */
const HANDSHAKE_MS = 5000
/** The first byte of a connection that begins with a handshake (RFC 8446 §5.1). */
const HANDSHAKE_RECORD = 22

/** For HTTP/1.1. `cert` and `key` are PEM. */
export function tlsClients(certificate: { cert: string; key: string }, clock: Clock): TlsClients {
  const sockets = new Set<Socket>()
  const begun: { handshake: Begun; over: Promise<void> }[] = []
  return {
    createServer: (onClient) =>
      createServer({ allowHalfOpen: true }, (socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket)).on('error', () => {})
        socket.once('readable', () => {
          const bytes = socket.read() as Buffer | null
          // Opened and not used (a browser's preconnect).
          if (bytes === null) return void socket.end()
          socket.unshift(bytes)
          const handshake: Begun = {
            at: clock.now(),
            servername: null,
            alpn: [],
            protocol: null,
            error: null,
          }
          begun.push({
            handshake,
            over: shakeHands(socket, bytes[0]!, certificate, handshake, onClient),
          })
        })
      }),
    async handshakes() {
      for (const { over } of begun) await over
      return begun.map(({ handshake }) => ({ ...handshake }))
    },
    destroy() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function shakeHands(
  socket: Socket,
  firstByte: number,
  { cert, key }: { cert: string; key: string },
  handshake: Begun,
  onClient: (client: Socket) => void,
): Promise<void> {
  return new Promise((resolve) => {
    // A server for each connection: its callbacks are about this one, and no session is resumed, so
    // that every client checks the certificate.
    const tls = createTlsServer({
      cert,
      key,
      handshakeTimeout: HANDSHAKE_MS,
      SNICallback(servername, done) {
        handshake.servername = servername
        done(null)
      },
      ALPNCallback({ protocols }) {
        handshake.alpn = protocols
        return protocols.find((protocol) => protocol === 'http/1.1')
      },
    })
    tls.once('secureConnection', (client) => {
      handshake.protocol = client.getProtocol()
      client.allowHalfOpen = true
      // TLS has no such thing; TCP below it has.
      client.resetAndDestroy = () => {
        socket.resetAndDestroy()
        return client.destroy()
      }
      onClient(client)
      resolve()
    })
    tls.once('tlsClientError', (error: NodeJS.ErrnoException) => {
      handshake.error = firstByte === HANDSHAKE_RECORD ? errorInWords(error) : 'no TLS'
      socket.destroy()
      resolve()
    })
    // One that is broken off from this side is told nowhere else.
    socket.once('close', () => resolve())
    // Who leaves in the middle of a handshake has hung up; only later may a side that sends no more
    // go on listening.
    socket.allowHalfOpen = false
    tls.emit('connection', socket)
  })
}
