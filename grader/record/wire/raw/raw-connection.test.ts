import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Exchange } from '../../../types/index.ts'
import { impatient, patient, wireOf, type WireOf } from '../../../../testing/wire-of.ts'
import { createClock } from '../../timing/clock.ts'
import { openRawConnection, type RawConnection } from './raw-connection.ts'
import { sendRaw } from './send-raw.ts'

const open: WireOf[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((each) => each.close()))))
const behind = async (
  server:
    | ((request: IncomingMessage, response: ServerResponse) => void)
    | ReturnType<typeof createServer>,
) => {
  const wire = await wireOf(typeof server === 'function' ? createServer(server) : server)
  open.push(wire)
  return wire
}
const behindSocket = async (serve: (socket: Socket) => void) => {
  const wire = await wireOf(serve)
  open.push(wire)
  return wire
}
const connectTo = (
  { opening }: WireOf,
  { timeout = patient(), givenUp = [] as Exchange[] } = {},
): Promise<RawConnection> =>
  openRawConnection(opening, {
    clock: createClock(),
    timeout,
    giveUp: (exchange) => void givenUp.push(exchange),
  })
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1')
const echo = async (request: IncomingMessage, response: ServerResponse) => {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  response.end(`${request.httpVersion} ${request.url} ${Buffer.concat(pieces).toString('latin1')}`)
}

describe('request()', () => {
  test('asks again and again over one connection, without saying that it closes', async () => {
    const wire = await behind(echo)
    const connection = await connectTo(wire)
    const first = await connection.request('/a')
    const second = await connection.request({ method: 'POST', path: '/b', body: 'x' })
    expect([first, second].map((each) => text(each?.response?.body))).toEqual([
      '1.1 /a ',
      '1.1 /b x',
    ])
    expect(second!.connection).toBe(first!.connection)
    expect(text(first!.request.head)).toBe(
      `GET /a HTTP/1.1\r\nHost: 127.0.0.1:${wire.wire.port}\r\n\r\n`,
    )
    const { bytes } = await connection.receive((received) => received.includes('1.1 /b x'))
    expect(text(bytes)).toMatch(/1\.1 \/a [^]*1\.1 \/b x$/)
  })

  test('asked at the same time, gives each its own exchange', async () => {
    const connection = await connectTo(await behind(echo))
    const exchanges = await Promise.all(['/a', '/b', '/c'].map((path) => connection.request(path)))
    expect(exchanges.map((each) => each?.request.path)).toEqual(['/a', '/b', '/c'])
    expect(exchanges.map((each) => text(each?.response?.body))).toEqual([
      '1.1 /a ',
      '1.1 /b ',
      '1.1 /c ',
    ])
  })

  test('names another version, and HTTP/1.0 says nothing of its connection', async () => {
    const wire = await behind(echo)
    const exchange = await sendRaw({ path: '/', version: '1.0' }, wire.opening, patient())
    expect(text(exchange!.request.head)).toBe(
      `GET / HTTP/1.0\r\nHost: 127.0.0.1:${wire.wire.port}\r\n\r\n`,
    )
    expect(text(exchange!.response!.body)).toBe('1.0 / ')
  })

  test('gives the exchange without an answer when none comes, and says so', async () => {
    const givenUp: Exchange[] = []
    const wire = await behindSocket(() => {})
    const connection = await connectTo(wire, { timeout: impatient(), givenUp })
    const exchange = await connection.request('/slow')
    expect(exchange).toMatchObject({ request: { path: '/slow' }, response: null, cut: null })
    expect(givenUp).toEqual([exchange])
  })

  test('is over as soon as the program hangs up', async () => {
    const wire = await behindSocket((socket) => socket.once('data', () => socket.end()))
    const connection = await connectTo(wire)
    expect(await connection.request('/')).toMatchObject({ response: null, cut: 'closed' })
    expect(await connection.request('/again')).toMatchObject({ response: null, cut: 'closed' })
  })
})

test('however many wait on one connection, its socket has the same listeners', async () => {
  const wire = await behind(echo)
  const sockets: Socket[] = []
  const open = async () => {
    const socket = await wire.opening.open()
    sockets.push(socket)
    return socket
  }
  const connection = await connectTo({ ...wire, opening: { ...wire.opening, open } })
  const count = () => sockets[0]!.eventNames().map((name) => sockets[0]!.listenerCount(name))
  const before = count()
  const answers = connection.pipeline(Array.from({ length: 12 }, (_, index) => `/${index}`))
  const received = Array.from({ length: 12 }, () =>
    connection.receive((bytes) => bytes.includes('/11 ')),
  )
  expect(count()).toEqual(before)
  expect((await answers).map((each) => each?.request.path)).toEqual(
    Array.from({ length: 12 }, (_, index) => `/${index}`),
  )
  await Promise.all(received)
})

test('a condition of receive() that throws makes it fail, wherever the bytes come', async () => {
  const connection = await connectTo(
    await behindSocket((socket) => socket.on('data', () => socket.write('{"a":'))),
  )
  const received = connection.receive((bytes) => bytes !== '' && JSON.parse(bytes))
  void connection.write('x')
  await expect(received).rejects.toThrow(SyntaxError)
})

