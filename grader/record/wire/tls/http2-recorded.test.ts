import { once } from 'node:events'
import { connect, createSecureServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import {
  cert,
  certificate,
  closeAll,
  closeLater,
  key,
  pause,
  trusting,
} from '../../../../testing/both-ways.ts'
import { createClock } from '../../timing/clock.ts'
import { createIdSource } from '../id-source.ts'
import { startRecordingProxy } from '../recording-proxy.ts'

afterEach(closeAll)

/** A session through the wire to a server that answers like this, and what is recorded. */
async function record(handle: (stream: ServerHttp2Stream) => void) {
  const server = createSecureServer({ key, cert }).on('stream', (stream) => {
    stream.on('error', () => {})
    handle(stream as ServerHttp2Stream)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const wire = await startRecordingProxy(
    { host: '127.0.0.1', port },
    createClock(),
    createIdSource(),
    { certificates: [certificate] },
  )
  const session = connect('https://shop.test', trusting(wire.port) as object)
  session.on('error', () => {})
  for (const close of [() => session.destroy(), () => wire.close(), () => void server.close()])
    closeLater(close)
  return { session, exchanges: () => wire.exchanges() }
}

const bytesOf = (text: string) => Buffer.from(text).toString('latin1')

test.each([
  ['UTF-8', bytesOf('a=é€'), 'a=é€'],
  ['latin1', 'a=\u00e9', 'a=é'],
  ['a character of UTF-8 that is cut', 'a=\u00c3', 'a=Ã'],
  ['nothing', '', ''],
])('a field that holds %s is read as over HTTP/1.1', async (_, sent, read) => {
  const { session, exchanges } = await record((stream) => {
    stream.additionalHeaders({ ':status': 103, 'x-a': sent })
    setTimeout(() => stream.respond({ ':status': 200, 'x-a': sent }, { endStream: true }), 20)
  })
  const stream = session.request({ ':path': '/', cookie: sent }).resume()
  await once(stream, 'close')
  const [exchange] = exchanges()
  expect(exchange!.request.headers).toContainEqual(['cookie', read])
  expect(exchange!.response!.headers).toContainEqual(['x-a', read])
  expect(exchange!.interim![0]!.headers).toEqual([['x-a', read]])
  expect(Buffer.from(exchange!.request.head).toString('latin1')).toContain(`cookie: ${sent}\r\n`)
  expect(Buffer.from(exchange!.response!.head).toString('latin1')).toContain(`x-a: ${sent}\r\n`)
})

test('a request is complete once its client has ended its side of the stream', async () => {
  const { session, exchanges } = await record(() => {})
  const isComplete = () => exchanges()[0]?.request.complete
  const stream = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false })
  stream.on('error', () => {}).write('half')
  await expect.poll(isComplete).toBe(false)
  stream.end('more')
  await expect.poll(isComplete).toBe(true)
  expect(Buffer.from(exchanges()[0]!.request.body).toString()).toBe('halfmore')
})

test.each([1, 2, 8])('an upload that is reset with %i is not complete', async (code) => {
  const closed = Promise.withResolvers<void>()
  const { session, exchanges } = await record((stream) => {
    stream.pause().on('close', closed.resolve)
  })
  const stream = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false })
  // Node ends its side before it resets an idle one: this one has more to send than it may.
  stream.on('error', () => {}).write(Buffer.alloc(400_000))
  setTimeout(() => stream.close(code), 30)
  await closed.promise
  await pause(20)
  expect(exchanges()).toMatchObject([{ request: { complete: false }, response: null }])
})

test('a request without content is complete with its head', async () => {
  const { session, exchanges } = await record(() => {})
  session.request({ ':path': '/' }).on('error', () => {})
  await expect.poll(() => exchanges()[0]?.request.complete).toBe(true)
})

test.each([...Array(13).keys()].map((index) => index + 1))(
  'an answer that is reset with %i in the middle is not complete, here and for the client',
  async (code) => {
    const { session, exchanges } = await record((stream) => {
      // Without trailers to wait for, Node would end the stream before it resets it.
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.write('half', () => setTimeout(() => stream.close(code), 30))
    })
    const stream = session.request({ ':path': '/' })
    stream.on('error', () => {}).resume()
    await new Promise((resolve) => stream.on('close', resolve))
    expect(stream.rstCode).toBe(code)
    expect(exchanges()).toMatchObject([{ response: { complete: false }, cut: 'reset' }])
  },
)
