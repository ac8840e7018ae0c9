import { GraderError } from '../../../types/errors.ts'
import { header } from '../../../types/helpers/header-fields.ts'
import { chunked, type FieldLines } from '../partner/chunked.ts'

/** A request no browser would make, or would not make this way. */
export interface RawRequest {
  readonly method?: string
  readonly path: string
  /** What follows `HTTP/` in the request line: `1.1` when left out. */
  readonly version?: string
  /** What Host says, when not the address's own; null for a request without one. */
  readonly host?: string | null
  /** Sent in this order and spelling, after Host. */
  readonly headers?: FieldLines
  /**
   * Text is sent as UTF-8. Of a list each piece is sent by itself, so that the program reads the
   * content while it comes. Content-Length is added, unless `headers` say how long the content is.
   * When the whole answer is there before the content ends (413), the rest is not sent.
   */
  readonly body?: string | Uint8Array | readonly (string | Uint8Array)[]
  /** The body is sent in chunks (RFC 9112 §7.1), each piece as one, without a Content-Length. */
  readonly chunked?: boolean
  /** Fields after the last chunk (RFC 9112 §7.1.2). */
  readonly trailers?: FieldLines
  /**
   * `Expect: 100-continue` is added, and the body waits until the program has answered 100 (see
   * `interim` of the Exchange). After another answer it isn't sent at all; after none in time it
   * is, as a client may (RFC 9110 §10.1.1).
   */
  readonly expectContinue?: boolean
}

/** The bytes of a request. */
export interface SerialisedRequest {
  readonly head: Uint8Array
  /** In the pieces in which it is to be sent. */
  readonly content: readonly Uint8Array[]
}

/**
 * Writes a request out, with `authority` in its Host. `close`: nothing more will be asked, and a
 * `Connection: close` says so where the author's headers and the version do not speak of it.
 * @throws GraderError for parts that contradict each other: the author's mistake.
 */
export function serialise(
  request: RawRequest,
  authority: string,
  close: boolean,
): SerialisedRequest {
  const { method = 'GET', path, version = '1.1', host, headers = [], expectContinue } = request
  assertConsistent(request)
  const content = contentOf(request)
  const says = (name: string) => header(headers, name) !== undefined
  const isFramed = says('content-length') || says('transfer-encoding')
  const length = content.reduce((sum, piece) => sum + piece.length, 0)
  const framing = request.chunked ? ['Transfer-Encoding: chunked'] : [`Content-Length: ${length}`]
  const lines = [
    `${method} ${path} HTTP/${version}`,
    ...(host === null ? [] : [`Host: ${host ?? authority}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(request.body === undefined || isFramed ? [] : framing),
    ...(expectContinue ? ['Expect: 100-continue'] : []),
    ...(close && version === '1.1' && !says('connection') ? ['Connection: close'] : []),
  ]
  return { head: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content }
}

function contentOf({ body, chunked: inChunks, trailers = [] }: RawRequest): Uint8Array[] {
  if (body === undefined) return []
  const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : body
  return inChunks
    ? chunked(pieces, { trailers })
    : pieces.map((piece) => Buffer.from(piece as string))
}

function assertConsistent({
  path,
  body,
  chunked: inChunks,
  trailers,
  expectContinue,
}: RawRequest): void {
  const mistake = (what: string, remedy: string) => {
    throw new GraderError(`The request for ${path} has ${what}.`, `${remedy} in checks.ts.`)
  }
  if (trailers && !inChunks)
    mistake('trailers, but its body is not sent in chunks', 'Add chunked: true')
  if (inChunks && body === undefined)
    mistake('chunked: true, but no body', "Give it a body, '' for an empty one,")
  if (expectContinue && body === undefined)
    mistake('expectContinue: true, but no body', 'Give it the body that waits for the 100')
}
