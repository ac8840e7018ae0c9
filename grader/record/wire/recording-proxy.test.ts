import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, Socket, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClock } from '../timing/clock.ts'
import type { Exchange } from '../../types/index.ts'
import { createIdSource } from './id-source.ts'
import { startRecordingProxy, type RecordingProxy } from './recording-proxy.ts'

const clock = createClock()
const open: { close(): unknown }[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((each) => each.close()))))

/**
 * A program made of sockets, behind a proxy; `program` is told each connection once its first bytes
 * came.
 */
async function behindProxy(
  program: (socket: Socket, request: Buffer) => void,
  allowHalfOpen = false,
): Promise<RecordingProxy & { arrived: Buffer[]; hungUp(): number }> {
  const arrived: Buffer[] = []
  let hungUp = 0
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => hungUp++)
    socket.on('data', (bytes: Buffer) => arrived.push(bytes))
    socket.once('data', (bytes: Buffer) => program(socket, bytes))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  open.push({
    close: () => {
      sockets.forEach((socket) => socket.destroy())
      server.close()
    },
  })
  return {
    ...(await proxyTo((server.address() as AddressInfo).port)),
    arrived,
    hungUp: () => hungUp,
  }
}

async function proxyTo(port: number): Promise<RecordingProxy> {
  const proxy = await startRecordingProxy({ host: '127.0.0.1', port }, clock, createIdSource())
  open.push(proxy)
  return proxy
}

interface Client {
  readonly socket: Socket
  readonly received: () => Buffer
  readonly ended: Promise<'closed' | 'reset'>
}

async function client(port: number, request?: string | Buffer): Promise<Client> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('end', () => socket.end())
  const chunks: Buffer[] = []
  socket.on('data', (bytes: Buffer) => chunks.push(bytes))
  const ended = new Promise<'closed' | 'reset'>((resolve) => {
    socket.once('error', () => resolve('reset'))
    socket.once('close', () => resolve('closed'))
  })
  open.push({ close: () => socket.destroy() })
  await once(socket, 'connect')
  if (request !== undefined) socket.write(request)
  return { socket, received: () => Buffer.concat(chunks), ended }
}

const GET = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const first = async (
  proxy: RecordingProxy,
  until: (exchange: Exchange) => unknown = (exchange) =>
    exchange.response?.complete || exchange.garbage || exchange.cut,
): Promise<Exchange> => {
  await expect.poll(() => proxy.exchanges().some(until), { timeout: 5000 }).toBe(true)
  return proxy.exchanges()[0]!
}

