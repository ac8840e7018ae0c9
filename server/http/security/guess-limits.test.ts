import { request as httpRequest } from 'node:http'
import type { Request } from 'express'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'
import { guesserOf } from './guess-limits.ts'

const CODE = 'opensesame'
const PUBLIC = 'https://name-4321.example.dev'

interface Guess {
  /** The address of this machine that it comes from. */
  readonly from?: string
  readonly headers?: Record<string, string>
}

let server: FixtureServer
let complaints: ReturnType<typeof vi.spyOn>[]
beforeEach(() => {
  complaints = (['error', 'warn'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(() => {}),
  )
})
afterEach(async () => {
  for (const spy of complaints) {
    expect(spy.mock.calls).toEqual([])
    spy.mockRestore()
  }
  await server.close()
})

const enter = (code: string, { from = '127.0.0.1', headers = {} }: Guess = {}) =>
  new Promise<{ status: number; body: string; cookie: string | undefined }>((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port: server.port,
        localAddress: from,
        path: '/access',
        method: 'POST',
        agent: false,
        headers: {
          Host: `localhost:${server.port}`,
          Origin: server.url,
          'Content-Type': 'application/x-www-form-urlencoded',
          ...headers,
        },
      },
      (answer) => {
        let body = ''
        answer.setEncoding('utf8').on('data', (text: string) => (body += text))
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            body,
            cookie: answer.headers['set-cookie']?.[0]?.split(';')[0],
          }),
        )
      },
    )
    sent.on('error', reject).end(new URLSearchParams({ code }).toString())
  })
const guess = async (times: number, options: (attempt: number) => Guess = () => ({})) => {
  const statuses = []
  for (let attempt = 0; attempt < times; attempt++)
    statuses.push((await enter(`guess ${attempt}`, options(attempt))).status)
  return statuses
}
const wrong = (times: number) => Array<number>(times).fill(401)

describe('guessing', () => {
  test('is stopped after ten wrong codes, and then even the right one waits', async () => {
    server = await startFixtureServer({ accessCode: CODE })
    expect(await guess(10)).toEqual(wrong(10))
    const { status, body, cookie } = await enter(CODE)
    expect(status).toBe(429)
    expect(body).toContain('Too many codes were tried')
    expect(cookie).toBeUndefined()
  })

  test('at once is stopped, too', async () => {
    server = await startFixtureServer({ accessCode: CODE })
    const statuses = await Promise.all(
      Array.from({ length: 25 }, async (_, index) => (await enter(`guess ${index}`)).status),
    )
    expect(statuses.filter((status) => status === 401).length).toBe(10)
  })

  test('right codes do not count, one after another or at once', async () => {
    server = await startFixtureServer({ accessCode: CODE })
    for (let attempt = 0; attempt < 15; attempt++) expect((await enter(CODE)).status).toBe(303)
    const atOnce = await Promise.all(Array.from({ length: 60 }, () => enter(CODE)))
    expect(new Set(atOnce.map(({ status }) => status))).toEqual(new Set([303]))
    expect(await guess(10)).toEqual(wrong(10))
    expect((await enter('one more')).status).toBe(429)
  })

  test('the same wrong code again is no second guess', async () => {
    server = await startFixtureServer({ accessCode: CODE })
    for (let attempt = 0; attempt < 15; attempt++) expect((await enter('typo')).status).toBe(401)
    expect(await guess(9)).toEqual(wrong(9))
    expect((await enter('typo')).status).toBe(429)
  })

  // Only Linux has all of 127.0.0.0/8.
  test.runIf(process.platform === 'linux')(
    'from elsewhere locks nobody out, however much of it there is',
    async () => {
      server = await startFixtureServer({ accessCode: CODE })
      const attempts = await guess(300, (attempt) => ({ from: `127.0.0.${2 + (attempt % 15)}` }))
      expect(new Set(attempts)).toEqual(new Set([401, 429]))
      expect((await enter(CODE)).status).toBe(303)
    },
  )

  test.runIf(process.platform === 'linux')(
    'from a thousand addresses stops strangers, not an address the right code came from',
    async () => {
      server = await startFixtureServer({ accessCode: CODE })
      expect((await enter(CODE)).status).toBe(303)
      for (let network = 1; network <= 20; network++) {
        const statuses = await Promise.all(
          Array.from({ length: 50 }, async (_, host) => {
            const { status } = await enter('a guess', { from: `127.0.${network}.${1 + host}` })
            return status
          }),
        )
        expect(statuses).toEqual(wrong(50))
      }
      expect((await enter(CODE, { from: '127.0.200.1' })).status).toBe(429)
      expect((await enter(CODE)).status).toBe(303)
    },
  )

  test('never ends a visit that has begun', async () => {
    server = await startFixtureServer({ accessCode: CODE })
    const { cookie } = await enter(CODE)
    await guess(11)
    const headers = { Cookie: cookie! }
    expect((await server.get('/', headers)).status).toBe(200)
    for (const code of [CODE, 'wrong']) expect((await enter(code, { headers })).status).toBe(303)
  })
})

describe('X-Forwarded-For', () => {
  test('is nobody’s word where nothing forwards', async () => {
    server = await startFixtureServer({ accessCode: CODE })
    const statuses = await guess(11, (attempt) => ({
      headers: { 'X-Forwarded-For': `192.0.2.${attempt}`, Forwarded: `for=192.0.2.${attempt}` },
    }))
    expect(statuses).toEqual([...wrong(10), 429])
  })

  test('tells visitors apart where the course is forwarded', async () => {
    server = await startFixtureServer({ accessCode: CODE, publicOrigin: PUBLIC })
    const through = (address: string) => ({
      headers: { Origin: PUBLIC, 'X-Forwarded-For': address },
    })
    expect(await guess(11, () => through('192.0.2.7'))).toEqual([...wrong(10), 429])
    // What a visitor writes itself stands before what the forwarder appends.
    expect((await enter(CODE, through('198.51.100.1, 192.0.2.7'))).status).toBe(429)
    expect((await enter(CODE, through('192.0.2.7, 198.51.100.1'))).status).toBe(303)
  })

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['203.0.113.9, 192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:4711', '192.0.2.7'],
    ['[2001:db8:1:2::1]:4711', '2001:db8:1::/56'],
    ['2001:db8:1:2::ffff', '2001:db8:1::/56'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['unknown', '127.0.0.1'],
    ['192.0.2.7, ', '127.0.0.1'],
    ['999.0.2.7', '127.0.0.1'],
    ['', '127.0.0.1'],
    [undefined, '127.0.0.1'],
  ])('%j comes from %s', async (field, address) => {
    server = await startFixtureServer()
    const request = (origin: string | undefined) =>
      ({
        socket: { remoteAddress: '127.0.0.1' },
        app: { get: () => origin },
        get: () => field,
      }) as unknown as Request
    expect(guesserOf(request(PUBLIC))).toBe(address)
    expect(guesserOf(request(undefined))).toBe('127.0.0.1')
  })
})
