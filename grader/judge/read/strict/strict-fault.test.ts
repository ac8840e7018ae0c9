import { createServer, request as send } from 'node:http'
import { Duplex } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { exchange } from '../../../../testing/exchange-builder.ts'
import { decodeEvidence, encodeEvidence } from '../../../evidence-codec.ts'
import { ConnectionReader } from '../../../record/wire/reader/connection-reader.ts'
import type { Evidence, Exchange } from '../../../types/index.ts'
import { strictFault } from './strict-fault.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** What the recording makes of it, one byte after the other. */
function recorded(asked: string, answered = '', end: 'ended' | null = 'ended'): Exchange {
  const exchanges: Exchange[] = []
  const reader = new ConnectionReader({ connection: 1 }, () => 1, {
    begun: (begun) => void exchanges.push(begun),
    over: () => {},
  })
  const push = (from: 'client' | 'server', text: string) =>
    Array.from(Buffer.from(text, 'latin1'), (byte) =>
      reader.push({ kind: 'bytes', at: 1, from, bytes: Buffer.from([byte]) }),
    )
  push('client', asked)
  push('server', answered)
  if (end) reader.push({ kind: end, by: 'server', at: 1 })
  reader.stop()
  return exchanges[0]!
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

/** Read by the recording, as Chromium reads them. The place is the first `|`. */
const REFUSED: readonly [side: 'request' | 'response', text: string, say: RegExp][] = [
  ['request', 'GET / HTTP/1.1\r\n|\r\n', /Host/],
  ['request', 'GET /|"a HTTP/1.1\r\nHost: a\r\n\r\n', /"/],
  ['request', 'GET / HTTP/1.1|\nHost: a\n\n', /line feed/],
  [
    'request',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;|\r\nok\r\n0\r\n\r\n',
    /extension/,
  ],
  ['response', 'HTTP/1.1 200|OK\r\n\r\n', /status|space/],
  ['response', 'HTTP/1.1 200 OK|\nServer: a\n\n', /line feed/],
  ['response', 'HTTP/1.1 200 OK\r\nServer| : a\r\n\r\n', /space|colon/],
  [
    'response',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n|Content-Length: 2\r\n\r\nok',
    /more than one/,
  ],
  ['response', 'HTTP/1.1 200 OK\r\nA: b\r\n| c\r\n\r\n', /begins with a space/],
  ['response', `${CHUNKED}2| \r\nok\r\n0\r\n\r\n`, /space/],
  ['response', `${CHUNKED}2\r\nok\r\n2\r\nok|\n0\r\n\r\n`, /CR LF is due/],
  ['response', `${CHUNKED}2\r\nok\r\n0\r\nno| colon\r\n\r\n`, /colon/],
]
const PROPER: readonly [side: 'request' | 'response', text: string][] = [
  ['request', GET],
  ['request', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok'],
  [
    'request',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  ],
  ['response', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['response', 'HTTP/1.1 200 OK\r\n\r\nuntil the close'],
  ['response', `${CHUNKED}2;a=b\r\nok\r\n0002\r\nok\r\n0\r\nTrailer: a\r\n\r\n`],
]

const of = (side: 'request' | 'response', text: string) =>
  side === 'request' ? recorded(text) : recorded(GET, text)

describe('a strict reader', () => {
  test.for(REFUSED)('refuses the %s %j, and says where', ([side, marked, say], { expect }) => {
    const fault = strictFault(of(side, marked.replace('|', '')), side)
    expect([fault?.say, fault?.at]).toEqual([expect.stringMatching(say), marked.indexOf('|')])
  })

  test.for(PROPER)('takes the %s %j', ([side, text], { expect }) => {
    expect(strictFault(of(side, text), side)).toBeNull()
  })

  test('says nothing of what has not come or was not kept', () => {
    expect(
      strictFault(
        recorded(GET, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok', null),
        'response',
      ),
    ).toBeNull()
    const large = 'x'.repeat(1_100_000)
    for (const framed of [
      `HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n${large}`,
      `${CHUNKED}${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`,
    ]) {
      const found = of('response', framed)
      expect([found.response!.complete, found.response!.rest?.bytes]).toEqual([
        true,
        large.length - found.response!.body.length,
      ])
      expect(strictFault(found, 'response')).toBeNull()
    }
  })

  test('misses the end of a head that Chromium reads without it', () => {
    expect(strictFault(of('response', 'HTTP/1.1 200 OK\r\nA: b\r\n'), 'response')).toMatchObject({
      at: 23,
    })
  })

  test('is not asked about HTTP/2, nor where nothing crossed the wire', () => {
    const broken = of('response', 'HTTP/1.1 200 OK\n\n')
    expect(strictFault({ ...broken, protocol: 'h2' }, 'response')).toBeNull()
    expect([
      strictFault(null, 'request'),
      strictFault(exchange({ status: null }), 'response'),
    ]).toEqual([null, null])
  })

  test('says the same of a run that was kept', () => {
    const [side, marked] = REFUSED.at(-2)!
    const found = of(side, marked.replace('|', ''))
    const evidence = { scenario: '', recorded: null, exchanges: [found] } as unknown as Evidence
    const [again] = decodeEvidence(encodeEvidence([evidence]))
    expect(strictFault(again!.exchanges[0], side)).toEqual(strictFault(found, side))
  })

  test('reads a message once', () => {
    const found = of('response', 'HTTP/1.1 200 OK\n\n')
    expect(strictFault(found, 'response')).toBe(strictFault({ exchange: found }, 'response'))
  })
})

// Node's parser (llhttp) without --insecure-http-parser is an independent strict reader, though of
// less: not of targets, of Host's value, of all that chunk extensions may be.
describe('what llhttp refuses is refused, what it takes and this one refuses is known', () => {
  const more = [
    ['request', 'GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n'],
    ['request', 'GET / HTTP/1.1\r\nHost: a\r\nA\r\n\r\n'],
    ['request', 'G(T / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['request', 'GET /  HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['request', 'GET / HTTP/3.1\r\nHost: a\r\n\r\n'],
    [
      'request',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['request', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\nok'],
    ['request', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n'],
    ['response', 'HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 0\r\n\r\n'],
    ['response', 'HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['response', 'http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['response', 'HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok'],
    ['response', `${CHUNKED}g\r\nok\r\n0\r\n\r\n`],
    ['response', `${CHUNKED}2\r\nok0\r\n\r\n`],
  ] as const
  const all = [
    ...PROPER,
    ...REFUSED.map(([side, text]) => [side, text.replace('|', '')] as const),
    ...more,
  ]

  test.for(all)('%s %j', async ([side, text], { expect }) => {
    const theirs = await (side === 'request' ? serverRefuses(text) : clientRefuses(text))
    const ours = strictFault(of(side, text), side) !== null
    if (theirs) expect(ours).toBe(true)
    else if (ours) expect(TAKEN_BY_LLHTTP).toContain(text)
  })

  const TAKEN_BY_LLHTTP: readonly string[] = [
    'GET / HTTP/1.1\r\n\r\n',
    'GET /"a HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /  HTTP/1.1\r\nHost: a\r\n\r\n',
  ]
})

function serverRefuses(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer({ requireHostHeader: false }, (incoming) =>
      incoming.resume().once('end', () => resolve(false)),
    )
    server.on('clientError', () => resolve(true))
    server.emit('connection', saying(text))
  })
}

function clientRefuses(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = send({ host: 'a', createConnection: () => saying(text) }, (response) =>
      response
        .resume()
        .once('end', () => resolve(false))
        .once('error', () => resolve(true)),
    )
    asked.once('error', () => resolve(true)).end()
  })
}

/** A connection whose other side says this, and then is silent. */
function saying(text: string): Duplex {
  return new Duplex({
    read() {
      this.push(Buffer.from(text, 'latin1'))
      this.push(null)
    },
    write: (_, __, done) => done(),
  })
}
