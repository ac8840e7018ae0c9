import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createClock } from '../timing/clock.ts'
import { createIdSource } from './id-source.ts'
import { startRecordingProxy, type RecordingProxy } from './recording-proxy.ts'

const open: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((close) => close()))))

async function behindProxy(onConnection: (socket: Socket) => void): Promise<RecordingProxy> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const target = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  const proxy = await startRecordingProxy(target, createClock(), createIdSource())
  open.push(
    () => proxy.close(),
    () => sockets.forEach((socket) => socket.destroy()),
    () => server.close(),
  )
  return proxy
}

async function clientOf({ port }: RecordingProxy): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  open.push(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

const MEGABYTE = 1024 * 1024
const LARGE = 50 * MEGABYTE
const GET = 'GET / HTTP/1.1\r\n\r\n'

/** Random bytes a megabyte each, and what is to be known of them. */
function large(bytes = LARGE) {
  const pieces = Array.from({ length: bytes / MEGABYTE }, () => randomBytes(MEGABYTE))
  const rest = createHash('sha256')
  for (const piece of pieces.slice(1)) rest.update(piece)
  return { pieces, rest: { bytes: bytes - MEGABYTE, sha256: rest.digest('hex') } }
}

async function send(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) if (!socket.write(piece)) await once(socket, 'drain')
}

describe('50 MB', () => {
  test.each(['with its length', 'in chunks', 'until the end'])(
    'of a response %s arrive; a megabyte is kept, and of the rest its length and SHA-256',
    async (framing) => {
      const { pieces, rest } = large()
      const proxy = await behindProxy((socket) =>
        socket.once('data', async () => {
          const field = {
            'with its length': `Content-Length: ${LARGE}\r\n`,
            'in chunks': 'Transfer-Encoding: chunked\r\n',
            'until the end': '',
          }[framing]
          socket.write(`HTTP/1.1 200 OK\r\n${field}\r\n`)
          const chunk = (piece: Buffer) =>
            Buffer.concat([Buffer.from('100000\r\n'), piece, Buffer.from('\r\n')])
          await send(socket, framing === 'in chunks' ? pieces.map(chunk) : pieces)
          socket.end(framing === 'in chunks' ? '0\r\n\r\n' : '')
        }),
      )
      const client = await clientOf(proxy)
      let received = 0
      client.on('data', (bytes: Buffer) => (received += bytes.length)).write(GET)
      await once(client, 'end')
      const [exchange] = proxy.exchanges()
      expect(received).toBeGreaterThan(LARGE)
      expect(exchange!.response).toMatchObject({ complete: true, rest })
      expect(Buffer.from(exchange!.response!.body).equals(pieces[0]!)).toBe(true)
    },
  )

  test('of a request arrive; a megabyte is kept, and of the rest its length and SHA-256', async () => {
    const { pieces, rest } = large()
    const proxy = await behindProxy((socket) => {
      let arrived = 0
      socket.on('data', (bytes: Buffer) => {
        arrived += bytes.length
        if (arrived > LARGE) socket.end('HTTP/1.1 204 None\r\n\r\n')
      })
    })
    const client = await clientOf(proxy)
    client.resume().write(`PUT / HTTP/1.1\r\nContent-Length: ${LARGE}\r\n\r\n`)
    await send(client, pieces)
    await once(client, 'end')
    const [exchange] = proxy.exchanges()
    expect(exchange!.request).toMatchObject({ complete: true, rest })
    expect(proxy.connections()[0]!.bytes.length).toBe(MEGABYTE)
  })
})

describe('what one side does', () => {
  test('reaches the other: a reset of the client is no orderly end', async () => {
    const ends: string[] = []
    const proxy = await behindProxy((socket) =>
      socket
        .resume()
        .on('end', () => ends.push('end'))
        .on('error', ({ message }) => ends.push(message)),
    )
    const client = await clientOf(proxy)
    client.write(GET)
    await expect.poll(() => proxy.exchanges().length).toBe(1)
    client.resetAndDestroy()
    await expect.poll(() => ends).toEqual(['read ECONNRESET'])
  })

  test('reaches the other: a client that ends its side is still answered', async () => {
    const proxy = await behindProxy((socket) =>
      socket.resume().on('end', () => socket.end('HTTP/1.1 200 OK\r\n\r\nlate')),
    )
    const client = await clientOf(proxy)
    client.resume().end(GET)
    await once(client, 'end')
    expect(proxy.exchanges()[0]!.response).toMatchObject({ complete: true })
  })

  test.each(['server', 'client'])(
    'is no faster than the other takes: the %s sends',
    async (from) => {
      const sent: Socket[] = []
      const proxy = await behindProxy((socket) => {
        if (from === 'client') return void socket.pause()
        sent.push(socket)
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n')
          socket.write(Buffer.alloc(LARGE))
        })
      })
      const client = await clientOf(proxy)
      if (from === 'client') {
        sent.push(client)
        client.write(`PUT / HTTP/1.1\r\nContent-Length: ${LARGE}\r\n\r\n`)
        client.write(Buffer.alloc(LARGE))
      } else client.pause().write(GET)
      await expect.poll(() => sent[0]?.writableLength ?? 0).toBeGreaterThan(0)
      const left = () => sent[0]!.writableLength
      // Nobody takes anything: most of it has to stay where it is.
      await expect.poll(left, { interval: 200 }).toBeLessThanOrEqual(LARGE)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(left()).toBeGreaterThan(LARGE / 2)
    },
  )
})

test('a flood of interim responses is cut off', async () => {
  const proxy = await behindProxy((socket) => {
    const flood = () => {
      while (socket.writable && socket.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(400)));
    }
    socket.on('drain', flood).once('data', flood)
  })
  const client = await clientOf(proxy)
  client.resume().write(GET)
  await expect.poll(() => proxy.exchanges()[0]?.cut).toBe('capped')
  expect(proxy.exchanges()[0]!.response).toBeNull()
  expect(proxy.exchanges()[0]!.interim!.length).toBe(100)
})

test('what a server sends unasked is kept beside the answer before it', async () => {
  const proxy = await behindProxy((socket) => {
    socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok, and more'),
    )
  })
  const client = await clientOf(proxy)
  client.resume().write(GET)
  await once(client, 'end')
  expect(proxy.exchanges()).toMatchObject([
    { response: { complete: true, body: Buffer.from('ok') }, extra: Buffer.from(', and more') },
  ])
})

test.each([
  [
    'a frame of a WebSocket with empty lines in it',
    'GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  ],
  ['what is sent through a tunnel', 'CONNECT a:80 HTTP/1.1\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n'],
])('%s is no request', async (_, request, response) => {
  const proxy = await behindProxy((socket) =>
    socket.once('data', () => socket.write(`${response}\x81\x04\r\n\r\n`, 'latin1')),
  )
  const client = await clientOf(proxy)
  let received = ''
  client.on('data', (bytes: Buffer) => (received += bytes.toString('latin1'))).write(request)
  await expect.poll(() => received).toContain('\r\n\r\n\x81')
  client.write('\x81\x08\r\n\r\nGET / HTTP/1.1\r\n\r\n', 'latin1')
  await expect.poll(() => proxy.connections()[0]!.bytes.length).toBeGreaterThan(request.length)
  expect(proxy.exchanges()).toHaveLength(1)
})
