/** Field lines, in this order and spelling. */
export type FieldLines = readonly (readonly [name: string, value: string])[]

export interface ChunkedOptions {
  /** Fields after the last chunk (RFC 9112 §7.1.2). */
  readonly trailers?: FieldLines
  /** What follows the size of every chunk with content: `;name=value` (RFC 9112 §7.1.1). */
  readonly extension?: string
}

/**
 * Content as chunks (RFC 9112 §7.1): each piece is one chunk, and the last chunk with the trailers
 * follows. Text is sent as UTF-8; an empty piece is left out, because it would end the content. For
 * the `bytes` of a Reply, or for `write` on a connection of your own; a request's own `body` needs
 * only `chunked: true`.
 */
export function chunked(
  pieces: readonly (string | Uint8Array)[],
  { trailers = [], extension = '' }: ChunkedOptions = {},
): Uint8Array[] {
  const chunks = pieces
    .map((piece) => Buffer.from(piece as string))
    .filter((piece) => piece.length > 0)
    .map((piece) =>
      Buffer.concat([
        Buffer.from(`${piece.length.toString(16)}${extension}\r\n`, 'latin1'),
        piece,
        Buffer.from('\r\n'),
      ]),
    )
  const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`)
  return [...chunks, Buffer.from(`0\r\n${lines.join('')}\r\n`, 'latin1')]
}
