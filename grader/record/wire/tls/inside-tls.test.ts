import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectHttp2, createSecureServer, type ClientHttp2Session } from 'node:http2'
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https'
import { connect as connectPlainly, type AddressInfo, type Server } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import { createCertificate, type Certificate } from './certificate.ts'
import { createIdSource } from '../id-source.ts'
import { startRecordingProxy, type RecordingProxy } from '../recording-proxy.ts'

const certificate = createCertificate(['shop.test', '127.0.0.1'])
const open: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((close) => close()))))

async function wireTo(
  server: Server,
  certificates: Certificate[] = [certificate],
): Promise<RecordingProxy> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const wire = await startRecordingProxy(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    createClock(),
    createIdSource(),
    { certificates },
  )
  open.push(
    () => wire.close(),
    () => server.close(),
  )
  return wire
}
const { key, cert, ca } = certificate
const overTls = (wire: RecordingProxy, options = {}): TLSSocket => {
  const socket = connect({
    host: '127.0.0.1',
    port: wire.port,
    servername: 'shop.test',
    ca,
    ...options,
  }).on('error', () => {})
  open.push(() => socket.destroy())
  return socket
}
const overHttp2 = (wire: RecordingProxy): ClientHttp2Session => {
  const session = connectHttp2('https://shop.test', {
    host: '127.0.0.1',
    port: wire.port,
    servername: 'shop.test',
    ca,
  } as object).on('error', () => {})
  open.push(() => session.destroy())
  return session
}
async function textOf(socket: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

describe('between a client and a server that speak TLS', () => {
  test('every byte inside is kept, and both have agreed on the same', async () => {
    let heard: TLSSocket | undefined
    const server = createServer(
      { key, cert, ALPNProtocols: ['http/1.1'], maxVersion: 'TLSv1.2' },
      (socket) => {
        heard = socket
        socket.once('data', () =>
          socket.end('HTTP/1.1 200 OK\r\nX-A:  b\r\nContent-Length: 2\r\n\r\nhi'),
        )
      },
    )
    const wire = await wireTo(server)
    const socket = overTls(wire, { ALPNProtocols: ['h2', 'http/1.1'] })
    await once(socket, 'secureConnect')
    const shown = socket.getPeerX509Certificate()!.fingerprint256
    socket.write('GET /a?b HTTP/1.1\r\nhOST: shop.test\r\n\r\n')
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*hi$/)
    expect([socket.alpnProtocol, heard?.servername, shown]).toEqual([
      'http/1.1',
      'shop.test',
      new X509Certificate(cert).fingerprint256,
    ])
    const [exchange] = wire.exchanges()
    expect(exchange).toMatchObject({
      protocol: 'http/1.1',
      request: { target: '/a?b' },
      response: { status: 200, complete: true },
    })
    expect(Buffer.from(exchange!.request.head).toString()).toBe(
      'GET /a?b HTTP/1.1\r\nhOST: shop.test\r\n\r\n',
    )
    expect(wire.connections()).toHaveLength(1)
  })

  test('a reset in the middle of an answer is one, on both sides', async () => {
    const server = createServer({ key, cert }, (socket) => {
      socket
        .on('error', () => {})
        .once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'))
    })
    server.on('connection', (raw) => setTimeout(() => raw.resetAndDestroy(), 200))
    const wire = await wireTo(server)
    const socket = overTls(wire)
    const error = new Promise<NodeJS.ErrnoException>((resolve) => socket.on('error', resolve))
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    socket.resume()
    expect((await error).code).toBe('ECONNRESET')
    expect(wire.exchanges()).toMatchObject([{ response: { complete: false }, cut: 'reset' }])
  })

  test('a client that leaves is no fault of the server', async () => {
    const left = Promise.withResolvers<void>()
    const server = createServer(
      { key, cert },
      (socket) =>
        void socket
          .on('error', () => {})
          .resume()
          .once('close', () => left.resolve()),
    )
    const wire = await wireTo(server)
    const socket = overTls(wire)
    await once(socket, 'secureConnect')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n', () => socket.destroy())
    await left.promise
    expect(wire.exchanges()).toMatchObject([{ response: null, cut: null }])
  })

  test.each<[string, Certificate]>([
    ['another authority', createCertificate('shop.test', { signedBy: 'another' })],
    ['itself', createCertificate('shop.test', { signedBy: 'itself' })],
    ['ours, but not for this', createCertificate('shop.test')],
  ])(
    'a certificate by %s that was not made for the server is shown by the server itself',
    async (_, other) => {
      const server = createHttpsServer({ key: other.key, cert: other.cert }, (_request, response) =>
        response.end('hi'),
      )
      const wire = await wireTo(server)
      const socket = overTls(wire, { rejectUnauthorized: false })
      await once(socket, 'secureConnect')
      expect(socket.getPeerX509Certificate()!.fingerprint256).toBe(
        new X509Certificate(other.cert).fingerprint256,
      )
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      expect(await textOf(socket)).toContain('200 OK')
      expect(wire.exchanges()).toEqual([])
    },
  )

  test('a client that does not trust the certificate has asked nothing', async () => {
    const wire = await wireTo(createHttpsServer({ key, cert }, (_, response) => response.end('hi')))
    const socket = overTls(wire, { ca: createCertificate('a.test', { signedBy: 'another' }).ca })
    const [error] = await once(socket, 'error')
    expect(error.code).toMatch(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY|DEPTH_ZERO/)
    expect(wire.exchanges()).toEqual([])
  })
})

