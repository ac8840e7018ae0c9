import { once } from 'node:events'
import { connect as connectHttp2, createSecureServer, type ClientHttp2Session, type OutgoingHttpHeaders, type SecureServerOptions, type ServerHttp2Stream } from 'node:http2'
import { Agent, createServer as createHttpsServer, request, type RequestOptions, type ServerOptions } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { connect, createServer } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { createCertificate } from './certificate.ts'
import { createIdSource, startRecordingProxy } from './recording-proxy.ts'

const { key, cert, ca } = createCertificate('shop.test')
const closings: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(closings.splice(0).map((close) => close()))))

type Handler = (request: IncomingMessage, response: ServerResponse) => void
const https = (handle: Handler, options: ServerOptions = {}) => createHttpsServer({ key, cert, ...options }, handle)
const http2 = (handle: (request: any, response: any) => void, options: SecureServerOptions = {}) => createSecureServer({ key, cert, allowHTTP1: true, ...options }, handle)
const trusting = (port: number) => ({ host: '127.0.0.1', port, servername: 'shop.test', ca })

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

/** What one HTTP/1.1 request brought, without what depends on the moment. */
function ask(port: number, { body, ...options }: RequestOptions & { body?: string } = {}): Promise<unknown> {
  return new Promise((resolve) => {
    request({ ...trusting(port), agent: false, ...options }, async (response) => resolve([response.statusCode, Object.keys(response.headers).toSorted(), await textOf(response), response.trailers]))
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      .end(body)
  })
}

/** What one stream of HTTP/2 brought. */
function stream(session: ClientHttp2Session, headers: OutgoingHttpHeaders = {}, body?: Buffer): Promise<Record<string, unknown>> {
  const seen: { interim: unknown[]; bytes: number } & Record<string, unknown> = { interim: [], bytes: 0 }
  return new Promise((resolve) => {
    const asking = session.request({ ':path': '/', ...headers }, { endStream: body === undefined })
    asking.on('headers', (fields) => seen.interim.push(fields[':status']))
    asking.on('response', (fields) => Object.assign(seen, { head: Object.entries(fields).filter(([name]) => name !== 'date') }))
    asking.on('trailers', (fields) => Object.assign(seen, { trailers: { ...fields } }))
    asking.on('data', (chunk: Buffer) => (seen.bytes += chunk.length))
    asking.on('error', (error: NodeJS.ErrnoException) => (seen['error'] = error.code))
    asking.on('close', () => resolve({ ...seen, reset: asking.rstCode }))
    if (body) asking.end(body)
  })
}

const overHttp2 = (work: (session: ClientHttp2Session) => Promise<unknown>) => async (port: number) => {
  const session = connectHttp2('https://shop.test', trusting(port) as object).on('error', () => {})
  closings.push(() => session.destroy())
  return work(session)
}
const byHand = (bytes: string, options: object = {}) => async (port: number) => {
  const socket = connect({ ...trusting(port), ...options })
  closings.push(() => socket.destroy())
  await once(socket, 'secureConnect')
  socket.end(bytes)
  return [socket.getProtocol(), socket.alpnProtocol, await textOf(socket)]
}
const upload = Buffer.alloc(600_000, 'salt')
const echo: Handler = (_, response) => response.end('hi')
const counting = (asked: IncomingMessage, response: ServerResponse) => {
  let length = 0
  asked.on('data', (chunk: Buffer) => (length += chunk.length)).on('end', () => response.end(String(length)))
}

