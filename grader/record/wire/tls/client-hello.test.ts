import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { readClientHello, type SecureVersion } from './client-hello.ts'

const MODERN = { lowest: 'TLSv1.2', highest: 'TLSv1.3' }

/** The first bytes of a real client. */
async function hello(options: {
  servername?: string
  ALPNProtocols?: string[]
  minVersion?: SecureVersion
  maxVersion?: SecureVersion
}): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    ...options,
  }).on('error', () => {})
  const [socket] = await once(server, 'connection')
  const chunks: Buffer[] = []
  while (readClientHello(Buffer.concat(chunks)) === undefined)
    chunks.push((await once(socket, 'data'))[0] as Buffer)
  client.destroy()
  server.close()
  return Buffer.concat(chunks)
}

test('tells what a client asks for', async () => {
  expect(
    readClientHello(await hello({ servername: 'shop.test', ALPNProtocols: ['h2', 'http/1.1'] })),
  ).toEqual({ servername: 'shop.test', alpn: ['h2', 'http/1.1'], versions: MODERN })
  expect(readClientHello(await hello({}))).toEqual({
    servername: null,
    alpn: null,
    versions: MODERN,
  })
  expect(readClientHello(await hello({ maxVersion: 'TLSv1.2' }))).toMatchObject({
    versions: { highest: 'TLSv1.2' },
  })
  expect(readClientHello(await hello({ minVersion: 'TLSv1.3' }))).toMatchObject({
    versions: { lowest: 'TLSv1.3', highest: 'TLSv1.3' },
  })
})

test('waits for the whole of it, however it is cut', async () => {
  const whole = await hello({ servername: 'shop.test' })
  for (let length = 0; length < whole.length; length++)
    expect(readClientHello(whole.subarray(0, length)), `${length} bytes`).toBe(undefined)
  const body = whole.subarray(5)
  const records = Array.from({ length: Math.ceil(body.length / 50) }, (_, index) =>
    body.subarray(index * 50, index * 50 + 50),
  )
  const split = Buffer.concat(
    records.flatMap((record) => [Buffer.from([0x16, 3, 1, 0, record.length]), record]),
  )
  expect(readClientHello(split)).toEqual({ servername: 'shop.test', alpn: null, versions: MODERN })
})

test.each([
  ['a request in the clear', Buffer.from('GET / HTTP/1.1\r\n')],
  ['an alert', Buffer.from([0x15, 3, 1, 0, 2, 2, 40])],
  ['another handshake message', Buffer.from([0x16, 3, 1, 0, 5, 2, 0, 0, 1, 0])],
  ['a hello that ends too soon', Buffer.from([0x16, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3])],
])('%s is none', (_, bytes) => {
  expect(readClientHello(bytes)).toBe(null)
})