describe('what is no TLS', () => {
  test('goes to the server as it is', async () => {
    const wire = await wireTo(createHttpsServer({ key, cert }))
    const socket = connectPlainly(wire.port, '127.0.0.1').on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await textOf(socket).catch(() => '')
    expect(wire.exchanges()).toMatchObject([{ request: { target: '/' }, response: null }])
    expect(wire.exchanges()[0]!.cut).not.toBe(null)
  })

  test('comes from a server as it is', async () => {
    const { createServer: createHttpServer } = await import('node:http')
    const wire = await wireTo(createHttpServer((_, response) => response.end('hi')))
    const plain = connectPlainly(wire.port, '127.0.0.1')
    plain.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await textOf(plain)).toContain('200 OK')
    const [error] = await once(overTls(wire), 'error')
    expect(error.code).toBe('ERR_SSL_WRONG_VERSION_NUMBER')
  })

  test('nobody at all is nobody, without a wait', async () => {
    const gone = createHttpsServer()
    await once(gone.listen(0, '127.0.0.1'), 'listening')
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    const wire = await startRecordingProxy(
      { host: '127.0.0.1', port },
      createClock(),
      createIdSource(),
      { certificates: [certificate] },
    )
    open.push(() => wire.close())
    const [error] = await once(overTls(wire), 'error')
    expect(error.code).toBe('ECONNRESET')
  })
})

