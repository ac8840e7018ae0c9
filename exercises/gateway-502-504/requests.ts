import type { Exchange, RawRequest, SetUpKit } from '#grader'

/** A request to the gateway, and what the upstream is to get of it. */
export interface Case {
  readonly name: string
  readonly request: RawRequest & { readonly method: string }
  /** Its content, however it was cut. */
  readonly content: Uint8Array
  /** The part of its path that no other request has. */
  readonly mark: string
}

/** What became of a request: its answer, and what the upstream got for it. */
export interface Forwarded {
  readonly name: string
  readonly exchange: Exchange | null
  /** The request as it came to the upstream. */
  readonly arrived: Exchange | null
  readonly sent: Seen
  /** Null where the upstream got no request with that mark. */
  readonly got: Seen | null
}

/** A request in the words in which both sides are compared. */
export interface Seen {
  readonly method: string
  readonly target: string
  /** The fields that were sent, by their names; undefined where one didn't come. */
  readonly fields: readonly (readonly [name: string, value: string | undefined])[]
  readonly content: string | undefined
}

/** Requests of each method, with content by length and in chunks, and with odd targets. */
export function drawCases(random: SetUpKit['random'], stranger: string): Case[] {
  const draw = (
    name: string,
    method: string,
    targetOf: (mark: string) => string,
    more: Partial<RawRequest> = {},
  ): Case => {
    const mark = random.token(8)
    const headers = [...(more.headers ?? []), ['X-Order', random.token(10)] as const]
    const pieces = more.body === undefined ? [] : [more.body].flat()
    return {
      name,
      mark,
      request: { ...more, method, path: targetOf(mark), headers },
      content: Buffer.concat(pieces.map((piece) => Buffer.from(piece as string))),
    }
  }
  const order = (mark: string) => `/orders/${mark}`
  const typed = (type: string) => ({ headers: [['Content-Type', type] as const] })
  return [
    draw(
      'GET with a query',
      'GET',
      (mark) => `/caf%C3%A9/${mark}/a%2Fb?q=a%20b&sort=%2B${random.word()}&empty=`,
      {
        headers: [
          ['Accept', 'application/vnd.shop+json;q=0.9'],
          ['Authorization', `Bearer ${random.token(12)}`],
          ['Cookie', `basket=${random.token(8)}; visitor=${random.token(8)}`],
        ],
      },
    ),
    draw('GET with two slashes', 'GET', (mark) => `//${stranger}/${mark}`),
    draw(CHUNKS, 'POST', order, {
      ...typed('text/plain; charset=utf-8'),
      body: [`A lamp for ${random.word()}, `, 'and a café ', `table for ${random.word()}.\n`],
      chunked: true,
    }),
    draw('POST of all bytes', 'POST', order, {
      ...typed('application/octet-stream'),
      body: Uint8Array.from(random.shuffle(ALL_BYTES)),
    }),
    draw('PUT of 100 kB', 'PUT', order, {
      ...typed('application/octet-stream'),
      body: random.bytes(100_000),
    }),
    draw('PATCH', 'PATCH', order, {
      ...typed('application/json'),
      body: `{"n":"${random.word()}"}`,
    }),
    draw('DELETE', 'DELETE', order),
    draw('OPTIONS', 'OPTIONS', order),
    draw('HEAD', 'HEAD', order),
  ]
}

/** What a client sent, in the words of the comparison. */
export function sentBy({ request, content }: Case): Seen {
  const { method, path, headers = [] } = request
  return { method, target: path, fields: headers, content: inWords(content) }
}

/** What the upstream got, of the fields that were sent. */
export function gotBy({ request }: Exchange, sent: Seen): Seen {
  const { method, target, headers, complete, body } = request
  return {
    method,
    target,
    fields: sent.fields.map(([name]) => [name, combined(headers, name)]),
    content: complete ? inWords(body) : body.length === 0 ? NO_END : `${inWords(body)}, ${NO_MORE}`,
  }
}

/** The values of all lines of that name, as one list (RFC 9110 §5.2); undefined without one. */
export function combined(
  headers: readonly (readonly [string, string])[],
  name: string,
): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name.toLowerCase())
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ')
}

/** Short text as it is, other content by its length and a checksum; undefined where there is none. */
export function inWords(content: Uint8Array): string | undefined {
  if (content.length === 0) return undefined
  const text = Buffer.from(content).toString()
  if (content.length <= 200 && !text.includes('\uFFFD')) return text
  return `${content.length} bytes, with the checksum ${checksum(content)}`
}

/** FNV-1a: enough to tell contents apart that nobody forged. */
function checksum(content: Uint8Array): string {
  let hash = 0x811c9dc5
  for (const byte of content) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}

export const CHUNKS = 'POST in chunks'
const NO_MORE = 'and then no end'
export const NO_END = `nothing, ${NO_MORE}`
const ALL_BYTES = Array.from({ length: 256 }, (_, byte) => byte)
