import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Exchange } from '../../../types/index.ts'
import { closeBrowser, warmBrowser } from '../../browser/browser.ts'
import { newVisitor } from '../../browser/visitors.ts'
import { createClock } from '../../timing/clock.ts'
import { createIdSource } from '../id-source.ts'
import { startRecordingProxy, type RecordingProxy } from '../recording-proxy.ts'

const OK = 'HTTP/1.1 200 OK\r\n'
const HELLO = 'Content-Length: 5\r\n\r\nhello'
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n`
const CHUNKS = '5\r\nhello\r\n0\r\n\r\n'

/** Bytes of responses, in latin1; the connection is closed after them. */
const ANSWERS = {
  'status line': [
    `${OK}X-A: b\r\n${HELLO}`,
    `HTTP/1.1  200 OK\r\n${HELLO}`,
    `HTTP/1.1\t200 OK\r\n${HELLO}`,
    `http/1.1 200 OK\r\n${HELLO}`,
    `HTTP/1.1 404\r\n${HELLO}`,
    `HTTP/1.1 404 \r\n${HELLO}`,
    `HTTP/1.1\r\n${HELLO}`,
    `HTTP/1.1 abc\r\n${HELLO}`,
    `HTTP/1.1 20x\r\n${HELLO}`,
    `HTTP/1.1 999 Odd\r\n${HELLO}`,
    `HTTP/2.0 201 OK\r\n${HELLO}`,
    `HTTP/1 203 OK\r\n${HELLO}`,
    `HTTP 203 OK\r\n${HELLO}`,
    `HTTPS/1.1 203 OK\r\n${HELLO}`,
    `\n${OK}${HELLO}`,
    `\r\n${OK}${HELLO}`,
    `\r\n\r\n${OK}${HELLO}`,
    `\r\n\r\n\n${OK}${HELLO}`,
    `abcd${OK}${HELLO}`,
    `abcde${OK}${HELLO}`,
    'not http at all\r\n\r\n',
    'hello\r\n\r\n',
    'HTTP/1.1 200 OK',
    'HTTP',
    'HTT',
  ],
  fields: [
    `${OK}X-A : b\r\n${HELLO}`,
    `${OK}X-A:b\r\n${HELLO}`,
    `${OK}X-A: \t b \t\r\n${HELLO}`,
    `${OK}X-A:\r\n b\r\n${HELLO}`,
    `${OK}X-A: b\r\n\tc\r\n${HELLO}`,
    `${OK}X-A: b\r\n c\r\n d\r\n${HELLO}`,
    `${OK} X-A: b\r\n${HELLO}`,
    `${OK}Location: b\r\n c\r\n${HELLO}`,
    `${OK}X-A: b\nX-B: c\n${HELLO}`,
    `${OK}X-A: b\rX-B: c\r\n${HELLO}`,
    `${OK}no colon\r\nX-A: b\r\n${HELLO}`,
    `${OK}X A: b\r\n${HELLO}`,
    `${OK}X(A: b\r\n${HELLO}`,
    `${OK}: b\r\n${HELLO}`,
    `${OK}X-A: b\x0b\r\n${HELLO}`,
    `${OK}X-A: b\xa0\r\n${HELLO}`,
    `${OK}X-A: b\0c\r\n${HELLO}`,
    `${OK}X-A: b\x01c\r\n${HELLO}`,
    `${OK}X-A: b\r\nx-a: c\r\n${HELLO}`,
    `${OK}Location: /a\r\nLocation: /b\r\n${HELLO}`,
    `${OK}Location: /a\r\nLocation: /a\r\n${HELLO}`,
    `${OK}X-A: b\r\nContent-Len`,
    `${OK}X-A: b\r\n`,
    `${OK}Content-Length: 5\r\nX-A: b`,
  ],
  length: [
    `${OK}Content-Length: 5, 5\r\n\r\nhello`,
    `${OK}Content-Length: 5, 6\r\n\r\nhello`,
    `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
    `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
    `${OK}Content-Length: +5\r\n\r\nhello`,
    `${OK}Content-Length: -5\r\n\r\nhello`,
    `${OK}Content-Length: 5x\r\n\r\nhello`,
    `${OK}Content-Length: 0x5\r\n\r\nhello`,
    `${OK}Content-Length: \r\n\r\nhello`,
    `${OK}Content-Length: 4\r\n\r\nhello`,
    `${OK}Content-Length: 6\r\n\r\nhello`,
    `${OK}\r\nhello`,
    `HTTP/1.0 200 OK\r\n\r\nhello`,
    `HTTP/1.1 205 Reset\r\n${HELLO}`,
    `HTTP/1.1 100 Continue\r\n\r\n${OK}${HELLO}`,
    `HTTP/1.1 103 Early\r\nX-A: b\r\n\r\nHTTP/1.1 102 More\r\n\r\n${OK}${HELLO}`,
  ],
  chunks: [
    `${CHUNKED}\r\n${CHUNKS}`,
    `${CHUNKED}Content-Length: 3\r\n\r\n${CHUNKS}`,
    `${CHUNKED}Content-Length: 3\r\nContent-Length: 4\r\n\r\n${CHUNKS}`,
    `${OK}Transfer-Encoding: Chunked\r\n\r\n${CHUNKS}`,
    `${OK}Transfer-Encoding: x-chunked\r\n\r\n${CHUNKS}`,
    `${OK}Transfer-Encoding: "chunked"\r\n\r\n${CHUNKS}`,
    `${OK}Transfer-Encoding: chunked;q=1\r\n\r\n${CHUNKS}`,
    `${OK}Transfer-Encoding: identity, chunked\r\n\r\n${CHUNKS}`,
    `${OK}Transfer-Encoding: chunked, identity\r\n\r\n${CHUNKS}`,
    `${OK}Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    `HTTP/2.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    `${CHUNKED}\r\n5\nhello\n0\n\n`,
    `${CHUNKED}\r\n5  \r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}\r\n5\t\r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}\r\n 5\r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}\r\n5;a="b;c"\r\nhello\r\n0;x\r\n\r\n`,
    `${CHUNKED}\r\n5 ;a\r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}\r\n0x5\r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}\r\n+5\r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}\r\n00005\r\nhello\r\n000\r\n\r\n`,
    `${CHUNKED}\r\n5\r\nhello\r\n0\r\nX-T: a\r\n\r\n`,
    `${CHUNKED}\r\n5\r\nhello\r\n0\r\nno colon\r\n\r\n`,
    `${CHUNKED}\r\n5\r\nhello\r\n0\r\n`,
    `${CHUNKED}\r\n5\r\nhello\r\n`,
    `${CHUNKED}\r\n5\r\nhel`,
    `${CHUNKED}\r\n5\r\nhelloX\r\n0\r\n\r\n`,
    `${CHUNKED}\r\n5\r\nhello0\r\n\r\n`,
    `${CHUNKED}\r\nzz\r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}\r\n5\r\nhello\r\n\r\n0\r\n\r\n`,
    `${CHUNKED}\r\nFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n`,
  ],
}

/** What a page learnt of a response, and null where Chromium gave it none. */
interface Seen {
  readonly status: number
  readonly text: string | null
  readonly a: string | null
  readonly b: string | null
}

const closing: (() => unknown)[] = []
let wire: RecordingProxy
let ask: (target: string) => Promise<Seen | null>
let asked = 0
let answer = ''

beforeAll(async () => {
  const page = `${OK}Content-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok`
  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
    socket.on('error', () => {})
    socket.once('data', (head) =>
      socket.end(head.toString('latin1').startsWith('GET /page') ? page : answer, 'latin1'),
    )
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  wire = await startRecordingProxy({ host: '127.0.0.1', port }, createClock(), createIdSource())
  const { context } = await newVisitor(await warmBrowser())
  const tab = await context.newPage()
  await tab.goto(`http://127.0.0.1:${wire.port}/page`)
  ask = (target) =>
    tab.evaluate(async (address) => {
      try {
        const response = await fetch(address, { cache: 'no-store', redirect: 'manual' })
        const [a, b] = ['X-A', 'X-B'].map((name) => response.headers.get(name))
        const text = await response.text().catch(() => null)
        return { status: response.status, text, a: a ?? null, b: b ?? null }
      } catch {
        return null
      }
    }, target)
  closing.push(
    () => context.close(),
    () => wire.close(),
    () => server.close(),
  )
})
afterAll(async () => {
  for (const close of closing) await close()
  await closeBrowser()
})

/** The same of what was recorded. */
function asSeen({ response }: Exchange): Seen | null {
  if (!response || response.refused !== undefined) return null
  const field = (name: string) => {
    const values = response.headers.filter(([key]) => key.toLowerCase() === name)
    return values.length === 0 ? null : values.map(([, value]) => value).join(', ')
  }
  // A head that the end of the connection cut off is followed by nothing.
  const isRead =
    response.complete || !/\n\r?\n$/.test(Buffer.from(response.head).toString('latin1'))
  return {
    status: response.status,
    text: isRead ? Buffer.from(response.body).toString() : null,
    a: field('x-a'),
    b: field('x-b'),
  }
}

describe.each(Object.entries(ANSWERS))('%s', (_, answers) => {
  test.each(answers)('%j is read as Chromium reads it', async (bytes) => {
    answer = bytes
    const target = `/${++asked}`
    const seen = await ask(target)
    const exchanges = wire.exchanges().filter(({ request }) => request.target === target)
    expect(asSeen(exchanges[0]!)).toEqual(seen)
  })
})
