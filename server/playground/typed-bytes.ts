/** The most a playground sends at once, in bytes. */
export const MOST_BYTES = 4000

/**
 * The bytes somebody typed: `\r`, `\n`, `\t`, `\\` and `\x00` as in most languages, everything else
 * itself in UTF-8. The line breaks of the box it was typed in are for the eye alone and are left
 * out. Undefined when it is no text, or too long.
 */
export function typedBytes(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || text.length > 4 * MOST_BYTES) return undefined
  const pieces = text.match(/\\(?:x[\da-f]{2}|[rnt\\])|[^\r\n]/giu) ?? []
  const bytes = Buffer.concat(pieces.map(bytesOf))
  return bytes.length > MOST_BYTES ? undefined : bytes
}

/** Bytes as they are typed, with a line break after each line feed. Text is taken as latin1. */
export function asTyped(bytes: string | Uint8Array): string {
  return Array.from(
    typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes,
    (byte) => typedByte(byte) + (byte === 0x0a ? '\n' : ''),
  ).join('')
}

/** One byte as it is typed. */
export function typedByte(byte: number): string {
  const known = escapes.get(byte)
  if (known !== undefined) return known
  return byte >= 0x20 && byte < 0x7f
    ? String.fromCharCode(byte)
    : `\\x${byte.toString(16).padStart(2, '0')}`
}

const escapes = new Map([
  [0x0d, '\\r'],
  [0x0a, '\\n'],
  [0x09, '\\t'],
  [0x5c, '\\\\'],
])

function bytesOf(piece: string): Buffer {
  const known = [...escapes].find(([, escape]) => escape === piece)
  if (known) return Buffer.from([known[0]])
  return /^\\x[\da-f]{2}$/i.test(piece) ? Buffer.from(piece.slice(2), 'hex') : Buffer.from(piece)
}
