import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'

/** What a certificate says (RFC 5280 §4.1.2). */
export interface CertificateContent {
  readonly subject: string
  readonly publicKey: KeyObject
  /** Whose signature it carries. One that signs itself names its own subject and key. */
  readonly issuer: { readonly name: string; readonly privateKey: KeyObject }
  readonly from: Date
  readonly until: Date
  /**
   * What a server is known by: DNS names and IP addresses. Without any it is the certificate of an
   * authority.
   */
  readonly names?: readonly string[]
}

/**
 * An X.509 v3 certificate in DER, signed with ECDSA over SHA-256; keys are EC P-256. It carries the
 * extensions that strict clients ask for: what the key may be used for, and by which keys the chain
 * is found.
 * @throws Error for a name that is neither a DNS name nor an IP address.
 */
export function encodeCertificate({
  subject,
  publicKey,
  issuer,
  from,
  until,
  names,
}: CertificateContent): Buffer {
  const content = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    commonName(issuer.name),
    sequence(time(from), time(until)),
    commonName(subject),
    publicKeyInfo(publicKey),
    explicit(3, sequence(...extensions(publicKey, createPublicKey(issuer.privateKey), names))),
  )
  return sequence(content, ECDSA_WITH_SHA256, bitString(sign('sha256', content, issuer.privateKey)))
}

/** SubjectPublicKeyInfo in DER. */
export function publicKeyInfo(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

function extensions(
  key: KeyObject,
  issuerKey: KeyObject,
  names: readonly string[] | undefined,
): Buffer[] {
  // The bits of a key usage count from the left: 0 is digitalSignature, 5 and 6 are keyCertSign and
  // cRLSign.
  const role = names
    ? [
        extension('2.5.29.19', sequence(), CRITICAL),
        extension('2.5.29.15', tagged(0x03, Buffer.of(7, 0x80)), CRITICAL),
        extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
      ]
    : [
        extension('2.5.29.19', sequence(TRUE), CRITICAL),
        extension('2.5.29.15', tagged(0x03, Buffer.of(1, 0x06)), CRITICAL),
      ]
  return [
    ...role,
    extension('2.5.29.14', octetString(keyIdentifier(key))),
    extension('2.5.29.35', sequence(tagged(0x80, keyIdentifier(issuerKey)))),
    ...(names ? [extension('2.5.29.17', sequence(...names.map(alternativeName)))] : []),
  ]
}

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i

function alternativeName(name: string): Buffer {
  const family = isIP(name)
  if (family === 4) return tagged(0x87, Buffer.from(name.split('.').map(Number)))
  if (family === 6) return tagged(0x87, addressBytes(name))
  if (
    name
      .replace(/^\*\./, '')
      .split('.')
      .every((label) => LABEL.test(label))
  )
    return tagged(0x82, Buffer.from(name))
  throw new Error(`"${name}" is neither a DNS name nor an IP address`)
}

function addressBytes(address: string): Buffer {
  // Written in full by the parser of addresses but for one gap of zeros.
  const [before, after] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean))
  const gap = Array.from({ length: 8 - before!.length - (after?.length ?? 0) }, () => '0')
  return Buffer.from(
    [...before!, ...gap, ...(after ?? [])].map((group) => group.padStart(4, '0')).join(''),
    'hex',
  )
}

/** Method 1 of RFC 7093 §2: of the key's bits, without the frame around them. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha256')
    .update(publicKeyInfo(key).subarray(-UNCOMPRESSED_POINT_BYTES))
    .digest()
    .subarray(0, 20)
}

const UNCOMPRESSED_POINT_BYTES = 65

/** Positive, and without a zero in front (RFC 5280 §4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes
}

// What follows is DER (X.690): a tag, a length in as few bytes as it takes, the content.

function tagged(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const { length } = Buffer.concat(content)
  const long = length < 0x80 ? [] : length < 0x100 ? [0x81] : [0x82, length >> 8]
  return Buffer.concat([Buffer.of(tag, ...long, length & 0xff), ...content])
}

function sequence(...items: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...items)
}

function explicit(number: number, item: Uint8Array): Buffer {
  return tagged(0xa0 + number, item)
}

function integer(bytes: Uint8Array): Buffer {
  return tagged(0x02, bytes)
}

function octetString(bytes: Uint8Array): Buffer {
  return tagged(0x04, bytes)
}

function bitString(bytes: Uint8Array): Buffer {
  return tagged(0x03, Buffer.of(0), bytes)
}

function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]]
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(number: number): number[] {
  const lowest = number & 0x7f
  return number < 0x80 ? [lowest] : [...base128(number >> 7).map((byte) => byte | 0x80), lowest]
}

function commonName(name: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(name)))))
}

/** UTCTime through 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`
  return date.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits))
}

function extension(id: string, value: Buffer, ...critical: readonly Buffer[]): Buffer {
  return sequence(oid(id), ...critical, octetString(value))
}

const TRUE = Buffer.of(0x01, 0x01, 0xff)
const CRITICAL = TRUE
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
