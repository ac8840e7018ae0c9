/** What a client says before anything is encrypted (RFC 8446 §4.1.2). */
export interface ClientHello {
  /** The name it asks for (SNI, RFC 6066 §3). */
  readonly servername: string | null
  /** The protocols it offers (ALPN, RFC 7301), best first; null when it offers none. */
  readonly alpn: readonly string[] | null
  /** The versions it would speak. Null when none of them is known here. */
  readonly versions: { readonly lowest: SecureVersion; readonly highest: SecureVersion } | null
}

export type SecureVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

/** By their numbers on the wire, from 0x0301 on. */
const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

const HANDSHAKE = 0x16
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const ALPN = 16
const SUPPORTED_VERSIONS = 43

/**
 * Reads the first bytes of a connection. Undefined while more of them are needed; null when they
 * are not the beginning of TLS.
 */
export function readClientHello(bytes: Uint8Array): ClientHello | null | undefined {
  const message = handshakeMessage(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (!message) return message
  try {
    return clientHello(message)
  } catch {
    return null
  }
}

/** The first handshake message, which may be spread over several records. */
function handshakeMessage(bytes: Buffer): Buffer | null | undefined {
  const fragments: Buffer[] = []
  for (let at = 0; ;) {
    if (bytes.length > at && bytes[at] !== HANDSHAKE) return null
    if (bytes.length < at + 5) return undefined
    const end = at + 5 + bytes.readUInt16BE(at + 3)
    fragments.push(bytes.subarray(at + 5, end))
    const message = Buffer.concat(fragments)
    if (message.length >= 4) {
      if (message[0] !== CLIENT_HELLO) return null
      const length = 4 + message.readUIntBE(1, 3)
      if (message.length >= length) return message.subarray(4, length)
    }
    if (bytes.length < end) return undefined
    at = end
  }
}

function clientHello(message: Buffer): ClientHello {
  const body = reader(message)
  // One number where the extension does not say more (RFC 8446 §4.2.1): the highest.
  const legacy = body.number(2)
  let offered = Array.from({ length: Math.max(0, legacy - 0x0300) }, (_, index) => 0x0301 + index)
  // Random.
  body.skip(32)
  // Session id, cipher suites, compression methods.
  body.vector(1)
  body.vector(2)
  body.vector(1)
  const found: { servername: string | null; alpn: string[] | null } = {
    servername: null,
    alpn: null,
  }
  for (
    const extensions = reader(body.rest() > 0 ? body.vector(2) : Buffer.alloc(0));
    extensions.rest() > 0;
  ) {
    const type = extensions.number(2)
    const content = reader(extensions.vector(2))
    if (type === SERVER_NAME) {
      const names = reader(content.vector(2))
      if (names.number(1) === 0) found.servername = names.vector(2).toString('latin1')
    }
    if (type === ALPN) {
      found.alpn = []
      for (const names = reader(content.vector(2)); names.rest() > 0;)
        found.alpn.push(names.vector(1).toString('latin1'))
    }
    if (type === SUPPORTED_VERSIONS) {
      offered = []
      for (const numbers = reader(content.vector(1)); numbers.rest() > 0;)
        offered.push(numbers.number(2))
    }
  }
  const known = VERSIONS.filter((_, index) => offered.includes(0x0301 + index))
  return {
    ...found,
    versions: known.length === 0 ? null : { lowest: known[0]!, highest: known.at(-1)! },
  }
}

/** Reads on and on; what goes beyond the end throws. */
function reader(bytes: Buffer) {
  let at = 0
  const take = (length: number) => {
    if (at + length > bytes.length) throw new RangeError('the message is too short')
    return bytes.subarray(at, (at += length))
  }
  const number = (size: number) => take(size).readUIntBE(0, size)
  return {
    rest: () => bytes.length - at,
    skip: (length: number) => void take(length),
    number,
    vector: (size: number) => take(number(size)),
  }
}
