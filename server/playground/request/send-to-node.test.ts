import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { sendToNode } from './send-to-node.ts'

const send = async (text: string) => {
  const { bytes, ...rest } = await sendToNode(Buffer.from(text, 'latin1'), {
    quiet: 200,
    longest: 800,
  })
  return { ...rest, text: Buffer.from(bytes).toString('latin1') }
}
const host = 'Host: shop.test\r\n'

test('a request that is right calls the handler, and its answer comes back whole', async () => {
  const { handled, closed, text } = await send(
    `POST /a?b HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\nhi`,
  )
  expect([handled, closed]).toEqual([
    [{ method: 'POST', target: '/a?b', host: 'shop.test' }],
    false,
  ])
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nPOST \/a\?b\n2 bytes of content\n$/)
})

test.each([
  ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
  ['a method in small letters', `get / HTTP/1.1\r\n${host}\r\n`],
  ['a space before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'],
  ['a line feed alone', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
])('%s is answered 400 before the handler', async (_, text) => {
  expect(await send(text)).toEqual({
    handled: [],
    closed: true,
    text: expect.stringMatching(/^HTTP\/1\.1 400 Bad Request\r\n/),
  })
})

test('Host twice calls the handler', async () => {
  expect((await send(`GET / HTTP/1.1\r\n${host}${host}\r\n`)).handled).toEqual([
    { method: 'GET', target: '/', host: 'shop.test' },
  ])
})

test('a head without an end is waited for', async () => {
  expect(await send(`GET / HTTP/1.1\r\n${host}`)).toEqual({ handled: [], closed: false, text: '' })
  expect(await send(`POST / HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\nhi`)).toMatchObject({
    handled: [{ method: 'POST' }],
    closed: false,
    text: '',
  })
})

test('nothing listens afterwards', async () => {
  const listened: number[] = []
  const { Server } = await import('node:net')
  const listen = vi.spyOn(Server.prototype, 'address').mockImplementation(function (
    this: InstanceType<typeof Server>,
  ) {
    listen.mockRestore()
    const address = this.address()
    listened.push((address as { port: number }).port)
    return address
  })
  await send(`GET / HTTP/1.1\r\n${host}\r\n`)
  expect(listened).toHaveLength(1)
  const refused = await new Promise((resolve) =>
    connect(listened[0]!, '127.0.0.1')
      .on('connect', () => resolve('answered'))
      .on('error', ({ code }: NodeJS.ErrnoException) => resolve(code)),
  )
  expect(refused).toBe('ECONNREFUSED')
})
