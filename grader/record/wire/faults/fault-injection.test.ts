import type { Socket } from 'node:net'
import type { Exchange } from '../../../types/index.ts'
import { unlimited, type AdaptiveTimeout } from '../../timing/deadline.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { exchange } from '../../../../testing/exchange-builder.ts'
import { createFaultInjection } from './fault-injection.ts'
import { impatient, wireOf, type WireOf } from '../../../../testing/wire-of.ts'

const open: WireOf[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((each) => each.close()))))
const behind = async (server: (socket: Socket) => void, timeout?: AdaptiveTimeout) => {
  const wire = await wireOf(server, timeout)
  open.push(wire)
  return wire
}

const GET = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'

/** Answers each request with the same, and keeps what happens to its connections. */
function answering(answer = OK) {
  const seen: string[] = []
  const serve = (socket: Socket) =>
    socket
      .on('data', (bytes: Buffer) => {
        seen.push(bytes.toString('latin1').split(' HTTP', 1)[0]!)
        socket.write(answer)
      })
      .on('end', () => {
        seen.push('end')
        socket.end()
      })
      .on('error', ({ message }) => seen.push(message))
  return { serve, seen }
}

describe('a cut before the response', () => {
  test.each([
    ['end', ['end']],
    ['reset', ['ECONNRESET']],
  ] as const)(
    'ends the connection by %s: the program has answered, and its answer is recorded',
    async (how, ends) => {
      const { serve, seen } = answering()
      const { faults, client } = await behind(serve)
      const cut = faults.wire.cut({ when: '/a', at: 'before-response', how })
      const { socket, text, ends: ended } = await client()
      socket.write(GET)
      const exchange = await cut.exchange()
      await expect.poll(() => ended).toEqual(ends)
      expect(text()).toBe('')
      expect(exchange).toMatchObject({
        response: { status: 200, complete: true, body: Buffer.from('hello') },
        cut: null,
        injected: [{ kind: 'cut', moment: 'before-response', how }],
      })
      // The program is left in order, whatever its client met.
      await expect.poll(() => seen).toEqual(['GET /a', 'end'])
    },
  )

  test('waits until the program has said all of the answer', async () => {
    let finish = () => {}
    const { faults, client, wire } = await behind((socket) =>
      socket.once('data', () => {
        socket.write(OK.slice(0, -2))
        finish = () => socket.write(OK.slice(-2))
      }),
    )
    const cut = faults.wire.cut({ when: '/a', at: 'before-response', how: 'reset' })
    const { socket, ends } = await client()
    socket.write(GET)
    await expect.poll(() => ends).toEqual(['ECONNRESET'])
    const [exchange] = wire.exchanges()
    expect(exchange!.response!.complete).toBe(false)
    finish()
    expect((await cut.exchange())!.response!.complete).toBe(true)
  })

  test('happens once, to the first request that fits', async () => {
    const { serve } = answering()
    const { faults, client } = await behind(serve)
    faults.wire.cut({
      when: ({ request }) => request.method === 'POST',
      at: 'before-response',
      how: 'reset',
    })
    const first = await client()
    first.socket.write(GET)
    await expect.poll(() => first.text()).toBe(OK)
    first.socket.write('POST /b HTTP/1.1\r\nContent-Length: 0\r\n\r\n')
    await expect.poll(() => first.ends).toEqual(['ECONNRESET'])
    expect(first.text()).toBe(OK)
    const second = await client()
    second.socket.write('POST /b HTTP/1.1\r\nContent-Length: 0\r\n\r\n')
    await expect.poll(() => second.text()).toBe(OK)
  })

  test('lets an interim response pass, and loses the answers to what was sent after it', async () => {
    let answer = () => {}
    const { faults, client, wire } = await behind((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')
        answer = () => socket.write(`${OK}${OK}`)
      }),
    )
    const cut = faults.wire.cut({ when: '/a', at: 'before-response', how: 'end' })
    const { socket, text, ends } = await client()
    socket.write(GET + GET.replace('/a', '/b'))
    await expect.poll(() => text()).toBe('HTTP/1.1 103 Early Hints\r\n\r\n')
    answer()
    await cut.exchange()
    await expect.poll(() => ends).toEqual(['end'])
    expect(text()).toBe('HTTP/1.1 103 Early Hints\r\n\r\n')
    await expect
      .poll(() => wire.exchanges().map(({ response }) => response?.complete))
      .toEqual([true, true])
  })

  test('is no cut by the program, which answers in pieces and then hangs up', async () => {
    const { faults, client, wire } = await behind((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end')),
    )
    const cut = faults.wire.cut({ when: '/a', at: 'before-response', how: 'reset' })
    const { socket } = await client()
    socket.write(GET)
    await cut.exchange()
    expect(wire.exchanges()[0]).toMatchObject({ response: { complete: true }, cut: null })
  })
})

