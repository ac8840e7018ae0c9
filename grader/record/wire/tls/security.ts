import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { Security } from '../../../types/index.ts'

/**
 * What the two sides of a connection agreed upon, with the certificate that the server showed, on
 * whichever side the socket is. Null before the handshake is over.
 */
export function securityOf(
  socket: TLSSocket,
  certificate = shownCertificate(socket),
): Security | null {
  const protocol = socket.getProtocol()
  if (protocol === null || certificate === undefined) return null
  return {
    protocol,
    cipher: socket.getCipher().standardName,
    certificate: {
      names: namesOf(certificate),
      from: Date.parse(certificate.validFrom),
      until: Date.parse(certificate.validTo),
    },
  }
}

/**
 * The other side's certificate on a client's socket, one's own on a server's. Node gives the other
 * side's only once for a connection.
 */
export function shownCertificate(socket: TLSSocket): X509Certificate | undefined {
  return socket.getPeerX509Certificate() ?? socket.getX509Certificate()
}

/** `DNS:shop.test, IP Address:127.0.0.1` */
function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName
    .split(', ')
    .map((name) => name.replace(/^(?:DNS|IP Address):/, ''))
    .filter((name) => name !== '')
}
