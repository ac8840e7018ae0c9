import {
  connect as connectHttp2,
  createSecureServer,
  type ClientHttp2Session,
  type Http2SecureServer,
  type ServerHttp2Stream,
} from 'node:http2'
import { afterEach, describe, expect, test } from 'vitest'
import {
  cert,
  closeAll,
  closeLater,
  expectTheSame,
  key,
  pause,
  trusting,
} from '../../../../testing/both-ways.ts'

afterEach(closeAll)

/** What carries a session. */
const raw = new Map<object, any>()

function openSession(port: number, seen: unknown[] = []): ClientHttp2Session {
  const session = connectHttp2('https://shop.test', trusting(port) as object)
  closeLater(() => session.destroy())
  session.on('error', (error: NodeJS.ErrnoException) => seen.push(`error ${error.code}`))
  // That it is said once more at the end says nothing new.
  session.on(
    'goaway',
    (code, lastId) =>
      seen.includes(`goaway ${code} ${lastId}`) || seen.push(`goaway ${code} ${lastId}`),
  )
  session.on('close', () => seen.push('closed'))
  return session
}

type Fields = Record<string, string | string[]>

/** Everything that can be seen of one stream. */
function ask(
  session: ClientHttp2Session,
  fields: Fields,
  { body, trailers }: { body?: string | Buffer; trailers?: Fields } = {},
) {
  const seen: {
    interim: unknown[]
    head: unknown
    ended: boolean
    body: string
    trailers: unknown
    end: unknown
  } = { interim: [], head: null, ended: false, body: '', trailers: null, end: null }
  const stream = session.request(fields, {
    endStream: body === undefined && !trailers,
    waitForTrailers: trailers !== undefined,
  })
  if (trailers) stream.on('wantTrailers', () => stream.sendTrailers(trailers))
  stream.on('headers', (_, __, raw: string[]) => seen.interim.push(raw))
  stream.on('response', (_, flags, raw: string[]) => {
    seen.head = raw.map((text, index) => (raw[index - 1] === 'date' ? 'date' : text))
    seen.ended = (flags & 1) === 1
  })
  stream.on('trailers', (_, __, raw: string[]) => (seen.trailers = raw))
  stream.on(
    'data',
    (chunk: Buffer) => (seen.body += chunk.length > 200 ? `(${chunk.length})` : chunk.toString()),
  )
  let length = 0
  stream.on('data', (chunk: Buffer) => (length += chunk.length))
  stream.on('error', () => {})
  if (body !== undefined || trailers) stream.end(body)
  return new Promise<typeof seen & { length: number }>((resolve) =>
    stream.on('close', () =>
      resolve({
        ...seen,
        body: length > 200 ? '' : seen.body,
        end:
          stream.rstCode === 0 && seen.head
            ? 'whole'
            : seen.head
              ? 'broken off'
              : `broken off with ${stream.rstCode}`,
        length,
      }),
    ),
  )
}

const http2 =
  (
    handle: (stream: ServerHttp2Stream, fields: Record<string, any>, raw: string[]) => void,
    options = {},
  ) =>
  () =>
    createSecureServer({ key, cert, allowHTTP1: true, ...options }).on(
      'stream',
      (stream, fields, _, raw) => {
        stream.on('error', () => {})
        handle(stream as ServerHttp2Stream, fields, raw)
      },
    ) as Http2SecureServer

/** An option of respond() that the types do not know. */
const NO_DATE: object = { sendDate: false }

/** Every code that RFC 9113 §7 names, and one that it does not. */
const RESET_CODES = [...Array(14).keys(), 99]

const TRAILERS: Fields[] = [
  {},
  { 'x-empty': '' },
  { 'x-sum': 'abc', 'x-empty': '' },
  { 'x-empty': '', 'x-sum': 'abc' },
  { 'x-b': ['1', '2'], 'x-a': '3' },
  { 'x-b': ['', '2', ''] },
  { 'x-utf8': latin1('é') },
  { 'set-cookie': ['a=1', 'b=2'] },
]

/** The bytes of its UTF-8, as Node writes and reads them: one character each. */
function latin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}