describe('a cut in the middle of the response', () => {
  test.each(['end', 'reset'] as const)(
    'passes the head and half of the first content on, and both sides see a connection that ended by %s',
    async (how) => {
      const seen: string[] = []
      const { faults, client, wire } = await behind((socket) =>
        socket
          .on('end', () => seen.push('end'))
          .on('error', () => seen.push('reset'))
          .once('data', () =>
            socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabcdefgh'),
          ),
      )
      const cut = faults.wire.cut({ when: '/a', at: 'mid-response', how })
      const { socket, text, ends } = await client()
      socket.write(GET)
      const exchange = await cut.exchange()
      await expect.poll(() => ends).toEqual([how === 'end' ? 'end' : 'ECONNRESET'])
      expect(text()).toBe('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabcd')
      await expect.poll(() => seen).toEqual([how])
      // It is not the program that cut it off.
      expect(exchange).toMatchObject({
        response: { complete: false, body: Buffer.from('abcdefgh') },
        cut: null,
        injected: [{ kind: 'cut', moment: 'mid-response', how }],
      })
      expect(wire.exchanges()[0]).toBe(exchange)
    },
  )
})

describe('a hold', () => {
  test('of a request keeps it from the program, however its head is cut', async () => {
    const { serve, seen } = answering()
    const { faults, client } = await behind(serve)
    const hold = faults.wire.hold({ when: '/a', what: 'request' })
    const { socket, text } = await client()
    for (const piece of [GET.slice(0, 3), GET.slice(3, 20), GET.slice(20)]) {
      socket.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const exchange = await hold.exchange()
    const other = await client()
    other.socket.write(GET.replace('/a', '/b'))
    await expect.poll(() => other.text()).toBe(OK)
    expect(seen).toEqual(['GET /b'])
    expect(exchange!.injected).toMatchObject([{ kind: 'held-request', until: null }])
    hold.release()
    await expect.poll(() => text()).toBe(OK)
    expect(seen).toEqual(['GET /b', 'GET /a'])
    expect(exchange!.injected![0]!.until).toBeGreaterThanOrEqual(exchange!.injected![0]!.at)
    faults.throwUnreleased()
  })

  test('of a response keeps it from the client, and what comes after it', async () => {
    const { serve } = answering()
    const { faults, client, wire } = await behind(serve)
    const hold = faults.wire.hold({ when: '/a', what: 'response' })
    const { socket, text } = await client()
    socket.write(GET + GET.replace('/a', '/b'))
    const exchange = await hold.exchange()
    expect(exchange).toMatchObject({ response: { complete: true } })
    expect(text()).toBe('')
    hold.release()
    await expect.poll(() => text()).toBe(OK)
    socket.write(GET.replace('/a', '/c'))
    await expect.poll(() => text()).toBe(OK + OK)
    expect(wire.exchanges().map(({ injected }) => injected?.[0]?.kind)).toEqual([
      'held-response',
      undefined,
      undefined,
    ])
  })

  test('that is never released is the mistake of the author', async () => {
    const { serve } = answering()
    const { faults, client } = await behind(serve)
    const hold = faults.wire.hold({ when: '/a', what: 'response' })
    const { socket } = await client()
    faults.throwUnreleased()
    socket.write(GET)
    await hold.exchange()
    expect(() => faults.throwUnreleased()).toThrow(
      expect.objectContaining({
        message: 'A wire.hold held the answer of GET /a and was never released.',
        remedy: 'Call release() in checks.ts before record() returns.',
      }),
    )
  })
})

test('a when() that throws is the mistake of the author, and nothing happens', async () => {
  const { serve } = answering()
  const { faults, client } = await behind(serve)
  faults.wire.cut({
    when: () => {
      throw new Error('no such field')
    },
    at: 'before-response',
    how: 'end',
  })
  const { socket, text } = await client()
  socket.write(GET)
  await expect.poll(() => text()).toBe(OK)
  expect(() => faults.throwMistake()).toThrow('threw: no such field')
})

test('what fits over HTTP/2 is the mistake of the author', async () => {
  const { faults } = await behind(() => {})
  faults.wire.hold({ when: '/a', what: 'request' })
  const asked: Exchange = { ...exchange({ target: '/a' }), protocol: 'h2' }
  faults.begun(asked)
  expect(faults.faultOf(asked)).toBeUndefined()
  expect(() => faults.throwMistake()).toThrow(
    'wire.cut and wire.hold are for HTTP/1.1, but GET /a came over HTTP/2.',
  )
})

test('what cannot happen any more, because the program hung up, is not waited for', async () => {
  const { faults, client } = await behind(
    (socket) => socket.once('data', () => socket.resetAndDestroy()),
    unlimited,
  )
  const cut = faults.wire.cut({ when: '/a', at: 'before-response', how: 'end' })
  const { socket } = await client()
  socket.write(GET)
  const brokenOff = await cut.exchange()
  expect(brokenOff).toMatchObject({ response: null, cut: 'reset' })
  expect(brokenOff!.injected).toBeUndefined()
})

test('what no request fits gives null, and an answer that never ends is given up', async () => {
  const { faults, client, givenUp } = await behind(
    (socket) => socket.once('data', () => socket.write(OK.slice(0, -1))),
    impatient(),
  )
  const none = faults.wire.cut({ when: '/other', at: 'before-response', how: 'end' })
  const endless = faults.wire.cut({ when: '/a', at: 'before-response', how: 'end' })
  const { socket } = await client()
  socket.write(GET)
  expect(await none.exchange()).toBeNull()
  const exchange = await endless.exchange()
  expect(givenUp).toEqual([exchange])
})

test('nothing is listened to any more for what did not happen in time', async () => {
  const asks = new Set<() => void>()
  const subscribe = (ask: () => void) => {
    asks.add(ask)
    return () => void asks.delete(ask)
  }
  const faults = createFaultInjection(subscribe, impatient(), () => {})
  const awaited = faults.wire.hold({ when: '/never', what: 'response' }).exchange()
  expect(asks.size).toBe(1)
  expect(await awaited).toBeNull()
  expect(asks.size).toBe(0)
})

test('large answers pass with backpressure while a fault is armed', async () => {
  const large = Buffer.alloc(20 * 1024 * 1024)
  const sent: Socket[] = []
  const { faults, client } = await behind((socket) =>
    socket.once('data', () => {
      sent.push(socket)
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n`)
      socket.write(large)
    }),
  )
  faults.wire.cut({ when: '/other', at: 'before-response', how: 'end' })
  const { socket } = await client()
  socket.pause().write(GET)
  await expect.poll(() => sent[0]?.writableLength ?? 0).toBeGreaterThan(large.length / 2)
  let received = 0
  socket.on('data', (bytes: Buffer) => (received += bytes.length)).resume()
  await expect.poll(() => received).toBeGreaterThan(large.length)
})
