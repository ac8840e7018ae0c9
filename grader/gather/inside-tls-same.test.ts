import { once } from 'node:events'
import { connect as connectHttp2, createSecureServer, type ClientHttp2Session, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2'
import { createServer as createHttpsServer, Agent, request as httpsRequest, type RequestOptions } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { connect, createServer, type ConnectionOptions } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { createCertificate } from './certificate.ts'
import { createIdSource, startRecordingProxy } from './recording-proxy.ts'

const certificate = createCertificate('shop.test')
const { key, cert, ca } = certificate
const open: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((close) => close()))))

/** What a client observes of a server that it asks directly, and of the same server behind the wire. */
async function bothWays<Seen>(create: () => Server, observe: (port: number) => Promise<Seen>): Promise<{ directly: Seen; behindTheWire: Seen }> {
  const start = async () => {
    const server = create()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    open.push(() => server.close())
    return (server.address() as AddressInfo).port
  }
  const directly = await observe(await start())
  const wire = await startRecordingProxy({ host: '127.0.0.1', port: await start() }, createClock(), createIdSource(), { certificates: [certificate] })
  open.push(() => wire.close())
  return { directly, behindTheWire: await observe(wire.port) }
}

const expectTheSame = async <Seen>(create: () => Server, observe: (port: number) => Promise<Seen>): Promise<Seen> => {
  const { directly, behindTheWire } = await bothWays(create, observe)
  expect(behindTheWire).toEqual(directly)
  return directly
}

/** What carries a session. */
const raw = new Map<object, any>()
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function openSession(port: number, seen: unknown[] = []): ClientHttp2Session {
  const session = connectHttp2('https://shop.test', { host: '127.0.0.1', port, servername: 'shop.test', ca } as object)
  open.push(() => session.destroy())
  session.on('error', (error: NodeJS.ErrnoException) => seen.push(`error ${error.code}`))
  // That it is said once more at the end says nothing new.
  session.on('goaway', (code, lastId) => seen.includes(`goaway ${code} ${lastId}`) || seen.push(`goaway ${code} ${lastId}`))
  session.on('close', () => seen.push('closed'))
  return session
}

type Fields = Record<string, string | string[]>

/** Everything that can be seen of one stream. */
function ask(session: ClientHttp2Session, fields: Fields, { body, trailers }: { body?: string | Buffer; trailers?: Fields } = {}) {
  const seen: { interim: unknown[]; head: unknown; ended: boolean; body: string; trailers: unknown; end: unknown } = { interim: [], head: null, ended: false, body: '', trailers: null, end: null }
  const stream = session.request(fields, { endStream: body === undefined && !trailers, waitForTrailers: trailers !== undefined })
  if (trailers) stream.on('wantTrailers', () => stream.sendTrailers(trailers))
  stream.on('headers', (_, __, raw: string[]) => seen.interim.push(raw))
  stream.on('response', (_, flags, raw: string[]) => {
    seen.head = raw.map((text, index) => (raw[index - 1] === 'date' ? 'date' : text))
    seen.ended = (flags & 1) === 1
  })
  stream.on('trailers', (_, __, raw: string[]) => (seen.trailers = raw))
  stream.on('data', (chunk: Buffer) => (seen.body += chunk.length > 200 ? `(${chunk.length})` : chunk.toString()))
  let length = 0
  stream.on('data', (chunk: Buffer) => (length += chunk.length))
  stream.on('error', () => {})
  if (body !== undefined || trailers) stream.end(body)
  return new Promise<typeof seen & { length: number }>((resolve) => stream.on('close', () => resolve({ ...seen, body: length > 200 ? '' : seen.body, end: stream.rstCode === 0 ? 'whole' : seen.head ? 'broken off' : `broken off with ${stream.rstCode}`, length })))
}

const http2 = (handle: (stream: ServerHttp2Stream, fields: Record<string, any>, raw: string[]) => void, options = {}) => () =>
  createSecureServer({ key, cert, allowHTTP1: true, ...options }).on('stream', (stream, fields, _, raw) => {
    stream.on('error', () => {})
    handle(stream as ServerHttp2Stream, fields, raw)
  }) as Http2SecureServer

