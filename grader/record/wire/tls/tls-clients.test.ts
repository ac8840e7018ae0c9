import { spawn, spawnSync } from 'node:child_process'
import { request, type RequestOptions } from 'node:https'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import { createCertificate, type Certificate, type CertificateOptions } from './certificate.ts'
import type { Answer } from '../partner/answer-request.ts'
import { startOrigin } from '../partner/partner-server.ts'
import { createIdSource } from '../id-source.ts'

const open: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((close) => close()))))

async function secureOrigin(answer?: Answer, options: CertificateOptions = {}) {
  const certificate = createCertificate(['shop.test', '127.0.0.1'], options)
  const origin = await startOrigin('the shop', answer, createClock(), createIdSource(), {
    certificate,
  })
  open.push(() => origin.close())
  return { ...origin, certificate }
}

type Secure = Awaited<ReturnType<typeof secureOrigin>>

/** The content of the answer; otherwise the code of the error. */
function get(
  { port, certificate }: Secure,
  options: RequestOptions & { servername?: string; ALPNProtocols?: string[] } = {},
): Promise<string> {
  return new Promise((resolve) => {
    request(
      { host: '127.0.0.1', port, ca: certificate.ca, agent: false, ...options },
      (response) => {
        let body = ''
        response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(body))
      },
    )
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .end()
  })
}

/** Speaks to the port without TLS; settles when the connection is over. */
function plainly(port: number, speak: (socket: Socket) => void): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => speak(socket))
    socket
      .on('error', () => {})
      .on('close', () => resolve())
      .resume()
  })
}

/** What a client inside TLS got, ended by how it ended. */
function inside(
  { port, certificate: { ca } }: { port: number; certificate: Certificate },
  speak: (secure: Socket, tcp: Socket) => void,
): Promise<string> {
  return new Promise((resolve) => {
    const tcp = connect(port, '127.0.0.1', () => {
      const secure = connectTls({ socket: tcp, host: '127.0.0.1', ca }, () => {
        secure.allowHalfOpen = true
        speak(secure, tcp)
      })
      let got = ''
      secure
        .on('data', (bytes) => (got += bytes))
        .on('end', () => (got += '|end'))
        .on('error', ({ code }: NodeJS.ErrnoException) => resolve(`${got}|${code}`))
        .on('close', () => resolve(got))
    })
    tcp.on('error', () => {})
  })
}

const outcomes = async (origin: Secure) =>
  (await origin.handshakes()).map(({ servername, alpn, protocol, error }) => [
    servername,
    alpn.join(),
    protocol,
    error,
  ])

test('what is said inside TLS is recorded as it was sent', async () => {
  const origin = await secureOrigin(({ target, headers }) => ({
    body: `${target} ${headers.length}`,
  }))
  expect(origin.url).toBe(`https://127.0.0.1:${origin.port}`)
  expect(
    await get(origin, { path: '/a?b', servername: 'shop.test', ALPNProtocols: ['h2', 'http/1.1'] }),
  ).toBe('/a?b 2')
  expect(
    origin
      .exchanges()
      .map(({ request, response, origin }) => [request.target, response?.status, origin]),
  ).toEqual([['/a?b', 200, 'the shop']])
  expect(origin.exchanges()[0]!.security).toMatchObject({
    protocol: 'TLSv1.3',
    certificate: { names: ['shop.test', '127.0.0.1'] },
  })
  await expect.poll(() => origin.connections()[0]?.ended).toBe('closed')
  expect(Buffer.from(origin.connections()[0]!.bytes).toString()).toBe(
    `GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:${origin.port}\r\nConnection: close\r\n\r\n`,
  )
  expect(await outcomes(origin)).toEqual([['shop.test', 'h2,http/1.1', 'TLSv1.3', null]])
})

test('one without a certificate has no handshakes', async () => {
  const origin = await startOrigin('the shop', undefined, createClock(), createIdSource())
  open.push(() => origin.close())
  await fetch(origin.url)
  expect(await origin.handshakes()).toEqual([])
})

