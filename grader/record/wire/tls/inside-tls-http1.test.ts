import {
  Agent,
  createServer as createHttpsServer,
  request as httpsRequest,
  type RequestOptions,
} from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server } from 'node:net'
import { connect, createServer, type ConnectionOptions } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import {
  ca,
  cert,
  closeAll,
  closeLater,
  expectTheSame,
  key,
  pause,
  trusting,
} from '../../../../testing/both-ways.ts'

afterEach(closeAll)

describe('TLS through the wire is what it is without it', () => {
  const answering =
    (options: object = {}) =>
    () =>
      createHttpsServer({ key, cert, ...options }, (_, response) => response.end('hi'))
  const handshake =
    (options: ConnectionOptions = {}) =>
    (port: number) =>
      new Promise<unknown>((resolve) => {
        const socket = connect({ ...trusting(port), ...options })
        closeLater(() => socket.destroy())
        socket.once('secureConnect', () =>
          resolve([socket.getProtocol(), socket.alpnProtocol, socket.authorized]),
        )
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
        socket.once('close', () => resolve('closed'))
      })

  test.each<[what: string, server: object, client: ConnectionOptions, seen: unknown]>([
    ['both speak the newest', {}, {}, ['TLSv1.3', false, true]],
    ['the server speaks 1.2 and no other', { maxVersion: 'TLSv1.2' }, {}, ['TLSv1.2', false, true]],
    ['the client speaks 1.2 and no other', {}, { maxVersion: 'TLSv1.2' }, ['TLSv1.2', false, true]],
    [
      'they have no version in common',
      { minVersion: 'TLSv1.3' },
      { maxVersion: 'TLSv1.2' },
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    ],
    [
      'the client speaks nothing but what is too old',
      {},
      { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    ],
    [
      'they have no protocol in common',
      { ALPNProtocols: ['h2'] },
      { ALPNProtocols: ['http/1.1'] },
      'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    ],
    [
      'they have one in common',
      { ALPNProtocols: ['x', 'http/1.1'] },
      { ALPNProtocols: ['http/1.1', 'x'] },
      ['TLSv1.3', 'x', true],
    ],
  ])('when %s', async (_, server, client, seen) => {
    expect(await expectTheSame(answering(server), handshake(client))).toEqual(seen)
  })

  test.each<[what: string, create: () => Server]>([
    [
      'hangs up once it has agreed',
      () => createServer({ key, cert }, (socket) => void socket.on('error', () => {}).destroy()),
    ],
    [
      'resets once it has agreed',
      () => {
        const server = createServer({ key, cert }, (socket) => void socket.on('error', () => {}))
        let last: any
        server
          .on('connection', (socket) => (last = socket))
          .on('secureConnection', () => last.resetAndDestroy())
        return server
      },
    ],
    [
      'wants to know who its client is',
      () =>
        createHttpsServer(
          { key, cert, ca, requestCert: true, rejectUnauthorized: true },
          (_, response) => response.end('hi'),
        ),
    ],
  ])('a server that %s gives no answer', async (_, create) => {
    const seen = await expectTheSame(
      create,
      (port) =>
        new Promise((resolve) => {
          const request = httpsRequest({ ...trusting(port), agent: false }, () =>
            resolve('answered'),
          )
          request.on('error', () => resolve('no answer')).end()
        }),
    )
    expect(seen).toBe('no answer')
  })
})

describe('HTTP/1.1 in TLS through the wire is what it is without it', () => {
  const send = (port: number, options: RequestOptions = {}, body?: Buffer | string) =>
    new Promise<unknown>((resolve) => {
      const seen: unknown[] = []
      const request = httpsRequest({
        ...trusting(port),
        agent: false,
        ...options,
        headers: { Host: 'shop.test', ...options.headers },
      })
      request.on('information', ({ statusCode }) => seen.push(statusCode))
      request.on('continue', () => seen.push('continue'))
      request.on('upgrade', (response, socket, head) => {
        seen.push(response.statusCode, String(head))
        socket.on('data', (bytes: Buffer) => seen.push(bytes.toString()))
        socket.on('end', () => resolve([...seen, 'end']))
        socket.write('ping')
      })
      request.on('response', (response) => {
        let content = ''
        const got = () => [response.statusCode, content.length > 100 ? content.length : content]
        response.on('data', (chunk: Buffer) => (content += chunk.toString('latin1')))
        response.on('error', (error: NodeJS.ErrnoException) =>
          resolve([...seen, ...got(), error.code]),
        )
        response.on('end', () =>
          resolve([...seen, ...got(), response.trailers, response.headers.connection]),
        )
      })
      request.on('error', (error: NodeJS.ErrnoException) => resolve([...seen, error.code]))
      request.end(body)
    })
  const https =
    (handle: (request: IncomingMessage, response: ServerResponse) => void, options = {}) =>
    () =>
      createHttpsServer({ key, cert, ...options }, handle)

  test.each<[what: string, create: () => Server, options?: RequestOptions, body?: string | Buffer]>(
    [
      ['a large download', https((_, response) => response.end(Buffer.alloc(900_000)))],
      [
        'a large upload',
        https((request, response) => void request.resume().on('end', () => response.end('ok'))),
        { method: 'POST' },
        Buffer.alloc(3_000_000),
      ],
      [
        'an answer before the upload is over',
        https((_, response) => response.writeHead(413, { Connection: 'close' }).end('no')),
        { method: 'POST' },
        'x'.repeat(20_000),
      ],
      [
        'interim answers',
        https((_, response) => {
          response.writeProcessing()
          response.writeEarlyHints({ link: '</a>; rel=preload' })
          setTimeout(() => response.end('hi'), 30)
        }),
      ],
      [
        '100 before a content',
        https((request, response) => void request.resume().on('end', () => response.end('ok'))),
        { method: 'POST', headers: { Expect: '100-continue' } },
        'salt',
      ],
      [
        'trailers',
        https((_, response) => {
          response.writeHead(200, { Trailer: 'X-Sum' })
          response.write('a')
          response.addTrailers({ 'X-Sum': 'b' })
          response.end()
        }),
      ],
      [
        'half an answer',
        https((_, response) => {
          response.writeHead(200, { 'Content-Length': 9 })
          response.write('half', () => setTimeout(() => response.destroy(), 30))
        }),
      ],
      [
        'an answer that ends with its connection',
        () =>
          createServer(
            { key, cert },
            (socket) =>
              void socket
                .on('error', () => {})
                .once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nhello')),
          ),
      ],
      [
        'the name that was asked for',
        () =>
          createServer(
            { key, cert },
            (socket) =>
              void socket
                .on('error', () => {})
                .once('data', () =>
                  socket.end(
                    `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${(socket as any).servername}`,
                  ),
                ),
          ),
      ],
      [
        'another protocol after 101',
        () =>
          https(() => {})().on('upgrade', (_, socket) => {
            socket.write(
              'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
            )
            socket.once('data', (bytes: Buffer) => socket.end(`pong ${bytes}`))
          }),
        { headers: { Connection: 'Upgrade', Upgrade: 'echo' } },
      ],
    ],
  )('%s', async (_, create, options, body) => {
    await expectTheSame(create, (port) => send(port, options, body))
  })

  test('a slow answer comes piece by piece', async () => {
    const seen = await expectTheSame(
      https((_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        let count = 0
        const timer = setInterval(
          () => (
            response.write(`data: ${++count}\n\n`),
            count === 3 && (clearInterval(timer), response.end())
          ),
          60,
        )
      }),
      (port) =>
        new Promise<number>((resolve) =>
          httpsRequest({ ...trusting(port), agent: false }, (response) => {
            let pieces = 0
            response.on('data', () => pieces++).on('end', () => resolve(pieces))
          }).end(),
        ),
    )
    expect(seen).toBe(3)
  })

  test('a kept connection is used again until the server ends it', async () => {
    const seen = await expectTheSame(
      https((request, response) => response.end(String(request.socket.remotePort)), {
        keepAliveTimeout: 1000,
        keepAliveTimeoutBuffer: 0,
      }),
      async (port) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1, agentKeepAliveTimeoutBuffer: 0 })
        const ports: string[] = []
        for (const wait of [0, 0, 1300]) {
          await pause(wait)
          await new Promise<void>((resolve) =>
            httpsRequest(
              { ...trusting(port), agent },
              (response) =>
                void response.on('data', (text) => ports.push(String(text))).on('end', resolve),
            ).end(),
          )
        }
        agent.destroy()
        return [ports[0] === ports[1], ports[1] === ports[2]]
      },
    )
    expect(seen).toEqual([true, false])
  })

  test('a client that says no more is answered all the same', async () => {
    const seen = await expectTheSame(
      () =>
        createServer({ key, cert, allowHalfOpen: true }, (socket) => {
          let text = ''
          socket
            .on('data', (bytes) => (text += bytes))
            .on('end', () => setTimeout(() => socket.end(`got ${text}`), 50))
        }),
      (port) =>
        new Promise((resolve) => {
          const socket = connect({ ...trusting(port), allowHalfOpen: true } as ConnectionOptions)
          let text = ''
          socket.on('data', (bytes) => (text += bytes)).on('end', () => resolve(text))
          socket.end('salt')
        }),
    )
    expect(seen).toBe('got salt')
  })
})