describe('HTTP/2 through the wire is what it is without it', () => {
  test.each<[what: string, handle: Parameters<typeof http2>[0], ask: Parameters<typeof ask>[1], more?: Parameters<typeof ask>[2]]>([
    ['the length of what HEAD does not get', (stream) => stream.respond({ ':status': 200, 'content-length': '5' }), { ':method': 'HEAD' }],
    ['204', (stream) => stream.respond({ ':status': 204 }), {}],
    ['304 with a tag', (stream) => stream.respond({ ':status': 304, etag: '"a"' }), {}],
    ['a status nobody knows', (stream) => stream.respond({ ':status': 599 }, { endStream: true }), {}],
    ['fields in order and repeated', (stream) => stream.respond({ ':status': 200, 'x-b': ['1', '2'], 'Set-Cookie': ['a=1', 'b=2'], 'x-a': '3' }, { endStream: true }), {}],
    ['an empty content', (stream) => stream.respond({ ':status': 200 }) ?? stream.end(), {}],
    ['a length that is too long', (stream) => stream.respond({ ':status': 200, 'content-length': '9' }) ?? stream.end('four'), {}],
    ['a length that is too short', (stream) => stream.respond({ ':status': 200, 'content-length': '2' }) ?? stream.end('four'), {}],
    ['trailers', (stream) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc', 'X-Two': '2' }))
      stream.end('hello')
    }, {}],
    ['trailers of a request', (stream) => {
      stream.resume().on('trailers', (fields) => stream.respond({ ':status': 200, 'x-got': fields['x-sum'] as string }, { endStream: true }))
      setTimeout(() => !stream.headersSent && stream.respond({ ':status': 400 }, { endStream: true }), 300)
    }, { ':method': 'POST' }, { body: 'salt', trailers: { 'x-sum': 'abc' } }],
    ['interim answers, several', (stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>; rel=preload' })
      stream.additionalHeaders({ ':status': 103, link: '</b>; rel=preload' })
      stream.additionalHeaders({ ':status': 102 })
      setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 30)
    }, {}],
    ['100 before a content', (stream) => {
      stream.additionalHeaders({ ':status': 100 })
      stream.resume().on('end', () => stream.respond({ ':status': 200 }, { endStream: true }))
    }, { ':method': 'POST', expect: '100-continue' }, { body: 'salt' }],
    ['what a server is asked', (stream, _, raw) => stream.respond({ ':status': 200 }) ?? stream.end(JSON.stringify(raw.slice(0, 18))), { ':authority': 'other.test', 'x-b': ['1', '2'], cookie: ['a=1', 'b=2'], te: 'trailers' }],
    ['a large download', (stream) => stream.respond({ ':status': 200 }) ?? stream.end(Buffer.alloc(900_000, 'x')), {}],
    ['a large upload', (stream) => {
      let length = 0
      stream.on('data', (chunk) => (length += chunk.length)).on('end', () => stream.respond({ ':status': 200, 'x-length': length }, { endStream: true }))
    }, { ':method': 'POST' }, { body: Buffer.alloc(3_000_000, 'x') }],
    ['an answer before the upload is over', (stream) => {
      stream.respond({ ':status': 413 })
      stream.end('enough')
      stream.close(0)
    }, { ':method': 'POST' }, { body: Buffer.alloc(300_000, 'x') }],
    ['no content as the answer to an upload that is not over', (stream) => {
      stream.respond({ ':status': 204 })
      stream.close(0)
    }, { ':method': 'POST' }, { body: Buffer.alloc(300_000, 'x') }],
    ['a reset', (stream) => stream.close(11), {}],
    ['a reset in the middle', (stream) => stream.respond({ ':status': 200 }) ?? stream.write('half', () => setTimeout(() => stream.close(2), 30)), {}],
    ['many fields', (stream, fields) => stream.respond({ ':status': 200, 'x-got': String(fields['x-big']?.length), 'x-big': 'y'.repeat(20_000) }, { endStream: true }), { 'x-big': 'z'.repeat(20_000) }],
    ['a tunnel that is asked for', (stream) => stream.respond({ ':status': 405 }, { endStream: true }), { ':method': 'CONNECT', ':authority': 'other.test:443' }],
    ['an options request for everything', (stream, fields) => stream.respond({ ':status': 200, 'x-path': fields[':path'] }, { endStream: true }), { ':method': 'OPTIONS', ':path': '*' }],
  ])('%s', async (_, handle, fields, more) => {
    const seen = await expectTheSame(http2(handle), async (port) => ask(openSession(port), { ...(fields[':method'] !== 'CONNECT' && { ':path': '/' }), ...fields } as Fields, more))
    expect(seen.head !== null || seen.end !== 'whole').toBe(true)
  })

  test('a hundred streams at once', async () => {
    const seen = await expectTheSame(http2((stream, fields) => setTimeout(() => stream.respond({ ':status': 200 }) ?? stream.end(fields[':path']), 50)), async (port) => {
      const session = openSession(port)
      const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(session, { ':path': `/${index}` })))
      return answers.map(({ body }) => body)
    })
    expect(seen[99]).toBe('/99')
  })

  test('the limits a server sets', async () => {
    const seen = await expectTheSame(http2((stream) => stream.respond({ ':status': 200 }, { endStream: true }), { settings: { maxConcurrentStreams: 7, enableConnectProtocol: true, maxHeaderListSize: 5000 } }), async (port) => {
      const session = openSession(port)
      await ask(session, { ':path': '/' })
      await pause(50)
      const { maxConcurrentStreams, enableConnectProtocol, maxHeaderListSize } = session.remoteSettings
      return { maxConcurrentStreams, enableConnectProtocol, maxHeaderListSize }
    })
    expect(seen.maxConcurrentStreams).toBe(7)
  })

  test.each<[what: string, handle: Parameters<typeof http2>[0]]>([
    ['says that it takes no more', (stream, fields) => {
      stream.session!.goaway(0)
      setTimeout(() => stream.respond({ ':status': 200 }) ?? stream.end(fields[':path']), 60)
    }],
    ['ends the session when it has answered', (stream, fields) => {
      stream.respond({ ':status': 200 })
      stream.end(fields[':path'].repeat(100_000))
      stream.session!.close()
    }],
    ['breaks the session off', (stream) => stream.session!.destroy()],
    ['breaks the session off for a reason', (stream) => stream.session!.destroy(undefined, 11)],
    ['resets the connection', (stream) => {
      const { session } = stream
      stream.respond({ ':status': 200 })
      stream.write('half', () => setTimeout(() => raw.get(session!).resetAndDestroy(), 30))
    }],
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

describe('TLS through the wire is what it is without it', () => {
  const answering = (options: object = {}) => () => createHttpsServer({ key, cert, ...options }, (_, response) => response.end('hi'))
  const handshake = (options: ConnectionOptions = {}) => (port: number) =>
    new Promise<unknown>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, servername: 'shop.test', ca, ...options })
      open.push(() => socket.destroy())
      socket.once('secureConnect', () => resolve([socket.getProtocol(), socket.alpnProtocol, socket.authorized]))
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      socket.once('close', () => resolve('closed'))
    })

  test.each<[what: string, server: object, client: ConnectionOptions, seen: unknown]>([
    ['both speak the newest', {}, {}, ['TLSv1.3', false, true]],
    ['the server speaks 1.2 and no other', { maxVersion: 'TLSv1.2' }, {}, ['TLSv1.2', false, true]],
    ['the client speaks 1.2 and no other', {}, { maxVersion: 'TLSv1.2' }, ['TLSv1.2', false, true]],
    ['they have no version in common', { minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' }, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    ['the client speaks nothing but what is too old', {}, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    ['they have no protocol in common', { ALPNProtocols: ['h2'] }, { ALPNProtocols: ['http/1.1'] }, 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'],
    ['they have one in common', { ALPNProtocols: ['x', 'http/1.1'] }, { ALPNProtocols: ['http/1.1', 'x'] }, ['TLSv1.3', 'x', true]],
  ])('when %s', async (_, server, client, seen) => {
    expect(await expectTheSame(answering(server), handshake(client))).toEqual(seen)
  })

  test.each<[what: string, create: () => Server]>([
    ['hangs up once it has agreed', () => createServer({ key, cert }, (socket) => void socket.on('error', () => {}).destroy())],
    ['resets once it has agreed', () => {
      const server = createServer({ key, cert }, (socket) => void socket.on('error', () => {}))
      let last: any
      server.on('connection', (socket) => (last = socket)).on('secureConnection', () => last.resetAndDestroy())
      return server
    }],
    ['wants to know who its client is', () => createHttpsServer({ key, cert, ca, requestCert: true, rejectUnauthorized: true }, (_, response) => response.end('hi'))],
  ])('a server that %s gives no answer', async (_, create) => {
    const seen = await expectTheSame(create, (port) =>
      new Promise((resolve) => {
        const request = httpsRequest({ host: '127.0.0.1', port, servername: 'shop.test', ca, agent: false }, () => resolve('answered'))
        request.on('error', () => resolve('no answer')).end()
      }))
    expect(seen).toBe('no answer')
  })
})