test.each<[string, CertificateOptions, RequestOptions & { servername?: string }, code: string]>([
  ['expired', { expired: true }, {}, 'CERT_HAS_EXPIRED'],
  ['by nobody it trusts', {}, { ca: undefined }, 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['for another name', {}, { servername: 'bank.test' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
])(
  'a client that finds the certificate %s hangs up before it has said anything',
  async (_, certificate, options, code) => {
    const origin = await secureOrigin(undefined, certificate)
    expect(await get(origin, options)).toBe(code)
    expect(await outcomes(origin)).toEqual([[options.servername ?? null, '', null, 'hung up']])
    expect(origin.connections()).toEqual([])
  },
)

test('each handshake is on its own: no session spares a client the certificate', async () => {
  const origin = await secureOrigin()
  let session: Buffer | undefined
  const shakeHands = () =>
    new Promise<boolean>((resolve) => {
      const socket = connectTls(
        {
          port: origin.port,
          host: '127.0.0.1',
          ca: origin.certificate.ca,
          session,
          maxVersion: 'TLSv1.2',
        },
        () => {
          session = socket.getSession()
          resolve(socket.isSessionReused())
          socket.destroy()
        },
      )
    })
  expect([await shakeHands(), await shakeHands()]).toEqual([false, false])
  expect(await outcomes(origin)).toEqual([
    [null, '', 'TLSv1.2', null],
    [null, '', 'TLSv1.2', null],
  ])
})

test.skipIf(spawnSync('openssl', ['version']).error)(
  'a client that refuses aloud is quoted',
  async () => {
    const origin = await secureOrigin()
    const client = spawn(
      'openssl',
      ['s_client', '-connect', `127.0.0.1:${origin.port}`, '-verify_return_error'],
      { stdio: 'ignore' },
    )
    await new Promise((resolve) => client.once('exit', resolve))
    expect(await outcomes(origin)).toEqual([[null, '', null, 'unknown ca']])
  },
)

test('a client that offers nothing this side speaks is refused', async () => {
  const origin = await secureOrigin()
  await get(origin, { ALPNProtocols: ['h2'] })
  expect(await outcomes(origin)).toEqual([[null, 'h2', null, 'no application protocol']])
})

test.each<[string, string, speak: (socket: Socket) => void]>([
  ['plain HTTP', 'no TLS', (socket) => socket.write('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n')],
  [
    'another method',
    'no TLS',
    (socket) => socket.write('DELETE / HTTP/1.1\r\nHost: shop.test\r\n\r\n'),
  ],
  ['half a greeting, and leaves', 'hung up', (socket) => socket.end(Buffer.of(22, 3, 1, 0, 50, 1))],
  [
    'half a greeting, and breaks off',
    'hung up',
    (socket) =>
      socket.write(Buffer.of(22, 3, 1, 0, 50, 1), () =>
        setTimeout(() => socket.resetAndDestroy(), 50),
      ),
  ],
  [
    'a greeting that is none',
    'wrong version number',
    (socket) => socket.write(Buffer.of(22, 9, 9, 0, 1, 1, 1, 1, 1)),
  ],
])('a client that says %s is told of, and hung up on', async (_, error, speak) => {
  const origin = await secureOrigin()
  await plainly(origin.port, speak)
  expect(await outcomes(origin)).toEqual([[null, '', null, error]])
  expect(origin.connections()).toEqual([])
  expect(await get(origin)).toContain('An empty page')
})

test('a connection that is opened and not used is no handshake', async () => {
  const origin = await secureOrigin()
  await plainly(origin.port, (socket) => socket.end())
  await plainly(origin.port, (socket) => socket.resetAndDestroy())
  expect(await outcomes(origin)).toEqual([])
})

test('a client that ends its side with the request gets its answer', async () => {
  const origin = await secureOrigin(() => ({
    bytes: [100, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', 20, 'ok'],
    then: 'close',
  }))
  expect(
    await inside(origin, (secure) => secure.end('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n')),
  ).toBe('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok|end')
  expect(origin.connections().map(({ ended }) => ended)).toEqual(['closed'])
})

test('an answer that is cut off is cut off', async () => {
  const origin = await secureOrigin(() => ({
    bytes: ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', 50],
    then: 'reset',
  }))
  expect(
    await inside(origin, (secure) => secure.write('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n')),
  ).toBe('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf|ECONNRESET')
  expect(origin.exchanges().map(({ cut }) => cut)).toEqual(['reset'])
})

test('a client that breaks off has broken off', async () => {
  const origin = await secureOrigin(() => ({ bytes: [], then: 'keep' }))
  void inside(origin, (secure, tcp) =>
    secure.write('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n', () =>
      setTimeout(() => tcp.resetAndDestroy(), 50),
    ),
  )
  await expect.poll(() => origin.connections()[0]?.ended).toBe('reset')
})