test('pipeline() sends in one write and gives the answers in order, of whatever framing', async () => {
  const reads: string[] = []
  const answers = [
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n',
  ]
  const wire = await behindSocket((socket) =>
    socket.on('data', (bytes: Buffer) => {
      reads.push(bytes.toString('latin1'))
      socket.write(answers.join(''))
    }),
  )
  const connection = await connectTo(wire)
  const exchanges = await connection.pipeline([
    '/a',
    { method: 'POST', path: '/b', body: 'GET /no HTTP/1.1\r\n\r\n' },
    '/c',
  ])
  expect(exchanges.map((each) => [each?.request.path, each?.response?.status])).toEqual([
    ['/a', 200],
    ['/b', 204],
    ['/c', 200],
  ])
  expect(reads).toHaveLength(1)
})

describe('a body', () => {
  test.each([
    ['bytes', { body: Buffer.from([0, 255, 10]) }, '\0\xff\n'],
    ['pieces', { body: ['ab', Buffer.from('c')] }, 'abc'],
    [
      'chunks and trailers',
      { body: ['ab', '', 'c'], chunked: true, trailers: [['Sum', '3']] as const },
      'abc',
    ],
  ])('of %s arrives', async (_, parts, expected) => {
    const trailers: unknown[] = []
    const wire = await behind(async (request, response) => {
      await echo(request, response)
      trailers.push(request.trailers)
    })
    const exchange = await sendRaw({ method: 'POST', path: '/', ...parts }, wire.opening, patient())
    expect(text(exchange!.response!.body)).toBe(Buffer.from(`1.1 / ${expected}`).toString('latin1'))
    expect(exchange!.request.complete).toBe(true)
    expect(trailers).toEqual(['trailers' in parts ? { sum: '3' } : {}])
  })

  test('has no length added where the headers say one', async () => {
    const wire = await behindSocket((socket) => socket.once('data', () => socket.end()))
    const exchange = await sendRaw(
      { method: 'POST', path: '/', headers: [['content-length', '9']], body: 'abc' },
      wire.opening,
      patient(),
    )
    expect(text(exchange!.request.head)).not.toContain('Content-Length')
  })

  test('waits for the 100 that it expects, which is in the record', async () => {
    const order: string[] = []
    const server = createServer(echo).on('checkContinue', (request, response) => {
      order.push(`${request.headers.expect} ${request.socket.bytesRead < 300}`)
      response.writeContinue()
      void echo(request, response)
    })
    const wire = await behind(server)
    const exchange = await sendRaw(
      { method: 'POST', path: '/', body: 'x'.repeat(1000), expectContinue: true },
      wire.opening,
      patient(),
    )
    expect(order).toEqual(['100-continue true'])
    expect(exchange).toMatchObject({
      interim: [{ status: 100 }],
      request: { complete: true },
      response: { status: 200, complete: true },
    })
  })

  test('is not sent when another answer comes in place of the 100', async () => {
    const server = createServer(echo).on('checkContinue', (_, response) =>
      response.writeHead(417).end('no'),
    )
    const wire = await behind(server)
    const exchange = await sendRaw(
      { method: 'POST', path: '/', body: 'x', expectContinue: true },
      wire.opening,
      patient(),
    )
    expect(exchange).toMatchObject({
      request: { complete: false, body: Buffer.alloc(0) },
      response: { status: 417 },
    })
  })

  test('is sent after a while when no 100 comes, as a client may', async () => {
    const wire = await behindSocket((socket) => {
      let received = ''
      socket.on('data', (bytes: Buffer) => {
        received += bytes.toString()
        if (received.endsWith('body')) socket.end('HTTP/1.1 204 No Content\r\n\r\n')
      })
    })
    const exchange = await sendRaw(
      { method: 'POST', path: '/', body: 'body', expectContinue: true },
      wire.opening,
      impatient(),
    )
    expect(exchange).toMatchObject({ request: { complete: true }, response: { status: 204 } })
    expect(exchange!.interim).toBeUndefined()
  })

  test('ends where it is when the whole answer is there before it', async () => {
    const wire = await behindSocket((socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n'),
      ),
    )
    const length = 60 * 1024 * 1024
    const exchange = await sendRaw(
      { method: 'POST', path: '/', body: Buffer.alloc(length) },
      wire.opening,
      patient(),
    )
    expect(exchange).toMatchObject({
      response: { status: 413, complete: true },
      request: { complete: false },
    })
  })

  test.each([
    [
      { trailers: [['a', 'b']] as const, body: 'x' },
      'has trailers, but its body is not sent in chunks',
      'Add chunked: true in checks.ts.',
    ],
    [
      { chunked: true },
      'has chunked: true, but no body',
      "Give it a body, '' for an empty one, in checks.ts.",
    ],
    [
      { expectContinue: true },
      'has expectContinue: true, but no body',
      'Give it the body that waits for the 100 in checks.ts.',
    ],
  ])('that contradicts itself is the mistake of the author: %o', async (parts, what, remedy) => {
    const wire = await behind(echo)
    await expect(sendRaw({ path: '/x', ...parts }, wire.opening, patient())).rejects.toMatchObject({
      name: 'GraderError',
      message: `The request for /x ${what}.`,
      remedy,
    })
  })
})