describe('HTTP/2 through the wire is what it is without it', () => {
  test.each<
    [
      what: string,
      handle: Parameters<typeof http2>[0],
      ask: Parameters<typeof ask>[1],
      more?: Parameters<typeof ask>[2],
    ]
  >([
    [
      'the length of what HEAD does not get',
      (stream) => stream.respond({ ':status': 200, 'content-length': '5' }),
      { ':method': 'HEAD' },
    ],
    ['204', (stream) => stream.respond({ ':status': 204 }), {}],
    [
      'no date, where the server sends none',
      (stream) => {
        stream.respond({ ':status': 200, 'x-a': '1' }, NO_DATE)
        stream.end('hello')
      },
      {},
    ],
    [
      'no date of an answer that is all head',
      (stream) => stream.respond({ ':status': 204 }, { ...NO_DATE, endStream: true }),
      {},
    ],
    [
      'no date in the answer to HEAD',
      (stream) => stream.respond({ ':status': 200 }, { ...NO_DATE, endStream: true }),
      { ':method': 'HEAD' },
    ],
    [
      'a date of the server, whatever it says',
      (stream) => stream.respond({ ':status': 200, date: 'yesterday' }, { endStream: true }),
      {},
    ],
    [
      'values beyond ASCII, byte by byte',
      (stream, _, raw) =>
        stream.respond(
          { ':status': 200, 'x-utf8': latin1('é€'), 'x-latin1': '\u00e9', 'x-got': raw.at(-1) },
          { endStream: true },
        ),
      { cookie: latin1('a=é') },
    ],
    [
      'empty values',
      (stream, fields) =>
        stream.respond(
          { ':status': 200, 'x-empty': '', 'x-got': `<${fields['x-none']}>`, 'x-b': ['', '2', ''] },
          { endStream: true },
        ),
      { 'x-none': '' },
    ],
    ...TRAILERS.map((fields): [string, Parameters<typeof http2>[0], Fields] => [
      `the trailers ${JSON.stringify(fields)}`,
      (stream) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers(fields))
        stream.end('hello')
      },
      {},
    ]),
    [
      'fields of an interim answer, repeated and in order',
      (stream) => {
        stream.additionalHeaders({
          ':status': 103,
          'x-b': '1',
          link: ['</a>; rel=preload', '</b>; rel=preload'],
          'x-a': '',
        })
        setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 30)
      },
      {},
    ],
    ['304 with a tag', (stream) => stream.respond({ ':status': 304, etag: '"a"' }), {}],
    [
      'a status nobody knows',
      (stream) => stream.respond({ ':status': 599 }, { endStream: true }),
      {},
    ],
    [
      'fields in order and repeated',
      (stream) =>
        stream.respond(
          { ':status': 200, 'x-b': ['1', '2'], 'Set-Cookie': ['a=1', 'b=2'], 'x-a': '3' },
          { endStream: true },
        ),
      {},
    ],
    ['an empty content', (stream) => stream.respond({ ':status': 200 }) ?? stream.end(), {}],
    [
      'a length that is too long',
      (stream) => stream.respond({ ':status': 200, 'content-length': '9' }) ?? stream.end('four'),
      {},
    ],
    [
      'a length that is too short',
      (stream) => stream.respond({ ':status': 200, 'content-length': '2' }) ?? stream.end('four'),
      {},
    ],
    [
      'trailers',
      (stream) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc', 'X-Two': '2' }))
        stream.end('hello')
      },
      {},
    ],
    [
      'trailers of a request',
      (stream) => {
        stream
          .resume()
          .on('trailers', (fields) =>
            stream.respond(
              { ':status': 200, 'x-got': fields['x-sum'] as string },
              { endStream: true },
            ),
          )
        setTimeout(
          () => !stream.headersSent && stream.respond({ ':status': 400 }, { endStream: true }),
          300,
        )
      },
      { ':method': 'POST' },
      { body: 'salt', trailers: { 'x-sum': 'abc' } },
    ],
    [
      'interim answers, several',
      (stream) => {
        stream.additionalHeaders({ ':status': 103, link: '</a>; rel=preload' })
        stream.additionalHeaders({ ':status': 103, link: '</b>; rel=preload' })
        stream.additionalHeaders({ ':status': 102 })
        setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 30)
      },
      {},
    ],
    [
      '100 before a content',
      (stream) => {
        stream.additionalHeaders({ ':status': 100 })
        stream.resume().on('end', () => stream.respond({ ':status': 200 }, { endStream: true }))
      },
      { ':method': 'POST', expect: '100-continue' },
      { body: 'salt' },
    ],
    [
      'what a server is asked',
      (stream, _, raw) =>
        stream.respond({ ':status': 200 }) ?? stream.end(JSON.stringify(raw.slice(0, 18))),
      { ':authority': 'other.test', 'x-b': ['1', '2'], cookie: ['a=1', 'b=2'], te: 'trailers' },
    ],
    [
      'a large download',
      (stream) => stream.respond({ ':status': 200 }) ?? stream.end(Buffer.alloc(900_000, 'x')),
      {},
    ],
    [
      'a large upload',
      (stream) => {
        let length = 0
        stream
          .on('data', (chunk) => (length += chunk.length))
          .on('end', () =>
            stream.respond({ ':status': 200, 'x-length': length }, { endStream: true }),
          )
      },
      { ':method': 'POST' },
      { body: Buffer.alloc(3_000_000, 'x') },
    ],
    [
      'an answer before the upload is over',
      (stream) => {
        stream.respond({ ':status': 413 })
        stream.end('enough')
        stream.close(0)
      },
      { ':method': 'POST' },
      { body: Buffer.alloc(300_000, 'x') },
    ],
    [
      'no content as the answer to an upload that is not over',
      (stream) => {
        stream.respond({ ':status': 204 })
        stream.close(0)
      },
      { ':method': 'POST' },
      { body: Buffer.alloc(300_000, 'x') },
    ],
    ...RESET_CODES.flatMap((code): [string, Parameters<typeof http2>[0], Fields][] => [
      [`a reset with ${code}`, (stream) => stream.close(code), {}],
      [
        `a reset with ${code} after the head`,
        (stream) => {
          stream.respond({ ':status': 200 })
          setTimeout(() => stream.close(code), 30)
        },
        {},
      ],
      [
        `a reset with ${code} in the middle`,
        (stream) => {
          stream.respond({ ':status': 200 }, { waitForTrailers: true })
          stream.write('half', () => setTimeout(() => stream.close(code), 30))
        },
        {},
      ],
    ]),
    [
      'many fields',
      (stream, fields) =>
        stream.respond(
          { ':status': 200, 'x-got': String(fields['x-big']?.length), 'x-big': 'y'.repeat(20_000) },
          { endStream: true },
        ),
      { 'x-big': 'z'.repeat(20_000) },
    ],
    [
      'a tunnel that is asked for',
      (stream) => stream.respond({ ':status': 405 }, { endStream: true }),
      { ':method': 'CONNECT', ':authority': 'other.test:443' },
    ],
    [
      'an options request for everything',
      (stream, fields) =>
        stream.respond({ ':status': 200, 'x-path': fields[':path'] }, { endStream: true }),
      { ':method': 'OPTIONS', ':path': '*' },
    ],
  ])('%s', async (_, handle, fields, more) => {
    const seen = await expectTheSame(http2(handle), async (port) =>
      ask(
        openSession(port),
        { ...(fields[':method'] !== 'CONNECT' && { ':path': '/' }), ...fields } as Fields,
        more,
      ),
    )
    expect(seen.head !== null || seen.end !== 'whole').toBe(true)
  })

  test('a hundred streams at once', async () => {
    const seen = await expectTheSame(
      http2((stream, fields) =>
        setTimeout(() => stream.respond({ ':status': 200 }) ?? stream.end(fields[':path']), 50),
      ),
      async (port) => {
        const session = openSession(port)
        const answers = await Promise.all(
          Array.from({ length: 100 }, (_, index) => ask(session, { ':path': `/${index}` })),
        )
        return answers.map(({ body }) => body)
      },
    )
    expect(seen[99]).toBe('/99')
  })

  test('the limits a server sets', async () => {
    const seen = await expectTheSame(
      http2((stream) => stream.respond({ ':status': 200 }, { endStream: true }), {
        settings: { maxConcurrentStreams: 7, enableConnectProtocol: true, maxHeaderListSize: 5000 },
      }),
      async (port) => {
        const session = openSession(port)
        await ask(session, { ':path': '/' })
        await pause(50)
        const { maxConcurrentStreams, enableConnectProtocol, maxHeaderListSize } =
          session.remoteSettings
        return { maxConcurrentStreams, enableConnectProtocol, maxHeaderListSize }
      },
    )
    expect(seen.maxConcurrentStreams).toBe(7)
  })

  test.each<[what: string, handle: Parameters<typeof http2>[0]]>([
    [
      'says that it takes no more',
      (stream, fields) => {
        stream.session!.goaway(0)
        setTimeout(() => stream.respond({ ':status': 200 }) ?? stream.end(fields[':path']), 60)
      },
    ],
    [
      'ends the session when it has answered',
      (stream, fields) => {
        stream.respond({ ':status': 200 })
        stream.end(fields[':path'].repeat(100_000))
        stream.session!.close()
      },
    ],
    ['breaks the session off', (stream) => stream.session!.destroy()],
    ['breaks the session off for a reason', (stream) => stream.session!.destroy(undefined, 11)],
    [
      'resets the connection',
      (stream) => {
        const { session } = stream
        stream.respond({ ':status': 200 })
        stream.write('half', () => setTimeout(() => raw.get(session!).resetAndDestroy(), 30))
      },
    ],
  ])('a server that %s', async (_, handle) => {
    await expectTheSame(
      () => {
        const server = http2(handle)() as Http2SecureServer
        const sockets: any[] = []
        server.on('connection', (socket) => sockets.push(socket))
        server.on('session', (session) => raw.set(session, sockets.at(-1)))
        return server
      },
      async (port) => {
        const seen: unknown[] = []
        const answer = await ask(openSession(port, seen), { ':path': '/a' })
        await pause(150)
        return { answer, seen }
      },
    )
  })
})