describe('between a client and a server that speak HTTP/2', () => {
  const server = (handle: Parameters<typeof createSecureServer>[1]) =>
    createSecureServer({ key, cert, allowHTTP1: true }, handle)

  test('streams go side by side, with what they carry', async () => {
    const upload = Buffer.alloc(700_000, 'salt')
    const others = Promise.withResolvers<void>()
    const wire = await wireTo(
      server((request, response) => {
        let length = 0
        request
          .on('data', (chunk) => (length += chunk.length))
          .on(
            'end',
            () =>
              void (request.url === '/slow' ? others.promise : Promise.resolve()).then(() =>
                response
                  .writeHead(200, { 'x-length': length, 'set-cookie': ['a=1', 'b=2'] })
                  .end(request.url),
              ),
          )
      }),
    )
    const session = overHttp2(wire)
    const ended: string[] = []
    const ask = async (path: string, body?: Buffer) => {
      const stream = session.request(
        { ':path': path, ':method': body ? 'POST' : 'GET', cookie: 'a=b' },
        { endStream: !body },
      )
      if (body) stream.end(body)
      const [headers] = await once(stream, 'response')
      const text = await textOf(stream)
      ended.push(path)
      if (ended.length === 2) others.resolve()
      return [headers['x-length'], text]
    }
    expect(await Promise.all([ask('/slow'), ask('/up', upload), ask('/b')])).toEqual([
      ['0', '/slow'],
      ['700000', '/up'],
      ['0', '/b'],
    ])
    expect(ended.at(-1)).toBe('/slow')
    const exchanges = wire.exchanges()
    expect(
      exchanges.map(({ request, response, protocol }) => [
        request.startLine,
        request.body.length,
        response?.startLine,
        response?.complete,
        protocol,
      ]),
    ).toEqual([
      ['GET /slow HTTP/2', 0, 'HTTP/2 200', true, 'h2'],
      ['POST /up HTTP/2', 700_000, 'HTTP/2 200', true, 'h2'],
      ['GET /b HTTP/2', 0, 'HTTP/2 200', true, 'h2'],
    ])
    expect(exchanges[0]!.request.headers).toContainEqual([':authority', 'shop.test:443'])
    expect(exchanges[0]!.response!.headers).toContainEqual(['set-cookie', 'b=2'])
    expect(
      exchanges.map(
        ({ startedAt, response }) =>
          response!.startedAt - startedAt >= 0 && response!.endedAt >= response!.startedAt,
      ),
    ).toEqual([true, true, true])
    expect(new Set(exchanges.map(({ connection }) => connection)).size).toBe(1)
    expect(exchanges[0]!.response!.startedAt).toBeGreaterThanOrEqual(
      exchanges[1]!.response!.endedAt,
    )
  })

  test('a reset stream is one, and the connection goes on; no answer, no date of ours', async () => {
    const wire = await wireTo(
      server((request, response) => {
        const { stream } = response as unknown as { stream: import('node:http2').ServerHttp2Stream }
        if (request.url === '/reset') return stream.close(2)
        if (request.url === '/half') return void response.write('half', () => stream.close(8))
        response.sendDate = false
        response.writeHead(204).end()
      }),
    )
    const session = overHttp2(wire)
    const ask = (path: string) =>
      new Promise((resolve) => {
        const stream = session.request({ ':path': path })
        stream
          .on('error', () => {})
          .resume()
          .on('close', () => resolve(stream.rstCode))
      })
    expect([await ask('/reset'), await ask('/half'), await ask('/fine')]).toEqual([2, 8, 0])
    expect(wire.exchanges()).toMatchObject([
      { response: null, cut: 'reset' },
      { response: { status: 200, complete: false }, cut: 'reset' },
      { response: { status: 204, complete: true, headers: [] }, cut: null },
    ])
  })

  test('a client that gives up is heard by the server', async () => {
    const aborted = Promise.withResolvers<number>()
    const wire = await wireTo(
      server(
        (_, response) =>
          void (response as any).stream.on('aborted', () =>
            aborted.resolve((response as any).stream.rstCode),
          ),
      ),
    )
    const stream = overHttp2(wire).request({ ':path': '/' })
    stream.on('error', () => {})
    setTimeout(() => stream.close(8), 100)
    expect(await aborted.promise).toBe(8)
    expect(wire.exchanges()).toMatchObject([{ response: null, cut: null }])
  })

  test('an endless answer is cut off', async () => {
    const wire = await wireTo(
      server((_, response) => {
        const timer = setInterval(() => response.write('x'.repeat(60_000)), 1)
        ;(response as any).stream.on('close', () => clearInterval(timer))
      }),
    )
    const stream = overHttp2(wire).request({ ':path': '/' })
    await new Promise((resolve) =>
      stream
        .on('error', () => {})
        .resume()
        .on('close', resolve),
    )
    expect(wire.exchanges()).toMatchObject([{ response: { complete: false }, cut: 'capped' }])
  })

  test('and one that speaks HTTP/1.1 is answered by the same server', async () => {
    const wire = await wireTo(server((request, response) => response.end(request.httpVersion)))
    const text = await new Promise((resolve, reject) =>
      httpsRequest(
        { host: '127.0.0.1', port: wire.port, servername: 'shop.test', ca, agent: false },
        (response) => resolve(textOf(response)),
      )
        .on('error', reject)
        .end(),
    )
    expect(text).toBe('1.1')
    expect(wire.exchanges()).toMatchObject([{ protocol: 'http/1.1' }])
  })
})