describe('what passes', () => {
  test('is every byte, both ways, whatever it is', async () => {
    const request = Buffer.concat([
      Buffer.from('POST /a HTTP/1.1\r\nContent-Length: 300000\r\n\r\n'),
      randomBytes(300_000),
    ])
    const response = Buffer.concat([
      Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n'),
      randomBytes(300_000),
    ])
    const proxy = await behindProxy((socket) => socket.write(response))
    const { received } = await client(proxy.port, request)
    await expect.poll(() => Buffer.concat(proxy.arrived).length).toBe(request.length)
    await expect.poll(() => received().length).toBe(response.length)
    expect(Buffer.concat(proxy.arrived).equals(request)).toBe(true)
    expect(received().equals(response)).toBe(true)
    const exchange = await first(proxy)
    expect(Buffer.concat([exchange.request.head, exchange.request.body]).equals(request)).toBe(true)
    expect(Buffer.concat([exchange.response!.head, exchange.response!.body]).equals(response)).toBe(
      true,
    )
  })

  test('has times in their order, on the clock of the run', async () => {
    const clock = createClock()
    const before = clock.now()
    const proxy = await behindProxy((socket) => setTimeout(() => socket.write(OK), 60))
    await client(proxy.port, GET)
    const { startedAt, request, response } = await first(proxy)
    expect(startedAt).toBe(request.startedAt)
    expect(startedAt).toBeGreaterThanOrEqual(before - 5)
    expect(response!.startedAt - startedAt).toBeGreaterThan(50)
    expect(response!.endedAt).toBeLessThanOrEqual(clock.now() + 5)
  })

  test('is told as it passes', async () => {
    const proxy = await behindProxy((socket) => socket.end(OK))
    let told = 0
    const stop = proxy.subscribe({ traffic: () => told++ })
    await client(proxy.port, GET)
    await first(proxy)
    await expect.poll(() => told).toBeGreaterThanOrEqual(2)
    stop()
    const before = told
    await client(proxy.port, GET)
    await expect.poll(() => proxy.exchanges().length).toBe(2)
    expect(told).toBe(before)
  })

  test('over one connection keeps its number, over another gets another', async () => {
    const proxy = await behindProxy((socket) => {
      socket.write(OK)
      socket.on('data', () => socket.write(OK))
    })
    const one = await client(proxy.port, GET)
    await first(proxy)
    one.socket.write(GET.replace('/a', '/b'))
    await expect.poll(() => proxy.exchanges().length).toBe(2)
    await client(proxy.port, GET.replace('/a', '/c'))
    await expect.poll(() => proxy.exchanges().length).toBe(3)
    const [a, b, c] = proxy.exchanges()
    expect([a, b, c].map((exchange) => exchange!.request.target)).toEqual(['/a', '/b', '/c'])
    expect([a!.connection === b!.connection, a!.connection === c!.connection]).toEqual([
      true,
      false,
    ])
    expect(new Set(proxy.exchanges().map(({ id }) => id)).size).toBe(3)
    expect(proxy.exchanges().map(({ id }) => id)).toEqual([a!.id, b!.id, c!.id])
  })

  test('over many connections at once is kept apart', async () => {
    const proxy = await behindProxy((socket, request) => {
      const target = /GET (\S+)/.exec(request.toString())![1]!
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${target}`)
    })
    const targets = Array.from({ length: 100 }, (_, index) => `/${index}`)
    const clients = await Promise.all(
      targets.map((target) => client(proxy.port, GET.replace('/a', target))),
    )
    await Promise.all(clients.map(({ ended }) => ended))
    const exchanges = proxy.exchanges()
    expect(exchanges.map(({ request }) => request.target).toSorted()).toEqual(targets.toSorted())
    expect(
      exchanges.every(
        ({ request, response }) => Buffer.from(response!.body).toString() === request.target,
      ),
    ).toBe(true)
    expect(new Set(exchanges.map(({ connection }) => connection)).size).toBe(100)
  })

  test('is nothing over a connection that carried nothing', async () => {
    const proxy = await behindProxy(() => {})
    const { socket } = await client(proxy.port)
    socket.destroy()
    await client(proxy.port, GET)
    await expect.poll(() => proxy.exchanges().length).toBe(1)
  })
})

describe('how it ends', () => {
  test('closed in order: both sides see it', async () => {
    const proxy = await behindProxy((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'))
    const { ended, received } = await client(proxy.port, GET)
    expect(await ended).toBe('closed')
    expect(received().toString()).toBe('HTTP/1.1 200 OK\r\n\r\nuntil the end')
    expect(await first(proxy)).toMatchObject({
      response: { complete: true, body: Buffer.from('until the end') },
      cut: null,
    })
  })

  test('closed without an answer', async () => {
    const proxy = await behindProxy((socket) => socket.end())
    expect(await (await client(proxy.port, GET)).ended).toBe('closed')
    expect(await first(proxy)).toMatchObject({ response: null, garbage: null, cut: 'closed' })
  })

  test('reset: the client is reset too', async () => {
    const proxy = await behindProxy((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
      setTimeout(() => socket.resetAndDestroy(), 30)
    })
    expect(await (await client(proxy.port, GET)).ended).toBe('reset')
    expect(await first(proxy, ({ cut }) => cut)).toMatchObject({
      response: { complete: false, body: Buffer.from('half') },
      cut: 'reset',
    })
  })

  test('refused: the request is kept, the client is reset', async () => {
    const gone = createServer()
    await once(gone.listen(0, '127.0.0.1'), 'listening')
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    const proxy = await proxyTo(port)
    const { socket, ended } = await client(proxy.port)
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.write(GET)
    expect(await ended).toBe('reset')
    expect(await first(proxy)).toMatchObject({
      request: { target: '/a' },
      response: null,
      cut: 'refused',
    })
  })

  test('garbage is kept', async () => {
    const proxy = await behindProxy((socket) => socket.end('oops, no status line'))
    await client(proxy.port, GET)
    expect(await first(proxy, ({ cut }) => cut)).toMatchObject({
      response: null,
      garbage: Buffer.from('oops, no status line'),
      cut: 'closed',
    })
  })

  test('too much is cut off, and no more than that is kept', async () => {
    const proxy = await behindProxy((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const more = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'x')));
      }
      socket.on('drain', more)
      more()
    })
    const { ended } = await client(proxy.port, GET)
    await ended
    const { response, cut } = await first(proxy, (exchange) => exchange.cut)
    expect([cut, response!.complete]).toEqual(['capped', false])
    expect(response!.body.length).toBeGreaterThan(900_000)
    expect(response!.body.length).toBeLessThan(1_200_000)
  })

  test('the limit is for one answer, not for all of a connection', async () => {
    const large = `HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n${'x'.repeat(400_000)}`
    const proxy = await behindProxy((socket) => {
      socket.write(large)
      socket.on('data', () => socket.write(large))
    })
    const { socket, received } = await client(proxy.port, GET)
    for (let answers = 1; answers <= 5; answers++) {
      await expect.poll(() => received().length, { timeout: 5000 }).toBe(answers * large.length)
      socket.write(GET)
    }
    await expect
      .poll(() => proxy.exchanges().filter(({ response }) => response?.complete).length)
      .toBe(6)
    expect(proxy.exchanges().every(({ cut }) => cut === null)).toBe(true)
  })

  test('a client that gives up is no fault of the program', async () => {
    const proxy = await behindProxy(() => {})
    const { socket } = await client(proxy.port, GET)
    await expect.poll(() => proxy.exchanges().length).toBe(1)
    socket.destroy()
    await expect.poll(() => proxy.hungUp()).toBe(1)
    expect(proxy.exchanges()[0]).toMatchObject({ response: null, garbage: null, cut: null })
  })

  test('nor is one that leaves in the middle of an answer', async () => {
    const proxy = await behindProxy((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
    )
    const { socket, received } = await client(proxy.port, GET)
    await expect.poll(() => received().length).toBeGreaterThan(0)
    socket.destroy()
    await expect.poll(() => proxy.hungUp()).toBe(1)
    expect(proxy.exchanges()[0]).toMatchObject({
      response: { complete: false },
      cut: null,
      clientEnded: true,
    })
  })

  test('one that leaves after its answer has ended nothing early', async () => {
    const proxy = await behindProxy((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalf'),
    )
    const { socket, received } = await client(proxy.port, GET)
    await expect.poll(() => received().length).toBeGreaterThan(40)
    socket.destroy()
    await expect.poll(() => proxy.hungUp()).toBe(1)
    expect(await first(proxy)).not.toHaveProperty('clientEnded')
  })

  test('a client that only stops talking still gets its answer', async () => {
    const proxy = await behindProxy(
      (socket) => void setTimeout(() => socket.end('HTTP/1.1 200 OK\r\n\r\nafter all'), 60),
      true,
    )
    const { socket, received, ended } = await client(proxy.port, GET)
    socket.end()
    await ended
    expect(received().toString()).toContain('after all')
    expect(await first(proxy)).toMatchObject({ response: { complete: true }, cut: null })
  })

  test('closing the proxy ends every connection and frees its port', async () => {
    const proxy = await behindProxy(() => {})
    const clients = await Promise.all([
      client(proxy.port, GET),
      client(proxy.port, GET),
      client(proxy.port),
    ])
    await proxy.close()
    await Promise.all(clients.map(({ ended }) => ended))
    await expect(client(proxy.port)).rejects.toThrow('ECONNREFUSED')
    await proxy.close()
  })
})

test('bytes have the moment before they pass, however long the proxy then stands still', async () => {
  const write = Socket.prototype.write
  const passed: { text: string; at: number }[] = []
  // Another process runs as soon as it has bytes, and this one may have to wait for its turn.
  const standingStill = vi.spyOn(Socket.prototype, 'write').mockImplementation(function (
    this: Socket,
    ...args: unknown[]
  ) {
    passed.push({ text: String(args[0]), at: clock.now() })
    const result = Reflect.apply(write, this, args) as boolean
    for (const until = clock.now() + 30; clock.now() < until;);
    return result
  })
  onTestFinished(() => standingStill.mockRestore())
  const proxy = await behindProxy((socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
  const asking = await client(proxy.port, 'GET /moment HTTP/1.1\r\nHost: a\r\n\r\n')
  await asking.ended
  const [exchange] = proxy.exchanges()
  // The proxy writes last.
  const by = (start: string) => passed.filter(({ text }) => text.startsWith(start)).at(-1)!.at
  expect(exchange!.startedAt).toBeLessThanOrEqual(by('GET /moment'))
  expect(exchange!.response!.endedAt).toBeLessThanOrEqual(by('HTTP/1.1 204'))
})
