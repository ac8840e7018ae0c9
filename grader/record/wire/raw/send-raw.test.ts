import { once } from 'node:events'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import { createAdaptiveTimeout, unlimited, type AdaptiveTimeout } from '../../timing/deadline.ts'
import { createIdSource } from '../id-source.ts'
import { startRecordingProxy, type RecordingProxy } from '../recording-proxy.ts'
import type { RawRequest } from './raw-request.ts'
import { sendRaw as send } from './send-raw.ts'

const open: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((close) => close()))))

async function behindProxy(server: Server): Promise<RecordingProxy> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const proxy = await startRecordingProxy(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    createClock(),
    createIdSource(),
  )
  open.push(
    () => proxy.close(),
    () => server.close(),
  )
  return proxy
}
const http = (handler: (request: IncomingMessage, response: ServerResponse) => void) =>
  behindProxy(createHttpServer(handler))
const raw = (answer: string | null) =>
  behindProxy(
    createServer(
      (socket) =>
        void socket.on('error', () => {}).once('data', () => answer !== null && socket.end(answer)),
    ),
  )
const sendRaw = (request: RawRequest, wire: RecordingProxy, timeout: AdaptiveTimeout) =>
  send(
    request,
    {
      wire,
      authority: `127.0.0.1:${wire.port}`,
      open: async () => connect(wire.port, '127.0.0.1'),
    },
    timeout,
  )
const patient = () => createAdaptiveTimeout({ slowness: async () => 1, isLoaded: () => false })
/** One that has been lost already: a second, not four. */
const impatient = (): AdaptiveTimeout => {
  const timeout = patient()
  timeout.lost()
  return timeout
}

describe('sendRaw', () => {
  test('sends the bytes it is told, in that order', async () => {
    const proxy = await raw('HTTP/1.1 204 No Content\r\n\r\n')
    const exchange = await sendRaw(
      {
        method: 'PATCH',
        path: '/a?b',
        headers: [
          ['x-A', ' 1'],
          ['Cookie', 'a=b;  c=d '],
        ],
        body: 'grüße',
      },
      proxy,
      patient(),
    )
    expect(Buffer.from(exchange!.request.head).toString()).toBe(
      `PATCH /a?b HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nx-A:  1\r\nCookie: a=b;  c=d \r\nContent-Length: 7\r\nConnection: close\r\n\r\n`,
    )
    expect(Buffer.from(exchange!.request.body).toString()).toBe('grüße')
    expect(exchange!.response).toMatchObject({ status: 204, complete: true })
  })

  test('gives the whole answer', async () => {
    const proxy = await http((_, response) => response.end('x'.repeat(300_000)))
    expect((await sendRaw({ path: '/' }, proxy, patient()))!.response).toMatchObject({
      status: 200,
      complete: true,
      body: { length: 300_000 },
    })
  })

  test.each<[string, string, object]>([
    ['garbage', 'oops', { response: null, garbage: Buffer.from('oops') }],
    [
      'an answer that ends with the connection',
      'HTTP/1.1 200 OK\r\n\r\nhello',
      { response: { complete: true, body: Buffer.from('hello') } },
    ],
    [
      'half an answer',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello',
      { response: { complete: false }, cut: 'closed' },
    ],
    ['nothing', '', { response: null, cut: 'closed' }],
  ])('gives %s', async (_, answer, expected) => {
    expect(await sendRaw({ path: '/' }, await raw(answer), patient())).toMatchObject(expected)
  })

  test('waits for nothing more when the program has hung up on a client that would go on listening', async () => {
    const proxy = await raw('')
    const halfOpen = {
      wire: proxy,
      authority: `127.0.0.1:${proxy.port}`,
      open: async () => connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true }),
    }
    expect(await send({ path: '/' }, halfOpen, unlimited)).toMatchObject({
      response: null,
      cut: 'closed',
    })
  }, 2000)

  test('gives the request without an answer when none comes in time, and the program has not cut it off', async () => {
    const proxy = await raw(null)
    const exchange = await sendRaw({ path: '/slow' }, proxy, impatient())
    expect(exchange).toMatchObject({
      request: { target: '/slow' },
      response: null,
      garbage: null,
      cut: null,
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(proxy.exchanges()[0]).toMatchObject({ response: null, cut: null })
  })

  test('gives the request when nobody listens', async () => {
    const gone = createServer()
    await once(gone.listen(0, '127.0.0.1'), 'listening')
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    const proxy = await startRecordingProxy(
      { host: '127.0.0.1', port },
      createClock(),
      createIdSource(),
    )
    open.push(() => proxy.close())
    for (let round = 0; round < 20; round++) {
      expect(await sendRaw({ path: '/a' }, proxy, patient())).toMatchObject({
        request: { target: '/a' },
        response: null,
        cut: 'refused',
      })
    }
  })

  test('keeps several that send the same at once apart', async () => {
    let count = 0
    const proxy = await http((_, response) =>
      setTimeout((number: number) => response.end(String(number)), 20, ++count),
    )
    const exchanges = await Promise.all(
      Array.from({ length: 20 }, () => sendRaw({ path: '/same' }, proxy, patient())),
    )
    expect(new Set(exchanges.map((exchange) => exchange!.id)).size).toBe(20)
    expect(
      new Set(exchanges.map((exchange) => Buffer.from(exchange!.response!.body).toString())).size,
    ).toBe(20)
  })
})
