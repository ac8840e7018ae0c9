import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createSecureServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { certificate, key, cert } from '../../../testing/both-ways.ts'
import { patient } from '../../../testing/wire-of.ts'
import type { ConnectOptions } from '../../types/kit.ts'
import { createClock } from '../timing/clock.ts'
import { createIdSource } from './id-source.ts'
import { openProxies } from './proxies.ts'
import { createWireKit, type WireKit } from './wire-kit.ts'

const open: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((close) => close()))))

const clock = createClock()

/** The kit of a scenario whose program listens on a plain port and on one with TLS. */
async function kitOf(
  options: ServerOptions = {},
  sites?: Record<string, string>,
): Promise<WireKit> {
  const answer = (_: unknown, response: { end(text: string): void }) => response.end('ok')
  const start = async (server: Server) => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    open.push(() => server.close())
    return (server.address() as AddressInfo).port
  }
  const port = await start(createServer(answer))
  const tlsPort = await start(createSecureServer({ key, cert, ...options }, answer))
  const surroundings = { timeout: patient(), giveUp() {} }
  const proxies = await openProxies(
    {
      program: { host: '127.0.0.1', port } as any,
      setUp: {
        environment: { TLS_PORT: String(tlsPort) },
        sites: sites ?? { 'https://shop.test': 'TLS_PORT', 'http://shop.test': 'PORT' },
      },
      certificates: [certificate],
      origins: [],
    },
    clock,
    createIdSource(),
    surroundings,
  )
  open.push(() => proxies.close())
  return createWireKit(proxies, { clock, ...surroundings })
}

describe('TLS', () => {
  const from = expect.any(Number)

  test('is told of an exchange and of a connection: protocol, cipher, names and dates', async () => {
    const { send, connect } = await kitOf()
    const exchange = await send('/')
    const connection = await connect()
    const security = {
      protocol: 'TLSv1.3',
      cipher: expect.stringMatching(/^TLS_\w+_SHA\d+$/),
      certificate: { names: ['shop.test'], from, until: from },
    }
    expect(exchange!.security).toEqual(security)
    expect(connection.security).toEqual(security)
    expect(connection.refused).toBeNull()
    const { certificate: shown } = exchange!.security!
    expect(shown.from).toBeLessThan(Date.now())
    expect(shown.until).toBeGreaterThan(Date.now())
    expect((await connection.request('/again'))!.security).toEqual(security)
  })

  test('has the versions that a client offers', async () => {
    const { connect, send } = await kitOf()
    const old: ConnectOptions = { tls: { maxVersion: 'TLSv1.2' } }
    expect((await connect(old)).security!.protocol).toBe('TLSv1.2')
    expect((await send({ path: '/', ...old }))!.security!.protocol).toBe('TLSv1.2')
  })

  test('of an old version is refused with the alert of the program', async () => {
    const { connect, send } = await kitOf()
    const old: ConnectOptions = { tls: { maxVersion: 'TLSv1.1' } }
    const connection = await connect(old)
    expect(connection.security).toBeNull()
    expect(connection.refused).toBe('protocol version')
    expect(await send({ path: '/', ...old })).toBeNull()
    expect(await connection.request('/')).toBeNull()
  })

  test('of an old version is recorded where a program speaks it', async () => {
    const { send } = await kitOf({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })
    const exchange = await send({ path: '/', tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } })
    expect(exchange).toMatchObject({ response: { status: 200 }, security: { protocol: 'TLSv1.1' } })
  })
})

describe('a fault', () => {
  test.each([
    ['end', 'closed'],
    ['reset', 'reset'],
  ] as const)('inside TLS loses an answer by %s, and holds another', async (how, ended) => {
    const { wire, connect } = await kitOf()
    const cut = wire.cut({ when: '/lost', at: 'before-response', how })
    const connection = await connect()
    const lost = await connection.request('/lost')
    expect(await cut.exchange()).toBe(lost)
    expect(lost).toMatchObject({ response: { status: 200, complete: true }, injected: [{ how }] })
    expect(await connection.receive()).toMatchObject({ bytes: Buffer.alloc(0), ended })

    const hold = wire.hold({ when: '/held', what: 'response' })
    const other = await connect()
    const held = other.request('/held')
    await hold.exchange()
    expect(other.record().bytes.length).toBe(0)
    hold.release()
    expect((await held)!.injected).toMatchObject([{ kind: 'held-response' }])
    expect((await other.receive((text) => text.endsWith('ok'))).bytes.length).toBeGreaterThan(0)
  })
})

describe('the plain address beside sites', () => {
  test('is asked like a site, and such exchanges have none', async () => {
    const { send, loopback, address, connect } = await kitOf({}, { 'http://shop.test': 'PORT' })
    expect(address).toBe('http://shop.test')
    const plain = await send({ path: '/', site: loopback })
    const named = await send('/')
    const onConnection = await (await connect({ site: loopback })).request('/')
    const host = (each: typeof plain) => each!.request.headers.find(([name]) => name === 'Host')![1]
    expect([plain, named, onConnection].map((each) => [each!.site, host(each)])).toEqual([
      [undefined, loopback.slice('http://'.length)],
      ['http://shop.test', 'shop.test'],
      [undefined, loopback.slice('http://'.length)],
    ])
  })

  test('is the address where there are none', async () => {
    const { address, loopback } = await kitOf({}, {})
    expect(address).toBe(loopback)
  })
})

test('a site that the scenario does not have is the mistake of the author', async () => {
  const { send } = await kitOf({}, { 'http://shop.test': 'PORT' })
  await expect(send({ path: '/', site: 'http://ship.test' })).rejects.toMatchObject({
    name: 'GraderError',
    message: "http://ship.test is none of the scenario's sites: http://shop.test.",
    remedy: "Name it in `sites` of the scenario's set-up in checks.ts.",
  })
})

describe('until()', () => {
  test('gives what the condition gives', async () => {
    const { until, send } = await kitOf()
    let answered = 0
    const found = until(() => (answered > 0 ? `after ${answered}` : undefined))
    await send('/')
    answered++
    expect(await found).toBe('after 1')
    expect(await until(() => 0)).toBe(0)
  })

  test('gives null when the time is up, and asks no more', async () => {
    const { until } = await kitOf()
    let asked = 0
    expect(
      await until(() => {
        asked++
        return false
      }),
    ).toBeNull()
    const then = asked
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked).toBe(then)
  })
})
