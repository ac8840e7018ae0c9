import { X509Certificate } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import {
  connect as connectSecurely,
  createServer as createTlsServer,
  type ConnectionOptions,
  type TLSSocket,
} from 'node:tls'
import type { Security } from '../../../types/index.ts'
import type { Certificate } from './certificate.ts'
import { readClientHello, type ClientHello, type SecureVersion } from './client-hello.ts'
import { relayBytes, type LiveConnection, type RelayOptions } from '../live-connection.ts'
import { relayHttp2 } from './relay-http2.ts'
import { securityOf, shownCertificate } from './security.ts'
import { oldVersions } from './old-versions.ts'

/** Where the server stands. */
interface Target {
  readonly host: string
  readonly port: number
}

/**
 * Relays a connection to a server that may speak TLS, and keeps what is said inside. The server is
 * asked first, with the name and the protocols that the client named: what it chooses is what the
 * client is given, under the certificate that it showed. Where it shows none of `certificates`, or
 * does not agree to speak at all, and where the client does not begin with TLS, their bytes are
 * passed on as they are.
 */
export async function relayInsideTls(
  client: Socket,
  target: Target,
  certificates: readonly Certificate[],
  options: RelayOptions,
  opened: (connection: LiveConnection) => void,
): Promise<void> {
  // A client may leave while the server is asked.
  client.on('error', () => client.destroy())
  const { hello, bytes } = await firstWords(client)
  const asIs = () => {
    client.unshift(bytes)
    opened(relayBytes(client, connect({ ...target, allowHalfOpen: true }), options))
    client.resume()
  }
  if (!hello) return asIs()
  const server = await agree(hello, target, certificates)
  if (client.destroyed) return void server?.socket.destroy()
  if (!server) return asIs()

  client.unshift(bytes)
  const alpn = server.socket.alpnProtocol || null
  const { key, cert } = server.certificate
  const protocol = server.socket.getProtocol() as SecureVersion
  const accepting = createTlsServer({
    key,
    cert,
    minVersion: protocol,
    maxVersion: protocol,
    ...oldVersions(protocol),
    allowHalfOpen: true,
    ...(alpn !== null && { ALPNProtocols: [alpn] }),
  })
  accepting.once('secureConnection', async (inside) => {
    inside.on('error', () => {})
    resetBelow(inside, client)
    // A server may have had second thoughts meanwhile.
    if (server.socket.destroyed) return void inside.resetAndDestroy()
    const { security } = server
    const known = security ? { security } : {}
    opened(
      alpn === 'h2'
        ? await relayHttp2(inside, server.socket, { ...options, known })
        : relayBytes(inside, server.socket, {
            ...options,
            known: { protocol: 'http/1.1', ...known },
          }),
    )
  })
  // A client that does not trust the certificate says so and goes, before anything was asked.
  client.once('close', () => server.socket.destroy())
  accepting.once('tlsClientError', () => server.socket.destroy())
  accepting.emit('connection', client)
}

/** TLS has no reset; TCP below it has. */
function resetBelow(inside: TLSSocket, below: Socket): void {
  inside.resetAndDestroy = () => {
    below.resetAndDestroy()
    return inside.destroy()
  }
}

/**
 * Reads until it is known whether a client begins with TLS; what was read is given back with it.
 */
function firstWords(client: Socket): Promise<{ hello: ClientHello | null; bytes: Buffer }> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0)
    const settle = (hello: ClientHello | null) => {
      client.off('data', read).off('end', end).off('close', end)
      client.pause()
      resolve({ hello, bytes })
    }
    const end = () => settle(null)
    const read = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      const hello = readClientHello(bytes)
      if (hello !== undefined) settle(hello)
    }
    client.on('data', read).once('end', end).once('close', end)
  })
}

/** Longer than a server takes that means to agree at all. */
const AGREES_WITHIN_MS = 5000

/** A server that showed one of the certificates, and what it agreed upon. */
interface Agreed {
  readonly socket: TLSSocket
  readonly certificate: Certificate
  readonly security: Security | null
}

/** A connection to the server that showed one of the certificates, or null. */
function agree(
  { servername, alpn, versions }: ClientHello,
  target: Target,
  certificates: readonly Certificate[],
): Promise<Agreed | null> {
  return new Promise((resolve) => {
    const below = connect({ ...target, allowHalfOpen: true })
    const options: ConnectionOptions & { allowHalfOpen: boolean } = {
      ...target,
      socket: below,
      ...(servername !== null && { servername }),
      ...(alpn !== null && { ALPNProtocols: [...alpn] }),
      ...(versions && { minVersion: versions.lowest, maxVersion: versions.highest }),
      ...oldVersions(versions?.lowest),
      // Known is better than trusted: it has to be one of those that were made for it, whatever is
      // said in it.
      rejectUnauthorized: false,
      allowHalfOpen: true,
    }
    const socket = connectSecurely(options)
    resetBelow(socket, below)
    const settle = (certificate: Certificate | undefined, security: Security | null = null) => {
      socket
        .setTimeout(0)
        .off('error', fail)
        .on('error', () => {})
      if (certificate) return resolve({ socket, certificate, security })
      socket.destroy()
      resolve(null)
    }
    const fail = () => settle(undefined)
    socket.once('error', fail).setTimeout(AGREES_WITHIN_MS, fail)
    socket.once('secureConnect', () => {
      const shown = shownCertificate(socket)
      const raw = shown?.raw ?? Buffer.alloc(0)
      const isShown = ({ cert }: Certificate) => new X509Certificate(cert).raw.equals(raw)
      settle(certificates.find(isShown), securityOf(socket, shown))
    })
  })
}
