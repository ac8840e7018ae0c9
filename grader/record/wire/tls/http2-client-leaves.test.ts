import { once } from 'node:events'
import {
  connect as connectHttp2,
  createSecureServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ServerHttp2Stream,
} from 'node:http2'
import { connect as connectTcp, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import { createIdSource } from '../id-source.ts'
import { startRecordingProxy } from '../recording-proxy.ts'
import {
  cert,
  certificate,
  closeAll,
  closeLater,
  expectTheSame,
  key,
  pause,
  trusting,
} from '../../../../testing/both-ways.ts'

afterEach(closeAll)

interface Client {
  readonly session: ClientHttp2Session
  readonly socket: Socket
  readonly stream: ClientHttp2Stream
}

/** A server that answers with half, and what it observes of its client, each thing once. */
function watchingServer(seen: Set<string>) {
  return createSecureServer({ key, cert })
    .on('secureConnection', (socket) =>
      socket
        .on('error', ({ code }: NodeJS.ErrnoException) => seen.add(`socket error ${code}`))
        .on('close', () => seen.add('socket closed')),
    )
    .on('session', (session) =>
      session
        .on('error', () => {})
        .on('goaway', (code: number, _: number, data?: Buffer) =>
          seen.add(`goaway ${code} ${data ?? ''}`),
        ),
    )
    .on('stream', (each, fields) => {
      const stream = each as ServerHttp2Stream
      stream
        .on('error', () => {})
        .on('aborted', () => seen.add('aborted'))
        .on('close', () => seen.add(`stream closed with ${stream.rstCode}`))
        .resume()
      if (fields[':path'] === '/half') {
        stream.respond({ ':status': 200 })
        stream.write('half')
      }
    })
}

async function openClient(port: number): Promise<Client> {
  const socket = connectTcp(port, '127.0.0.1').on('error', () => {})
  const secure = connectTls({ ...trusting(port), socket, ALPNProtocols: ['h2'] })
  secure.on('error', () => {})
  await once(secure, 'secureConnect')
  const session = connectHttp2('https://shop.test', { createConnection: () => secure })
  session.on('error', () => {})
  closeLater(() => session.destroy())
  const stream = session.request({ ':path': '/half', ':method': 'POST' }, { endStream: false })
  stream.on('error', () => {}).resume()
  stream.write('salt')
  await once(stream, 'data')
  return { session, socket, stream }
}

/** A busy machine takes its time. */
const WAIT = { timeout: 10_000, interval: 5 }

describe('a server hears through the wire what it hears without it', () => {
  test.each<[what: string, heard: string[], leave: (client: Client) => void]>([
    ...[...Array(14).keys(), 99].map((code): [string, string[], (client: Client) => void] => [
      `a reset of a stream with ${code}`,
      ['aborted', `stream closed with ${code}`],
      ({ stream }) => stream.close(code),
    ]),
    ['the end of an upload', [], ({ stream }) => stream.end('more')],
    ['the end of a session, when all is answered', ['goaway 0 '], ({ session }) => session.close()],
    ['a session that is broken off', ['goaway 0 ', 'aborted'], ({ session }) => session.destroy()],
    [
      'a session that is broken off for a reason',
      ['goaway 0 ', 'aborted'],
      ({ session }) => session.destroy(undefined, 11),
    ],
    ['that its client takes no more', ['goaway 0 '], ({ session }) => session.goaway(0)],
    ['the end of a connection', ['socket closed'], ({ socket }) => socket.end()],
    ['a connection that is dropped', ['socket closed'], ({ socket }) => socket.destroy()],
    [
      'a connection that is reset',
      ['socket error ECONNRESET'],
      ({ socket }) => socket.resetAndDestroy(),
    ],
  ])('%s', async (_, heard, leave) => {
    let seen = new Set<string>()
    let expected = heard
    const direct = await expectTheSame(
      () => watchingServer((seen = new Set())),
      async (port) => {
        const mine = seen
        leave(await openClient(port))
        await vi.waitUntil(() => expected.every((each) => mine.has(each)), WAIT).catch(() => {})
        // What else it hears.
        await pause(150)
        return (expected = [...mine])
      },
    )
    expect(direct).toEqual(expect.arrayContaining(heard))
  })

  test('why its client takes no more', async () => {
    let seen = new Set<string>()
    await expectTheSame(
      () => watchingServer((seen = new Set())),
      async (port) => {
        const mine = seen
        const { session } = await openClient(port)
        session.goaway(2, 0, Buffer.from('tired'))
        await vi.waitUntil(() => mine.has('goaway 2 tired'), WAIT)
        await pause(150)
        // With which error its own socket ends then depends on which of two packets came first.
        return [...mine].filter((each) => !each.startsWith('socket'))
      },
    ).then((heard) => expect(heard).toContain('goaway 2 tired'))
  })
})

describe('who does not read holds up who sends', () => {
  const ALL = 8_000_000
  const MOST_ON_ITS_WAY = 3_000_000

  /** How many bytes of a stream went out before nothing more did. */
  async function sentUntilHeldUp(stream: Writable): Promise<number> {
    const piece = Buffer.alloc(50_000, 'x')
    let sent = 0
    while (sent < ALL) {
      const isSent = new Promise((resolve) => stream.write(piece, () => resolve(true)))
      if ((await Promise.race([isSent, pause(300)])) !== true) return sent
      sent += piece.length
    }
    return sent
  }

  async function relayed(server: Server): Promise<number> {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const wire = await startRecordingProxy(
      { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
      createClock(),
      createIdSource(),
      { certificates: [certificate] },
    )
    closeLater(() => wire.close())
    closeLater(() => void server.close())
    return wire.port
  }

  test('an upload that the server does not read', async () => {
    const server = createSecureServer({ key, cert }).on('stream', (stream) =>
      stream.on('error', () => {}).pause(),
    )
    const session = connectHttp2('https://shop.test', trusting(await relayed(server)) as object)
    closeLater(() => session.destroy())
    const stream = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false })
    stream.on('error', () => {})
    expect(await sentUntilHeldUp(stream)).toBeLessThan(MOST_ON_ITS_WAY)
  })

  test('an answer that the client does not read', async () => {
    const sent = Promise.withResolvers<number>()
    const server = createSecureServer({ key, cert }).on('stream', (each) => {
      const stream = each as ServerHttp2Stream
      stream.on('error', () => {}).respond({ ':status': 200 })
      void sentUntilHeldUp(stream).then(sent.resolve)
    })
    const session = connectHttp2('https://shop.test', trusting(await relayed(server)) as object)
    closeLater(() => session.destroy())
    session
      .request({ ':path': '/' })
      .on('error', () => {})
      .pause()
    expect(await sent.promise).toBeLessThan(MOST_ON_ITS_WAY)
  })
})
