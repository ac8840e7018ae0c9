import { get, type IncomingMessage, type RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listenOnLoopback } from '../http/listen.ts'
import { onDemand, type ClosableListener, type OnDemandServer } from './on-demand.ts'

const GONE_AFTER_MS = 60_000

let server: OnDemandServer
let started: number
let closed: number

const answer: RequestListener = (request, response) => {
  response.writeHead(200).flushHeaders()
  if (!request.url!.endsWith('stream')) response.end(request.url)
}

beforeEach(() => {
  started = closed = 0
  server = onDemand(async (): Promise<ClosableListener> => {
    started++
    return Object.assign<RequestListener, { close(): Promise<void> }>(
      (request, response) => answer(request, response),
      { close: async () => void closed++ },
    )
  }, GONE_AFTER_MS)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await server.close()
})

/** Not by fetch(), whose own timers would be faked, too. */
const ask = (address: string) =>
  new Promise<IncomingMessage>((resolve, reject) =>
    get(address, { agent: false, headers: { Connection: 'close' } }, resolve).on('error', reject),
  )
const textAt = async (address: string) => text(await ask(address))
const isGone = (address: string) =>
  textAt(address).then(
    () => false,
    () => true,
  )
/** Opens a page that keeps a stream open; gives what closes it. */
const openPage = async (address: string) => {
  const stream = await ask(`${address}stream`)
  stream.on('error', () => {})
  return () => stream.destroy()
}
/** The server has seen that nothing is under way, and waits. */
const waits = () => vi.waitFor(() => expect(vi.getTimerCount()).toBe(1))

test('listens from the first address on, once for many who ask at once', async () => {
  expect(started).toBe(0)
  const addresses = await Promise.all([server.address(), server.address(), server.address()])
  expect(new Set(addresses).size).toBe(1)
  expect(addresses[0]).toMatch(/^http:\/\/localhost:\d+\/[0-9a-f]{16}\/$/)
  expect(started).toBe(1)
  expect(await textAt(addresses[0]!)).toBe(new URL(addresses[0]!).pathname)
})

test('ends when nobody came, together with what it opened', async () => {
  const address = await server.address()
  vi.advanceTimersByTime(GONE_AFTER_MS - 1)
  expect(closed).toBe(0)
  vi.advanceTimersByTime(1)
  await vi.waitFor(() => expect(closed).toBe(1))
  expect(await isGone(address)).toBe(true)
})

test('goes on while a page is open, however long, and ends after it was closed', async () => {
  const address = await server.address()
  const close = await openPage(address)
  vi.advanceTimersByTime(100 * GONE_AFTER_MS)
  expect(closed).toBe(0)
  expect(await isGone(address)).toBe(false)
  close()
  await waits()
  vi.advanceTimersByTime(GONE_AFTER_MS)
  await vi.waitFor(() => expect(closed).toBe(1))
  expect(await isGone(address)).toBe(true)
})

test('each request, and each new address, begins the wait anew', async () => {
  const address = await server.address()
  for (const use of [textAt, () => server.address(), textAt]) {
    // waitFor() lets some time pass, too.
    vi.advanceTimersByTime(0.9 * GONE_AFTER_MS)
    await use(address)
    await waits()
  }
  expect(closed).toBe(0)
})

test('starts anew at the same address, and is not in its own way', async () => {
  const address = await server.address()
  vi.advanceTimersByTime(GONE_AFTER_MS)
  // Asked for while the old one is still closing.
  expect(await server.address()).toBe(address)
  expect([started, closed]).toEqual([2, 1])
  expect(await isGone(address)).toBe(false)
})

test('moves when its port was taken in the meantime', async () => {
  const address = await server.address()
  vi.advanceTimersByTime(GONE_AFTER_MS)
  await vi.waitFor(async () => expect(await isGone(address)).toBe(true))
  const other = await listenOnLoopback(answer, Number(new URL(address).port))
  const moved = await server.address()
  expect(moved).not.toBe(address)
  expect(await isGone(moved)).toBe(false)
  await other.close()
})

test('a start that fails is tried again by the next who asks', async () => {
  let attempts = 0
  const failing = onDemand(() => {
    attempts++
    if (attempts === 1) throw new Error('no more descriptors')
    return answer
  }, GONE_AFTER_MS)
  await expect(failing.address()).rejects.toThrow('no more descriptors')
  expect(await isGone(await failing.address())).toBe(false)
  await failing.close()
})

test('closes with streams open, and before it was ever started', async () => {
  const address = await server.address()
  await openPage(address)
  await server.close()
  expect(closed).toBe(1)
  expect(await isGone(address)).toBe(true)
  await onDemand(() => answer, GONE_AFTER_MS).close()
})