test.each<[what: string, server: () => Server, ask: (port: number) => Promise<unknown>]>([
  ['a connection that is kept', () => https((asked, response) => response.end(asked.url)), async (port) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    closings.push(() => agent.destroy())
    return [await ask(port, { agent, path: '/1' }), await ask(port, { agent, path: '/2' })]
  }],
  ['a connection that is closed when nothing is asked', () => https(echo, { keepAliveTimeout: 50 }), byHand('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')],
  ['trailers', () => https((_, response) => {
    response.setHeader('Trailer', 'X-A')
    response.write('a')
    response.addTrailers({ 'X-A': 'b' })
    response.end()
  }), ask],
  ['100 Continue', () => https(counting), (port) => new Promise((resolve, reject) => {
    const asking = request({ ...trusting(port), agent: false, method: 'POST', headers: { Expect: '100-continue', 'Content-Length': 3 } })
    asking.on('continue', () => asking.end('abc')).on('response', async (response) => resolve(await textOf(response))).on('error', reject)
    asking.flushHeaders()
  })],
  ['an upgrade', () => https(echo).on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
    socket.pipe(socket)
  }), (port) => new Promise((resolve, reject) => {
    request({ ...trusting(port), agent: false, headers: { Connection: 'Upgrade', Upgrade: 'echo' } }).on('error', reject).on('upgrade', (response, socket) => {
      socket.write('ping')
      socket.once('data', (data) => resolve([response.statusCode, String(data), socket.destroy().destroyed]))
    }).end()
  })],
  ['a client that sends no more and listens on', () => createServer({ key, cert, allowHalfOpen: true } as object, (socket) => {
    socket.resume().on('error', () => {}).on('end', () => socket.end('HTTP/1.1 200 OK\r\n\r\nafter all'))
  }), byHand('GET / HTTP/1.1\r\nHost: a\r\n\r\n', { allowHalfOpen: true })],
  ['big content, both ways', () => https(counting), (port) => ask(port, { method: 'POST', body: upload.toString() })],
  ['a server that breaks off', () => createServer({ key, cert }, (socket) => void socket.on('error', () => {}).once('data', () => socket.destroy())), ask],
  ['an old server', () => https(echo, { maxVersion: 'TLSv1.2' }), byHand('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')],
  ['an old client', () => https((asked, response) => response.end(String((asked.socket as any).getProtocol()))), (port) => ask(port, { maxVersion: 'TLSv1.2' })],
  ['a client too old for its server', () => https(echo, { minVersion: 'TLSv1.3' }), (port) => ask(port, { maxVersion: 'TLSv1.2' })],
  ['no protocol in common', () => createSecureServer({ key, cert }), (port) => byHand('', { ALPNProtocols: ['http/1.1'] })(port).catch((error: NodeJS.ErrnoException) => error.code)],
  ['no protocol named', () => createSecureServer({ key, cert }), ask],
  ['the name that was asked for', () => createServer({ key, cert }, (socket) => socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${(socket as any).servername}`)), ask],

  ['HEAD', () => http2((_, response) => response.writeHead(200, { 'content-length': 5 }).end()), overHttp2((session) => stream(session, { ':method': 'HEAD' }))],
  ['204', () => http2((_, response) => response.writeHead(204).end()), overHttp2(stream)],
  ['304', () => http2((_, response) => response.writeHead(304, { etag: '"a"' }).end()), overHttp2(stream)],
  ['fields that repeat', () => http2((asked, response) => response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'], 'x-cookie': asked.headers.cookie }).end()), overHttp2((session) => stream(session, { cookie: ['a=b', 'c=d'] }))],
  ['trailers of HTTP/2', () => createSecureServer({ key, cert }).on('stream', (answering: ServerHttp2Stream) => {
    answering.respond({ ':status': 200 }, { waitForTrailers: true })
    answering.on('wantTrailers', () => answering.sendTrailers({ 'x-a': 'b' }))
    answering.end('x')
  }), overHttp2(stream)],
  ['interim answers', () => http2((_, response) => {
    response.stream.additionalHeaders({ ':status': 102 })
    response.writeEarlyHints({ link: '</a>; rel=preload' })
    setTimeout(() => response.end('x'), 30)
  }), overHttp2(stream)],
  ['many streams', () => http2((asked, response) => setTimeout(() => response.end(asked.url), 10)), overHttp2((session) => Promise.all(Array.from({ length: 150 }, (_, index) => stream(session, { ':path': `/${index}` }))))],
  ['an upload', () => http2(counting), overHttp2((session) => stream(session, { ':method': 'POST' }, upload))],
  ['an answer before the upload is over', () => http2((_, response) => response.writeHead(413).end('no')), overHttp2(async (session) => (await stream(session, { ':method': 'POST' }, upload))['head'])],
  ['limits of the server', () => http2(echo as never, { settings: { initialWindowSize: 12_345, maxConcurrentStreams: 3, maxHeaderListSize: 4000 } }), overHttp2(async (session) => (await once(session, 'remoteSettings'))[0])],
  ['a server that takes its leave', () => http2((_, response) => {
    const { session } = response.stream
    response.end('x')
    setTimeout(() => session.goaway(0), 20)
  }), overHttp2(async (session) => {
    const leave = once(session, 'goaway')
    return [await stream(session), (await leave)[0]]
  })],
  ['a server that closes', () => http2((_, response) => {
    const { session } = response.stream
    response.end('x')
    setTimeout(() => session.close(), 20)
  }), overHttp2(async (session) => {
    const closed = once(session, 'close')
    return [await stream(session), (await closed).length]
  })],
  ['a server that breaks off HTTP/2', () => http2((_, response) => response.stream.session.destroy()), overHttp2(stream)],
])('a client is told the same through the wire: %s', async (_, start, askPort) => {
  const server = start()
  server.on('error', () => {})
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const wire = await startRecordingProxy({ host: '127.0.0.1', port }, createClock(), createIdSource(), { certificates: [{ key, cert, ca } as ReturnType<typeof createCertificate>] })
  closings.push(() => wire.close(), () => void server.close())
  const directly = await askPort(port)
  expect(await askPort(wire.port)).toEqual(directly)
})