describe('HTTP/1.1 in TLS through the wire is what it is without it', () => {
  const send = (port: number, options: RequestOptions = {}, body?: Buffer | string) =>
    new Promise<unknown>((resolve) => {
      const seen: unknown[] = []
      const request = httpsRequest({ host: '127.0.0.1', port, servername: 'shop.test', ca, agent: false, ...options, headers: { Host: 'shop.test', ...options.headers } })
      request.on('information', ({ statusCode }) => seen.push(statusCode))
      request.on('continue', () => seen.push('continue'))
      request.on('upgrade', (response, socket, head) => {
        seen.push(response.statusCode, String(head))
        socket.on('data', (bytes: Buffer) => seen.push(bytes.toString()))
        socket.on('end', () => resolve([...seen, 'end']))
        socket.write('ping')
      })
      request.on('response', (response) => {
        let length = 0
        response.on('data', (chunk: Buffer) => (length += chunk.length))
        response.on('error', (error: NodeJS.ErrnoException) => resolve([...seen, response.statusCode, length, error.code]))
        response.on('end', () => resolve([...seen, response.statusCode, length, response.trailers, response.headers.connection]))
      })
      request.on('error', (error: NodeJS.ErrnoException) => resolve([...seen, error.code]))
      request.end(body)
    })
  const https = (handle: (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void, options = {}) => () => createHttpsServer({ key, cert, ...options }, handle)

  test.each<[what: string, create: () => Server, options?: RequestOptions, body?: string | Buffer]>([
    ['a large download', https((_, response) => response.end(Buffer.alloc(900_000)))],
    ['a large upload', https((request, response) => void request.resume().on('end', () => response.end('ok'))), { method: 'POST' }, Buffer.alloc(3_000_000)],
    ['an answer before the upload is over', https((_, response) => response.writeHead(413, { Connection: 'close' }).end('no')), { method: 'POST' }, 'x'.repeat(20_000)],
    ['interim answers', https((_, response) => { response.writeProcessing(); response.writeEarlyHints({ link: '</a>; rel=preload' }); setTimeout(() => response.end('hi'), 30) })],
    ['100 before a content', https((request, response) => void request.resume().on('end', () => response.end('ok'))), { method: 'POST', headers: { Expect: '100-continue' } }, 'salt'],
    ['trailers', https((_, response) => { response.writeHead(200, { Trailer: 'X-Sum' }); response.write('a'); response.addTrailers({ 'X-Sum': 'b' }); response.end() })],
    ['half an answer', https((_, response) => { response.writeHead(200, { 'Content-Length': 9 }); response.write('half', () => setTimeout(() => response.destroy(), 30)) })],
    ['an answer that ends with its connection', () => createServer({ key, cert }, (socket) => void socket.on('error', () => {}).once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nhello')))],
    ['another protocol after 101', () => https(() => {})().on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
      socket.once('data', (bytes: Buffer) => socket.end(`pong ${bytes}`))
    }), { headers: { Connection: 'Upgrade', Upgrade: 'echo' } }],
  ])('%s', async (_, create, options, body) => {
    await expectTheSame(create, (port) => send(port, options, body))
  })

  test('a slow answer comes piece by piece', async () => {
    const seen = await expectTheSame(https((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      let count = 0
      const timer = setInterval(() => (response.write(`data: ${++count}\n\n`), count === 3 && (clearInterval(timer), response.end())), 60)
    }), (port) => new Promise<number>((resolve) => httpsRequest({ host: '127.0.0.1', port, servername: 'shop.test', ca, agent: false }, (response) => {
      let pieces = 0
      response.on('data', () => pieces++).on('end', () => resolve(pieces))
    }).end()))
    expect(seen).toBe(3)
  })

  test('a kept connection is used again until the server ends it', async () => {
    const seen = await expectTheSame(https((request, response) => response.end(String(request.socket.remotePort)), { keepAliveTimeout: 1000, keepAliveTimeoutBuffer: 0 }), async (port) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1, agentKeepAliveTimeoutBuffer: 0 })
      const ports: string[] = []
      for (const wait of [0, 0, 1300]) {
        await pause(wait)
        await new Promise<void>((resolve) => httpsRequest({ host: '127.0.0.1', port, servername: 'shop.test', ca, agent }, (response) => void response.on('data', (text) => ports.push(String(text))).on('end', resolve)).end())
      }
      agent.destroy()
      return [ports[0] === ports[1], ports[1] === ports[2]]
    })
    expect(seen).toEqual([true, false])
  })

  test('a client that says no more is answered all the same', async () => {
    const seen = await expectTheSame(() => createServer({ key, cert, allowHalfOpen: true }, (socket) => {
      let text = ''
      socket.on('data', (bytes) => (text += bytes)).on('end', () => setTimeout(() => socket.end(`got ${text}`), 50))
    }), (port) => new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, servername: 'shop.test', ca, allowHalfOpen: true } as ConnectionOptions)
      let text = ''
      socket.on('data', (bytes) => (text += bytes)).on('end', () => resolve(text))
      socket.end('salt')
    }))
    expect(seen).toBe('got salt')
  })
})
