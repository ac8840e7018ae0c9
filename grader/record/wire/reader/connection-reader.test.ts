import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../../types/index.ts'
import { ConnectionReader } from './connection-reader.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/**
 * One connection: text in latin1, one chunk each, one millisecond apart; the requests pass before
 * the responses.
 */
function parse(
  sent: string | readonly string[],
  received: string | readonly string[],
  ended: Exchange['cut'] = null,
): Exchange[] {
  let ids = 0
  const exchanges: Exchange[] = []
  const reader = new ConnectionReader({ connection: 7 }, () => ++ids, {
    begun: (exchange) => void exchanges.push(exchange),
    over: () => {},
  })
  const push = (from: 'client' | 'server', parts: string | readonly string[], start: number) =>
    [parts].flat().forEach((text, index) => {
      const bytes = Buffer.from(text, 'latin1')
      reader.push({ kind: 'bytes', from, bytes, at: start + index })
    })
  push('client', sent, 1000)
  push('server', received, 2000)
  if (ended !== null)
    reader.push({ kind: ended === 'closed' ? 'ended' : ended, by: 'server', at: 3000 })
  reader.stop()
  return exchanges
}

const body = (exchange: Exchange | undefined): string | undefined =>
  exchange?.response ? Buffer.from(exchange.response.body).toString('latin1') : undefined
const text = (bytes: Uint8Array | null | undefined): string | null =>
  bytes ? Buffer.from(bytes).toString('latin1') : null

describe('a request', () => {
  test('is read with method, target, path and fields as they were sent', () => {
    const head =
      'POST /a/b?c=d?e HTTP/1.1\r\nhost: x\r\nX-A:  one \r\nCOOKIE: a=b\r\nx-a: two\r\n\r\n'
    const [exchange] = parse(head, '')
    expect(exchange).toMatchObject({
      kind: 'exchange',
      id: 1,
      connection: 7,
      startedAt: 1000,
      response: null,
      garbage: null,
      cut: null,
    })
    expect(exchange!.request).toMatchObject({
      startLine: 'POST /a/b?c=d?e HTTP/1.1',
      method: 'POST',
      target: '/a/b?c=d?e',
      path: '/a/b',
      headers: [
        ['host', 'x'],
        ['X-A', 'one'],
        ['COOKIE', 'a=b'],
        ['x-a', 'two'],
      ],
      complete: true,
    })
    expect(text(exchange!.request.head)).toBe(head)
  })

  test('is none until its head has ended', () => {
    for (let cut = 0; cut < GET.length; cut++) expect(parse(GET.slice(0, cut), '')).toEqual([])
    expect(parse(GET, '')).toHaveLength(1)
  })

  test.each([
    ['a length', 'POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\n', 'hello'],
    [
      'chunks',
      'POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
      '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n',
    ],
  ])('with %s has a body, complete only with its last byte', (_, head, content) => {
    const whole = head + content
    for (let cut = head.length; cut < whole.length; cut++) {
      const [exchange] = parse(whole.slice(0, cut), '')
      expect(exchange!.request.complete, `cut at ${cut}`).toBe(false)
      expect('hello'.startsWith(text(exchange!.request.body)!)).toBe(true)
    }
    expect(parse(whole, '')[0]!.request).toMatchObject({
      complete: true,
      body: Buffer.from('hello'),
    })
  })

  test('without framing has no body', () => {
    expect(parse('GET / HTTP/1.1\r\n\r\n', '')[0]!.request).toMatchObject({
      complete: true,
      body: Buffer.alloc(0),
    })
  })
})

describe('a response', () => {
  const framings: [string, string, string, string][] = [
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n', 'hello world', 'hello world'],
    ['no content', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', '', ''],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
      'hello world',
    ],
    [
      'chunks with extensions and trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
      'A;n="v;\r\n0123456789\r\n00\r\nX-T: 1\r\nX-U: 2\r\n\r\n',
      '0123456789',
    ],
    [
      'chunks with bare line feeds',
      'HTTP/1.1 200 OK\ntransfer-encoding: Chunked\n\n',
      '5\nhello\n0\n\n',
      'hello',
    ],
    [
      'a content that looks like a chunk',
      'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n',
      '0\r\n\r\n0\r\n\r\nab',
      '0\r\n\r\n0\r\n\r\nab',
    ],
  ]

  test.each(framings)(
    'with %s is complete with its last byte and not before, wherever it is cut',
    (_, head, framed, content) => {
      const whole = head + framed
      for (let cut = 0; cut < whole.length; cut++) {
        for (const ended of [null, 'closed', 'reset'] as const) {
          const [exchange] = parse(GET, whole.slice(0, cut), ended)
          expect(exchange!.cut).toBe(ended)
          // Chromium takes HTTP alone for the beginning of a status line.
          const isHead = cut >= 'HTTP'.length
          expect(text(exchange!.garbage) ?? '', `cut at ${cut}`).toBe(
            isHead ? '' : whole.slice(0, cut),
          )
          expect(exchange!.response?.complete, `cut at ${cut}`).toBe(isHead ? false : undefined)
          if (isHead) expect(content.startsWith(body(exchange)!)).toBe(true)
        }
      }
      const [exchange] = parse(GET, whole, 'closed')
      expect(exchange!.response).toMatchObject({ status: 200, reason: 'OK', complete: true })
      expect([body(exchange), text(exchange!.response!.head), exchange!.cut]).toEqual([
        content,
        head,
        null,
      ])
    },
  )

  test.each(framings)('with %s is the same however its bytes were split', (_, head, framed) => {
    const whole = head + framed
    const [expected] = parse(GET, whole)
    for (let split = 1; split < whole.length; split++) {
      const [exchange] = parse(GET, [whole.slice(0, split), whole.slice(split)])
      expect(exchange!.response).toEqual({ ...expected!.response!, endedAt: 2001 })
    }
    const [drop] = parse([...GET], [...whole])
    expect(drop!.response).toEqual({ ...expected!.response!, endedAt: 2000 + whole.length - 1 })
  })

  test('without framing goes on until the connection closes', () => {
    const whole = 'HTTP/1.0 200 OK\r\n\r\nhello'
    expect(parse(GET, whole)[0]).toMatchObject({ response: { complete: false }, cut: null })
    expect(parse(GET, whole, 'closed')[0]).toMatchObject({
      response: { complete: true },
      cut: null,
    })
    expect(body(parse(GET, whole, 'closed')[0])).toBe('hello')
  })

  test.each(['reset', 'capped'] as const)(
    'without framing is not complete when the connection was %s',
    (ended) => {
      expect(parse(GET, 'HTTP/1.1 200 OK\r\n\r\nhello', ended)[0]).toMatchObject({
        response: { complete: false },
        cut: ended,
      })
    },
  )

  test.each([
    ['to HEAD', 'HEAD / HTTP/1.1\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n'],
    ['204', GET, 'HTTP/1.1 204 No Content\r\nContent-Length: 500\r\n\r\n'],
    ['304', GET, 'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['205', GET, 'HTTP/1.1 205 Reset Content\r\nContent-Length: 500\r\n\r\n'],
  ])('%s ends with its head', (_, request, head) => {
    const [first, second] = parse(
      request + GET,
      `${head}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`,
    )
    expect(first!.response).toMatchObject({ complete: true, body: Buffer.alloc(0) })
    expect([second!.response!.status, body(second)]).toEqual([200, 'ok'])
  })

  test('follows any number of interim responses', () => {
    const interim =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'
    const final = 'HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx'
    const [exchange] = parse(GET, [interim, final])
    expect(exchange!.response).toMatchObject({
      status: 201,
      reason: 'Created',
      headers: [['Content-Length', '1']],
      startedAt: 2001,
      endedAt: 2001,
    })
    expect(exchange!.interim).toEqual([
      { status: 100, headers: [], at: 2000 },
      { status: 103, headers: [['Link', '</a.css>; rel=preload']], at: 2000 },
    ])
    expect(parse(GET, interim, 'closed')[0]).toMatchObject({
      interim: [{ status: 100 }, { status: 103 }],
      response: null,
      garbage: null,
      cut: 'closed',
    })
  })

  test('may have heads with bare line feeds, an odd status or no reason', () => {
    expect(parse(GET, 'HTTP/1.1 999 Odd\nA: b\nContent-Length: 0\n\n')[0]!.response).toMatchObject({
      status: 999,
      reason: 'Odd',
      complete: true,
      headers: [
        ['A', 'b'],
        ['Content-Length', '0'],
      ],
    })
    expect(parse(GET, 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n')[0]!.response).toMatchObject({
      status: 200,
      reason: '',
      startLine: 'HTTP/1.1 200',
    })
    expect(
      parse(GET, 'HTTP/1.1 200 OK\r\nA: b\nContent-Length: 0\n\r\n')[0]!.response,
    ).toMatchObject({ complete: true })
    expect(parse(GET, 'HTTP/1.1 abc\r\nContent-Length: 0\r\n\r\n')[0]!.response).toMatchObject({
      status: 200,
      startLine: 'HTTP/1.1 abc',
    })
  })

  test('keeps case, order and repeats of its fields, without lines that are none', () => {
    const head =
      'HTTP/1.1 200 OK\r\nset-cookie: a=1\r\nX:\r\nSet-Cookie: b=2; Path=/:x\r\nno colon\r\nSET-COOKIE:c=3\r\nContent-Length: 0\r\n\r\n'
    expect(parse(GET, head)[0]!.response!.headers).toEqual([
      ['set-cookie', 'a=1'],
      ['X', ''],
      ['Set-Cookie', 'b=2; Path=/:x'],
      ['SET-COOKIE', 'c=3'],
      ['Content-Length', '0'],
    ])
  })

  test('shows field values as UTF-8 when they are, else as latin1', () => {
    const utf8 = Buffer.from('grüße').toString('latin1')
    expect(
      parse(
        GET,
        `HTTP/1.1 200 OK\r\nA: ${utf8}\r\nB: gr\xfc\xdfe\r\nContent-Length: 0\r\n\r\n`,
      )[0]!.response!.headers.slice(0, 2),
    ).toEqual([
      ['A', 'grüße'],
      ['B', 'grüße'],
    ])
  })

  test.each([
    ['a size that is no number', 'zz\r\nhello\r\n0\r\n\r\n', ''],
    ['a negative size', '-5\r\nhello\r\n0\r\n\r\n', ''],
    ['an empty size', '\r\nhello\r\n0\r\n\r\n', ''],
    ['more bytes than announced', '3\r\nhello\r\n0\r\n\r\n', 'hel'],
    ['fewer bytes than announced', '7\r\nhello\r\n0\r\n\r\n', 'hello\r\n'],
  ])('whose chunks have %s never becomes complete', (_, framed, seen) => {
    const [exchange] = parse(
      GET,
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${framed}`,
      'closed',
    )
    expect(exchange).toMatchObject({ response: { complete: false }, cut: 'closed' })
    expect(body(exchange)).toBe(seen)
  })

  test('longer than it announced leaves the rest where the next response should begin', () => {
    const [first, second] = parse(GET + GET, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay')
    expect(body(first)).toBe('ok')
    expect(second).toMatchObject({ response: null, garbage: Buffer.from('ay') })
  })
})

describe('garbage', () => {
  test.each([
    'not at all http\r\n\r\n',
    '<!doctype html>',
    '\x00\x01\x02',
    'GET / HTTP/1.1\r\n\r\n',
    '\r\n\r\n\nHTTP/1.1 200 OK\r\n\r\n',
  ])('%j is kept as it came', (bytes) => {
    expect(parse(GET, bytes, 'closed')[0]).toMatchObject({
      response: null,
      garbage: Buffer.from(bytes, 'latin1'),
      cut: 'closed',
    })
  })

  test.each(['H', 'htt', '\r\n', '\n\n\n\nHT'])('%j may still become a status line', (start) => {
    const rest = 'HTTP'.slice(/[HT]*$/i.exec(start)![0].length)
    const line = `${start}${rest}/1.1 200 OK`
    expect(parse(GET, [start, `${line.slice(start.length)}\r\n\r\n`])[0]!.response).not.toBeNull()
    expect(parse(GET, [start, 'xxxxxxxx'], 'closed')[0]!.garbage).not.toBeNull()
  })

  test('in place of one response leaves the later requests without any', () => {
    const [first, second] = parse(GET + GET, 'oops', 'closed')
    expect(text(first!.garbage)).toBe('oops')
    expect(second).toMatchObject({ response: null, garbage: null, cut: 'closed' })
  })
})

describe('several exchanges on one connection', () => {
  test('pipelined requests get the responses in order', () => {
    const requests =
      'GET /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 4\r\n\r\nGET GET /c HTTP/1.1\r\n\r\n'
    const exchanges = parse(
      requests,
      'HTTP/1.1 200 A\r\nContent-Length: 1\r\n\r\naHTTP/1.1 201 B\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\nHTTP/1.1 202 C\r\n\r\nc',
      'closed',
    )
    expect(
      exchanges.map((exchange) => [
        exchange.id,
        exchange.request.target,
        exchange.response?.status,
        body(exchange),
        exchange.cut,
      ]),
    ).toEqual([
      [1, '/a', 200, 'a', null],
      [2, '/b', 201, 'b', null],
      [3, '/c', 202, 'c', null],
    ])
    expect(text(exchanges[1]!.request.body)).toBe('GET ')
  })

  test('a request after the last answer has none, and is told how the connection ended', () => {
    const [first, second] = parse(
      GET + GET,
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'reset',
    )
    expect(first).toMatchObject({ response: { complete: true }, cut: null })
    expect(second).toMatchObject({ response: null, garbage: null, cut: 'reset' })
  })

  test('two responses to one request: the first counts, the second stands where the next answer would', () => {
    const answers =
      'HTTP/1.1 200 One\r\nContent-Length: 0\r\n\r\nHTTP/1.1 404 Two\r\nContent-Length: 0\r\n\r\n'
    expect(parse(GET, answers).map(({ response }) => response?.reason)).toEqual(['One'])
    expect(parse(GET + GET, answers).map(({ response }) => response?.reason)).toEqual([
      'One',
      'Two',
    ])
  })

  test.each(['refused', 'capped'] as const)('nothing came and the connection was %s', (ended) => {
    expect(parse(GET, '', ended)[0]).toMatchObject({ response: null, garbage: null, cut: ended })
  })

  test('bytes that answer no request are no exchange', () => {
    expect(parse('', 'HTTP/1.1 200 OK\r\n\r\n', 'closed')).toEqual([])
  })
})

describe('times', () => {
  test('are those of the chunks that held the first and the last byte', () => {
    const sent = ['GET /a HT', 'TP/1.1\r\n\r\nGET /b HTTP/1.1\r\n', '\r\n']
    const received = [
      'HTTP/1.1 200 OK\r\nContent-Le',
      'ngth: 2\r\n\r\na',
      'bHTTP',
      '/1.1 204 No\r\n\r',
      '\n',
    ]
    const [a, b] = parse(sent, received)
    expect([
      a!.startedAt,
      a!.request.startedAt,
      a!.request.endedAt,
      a!.response!.startedAt,
      a!.response!.endedAt,
    ]).toEqual([1000, 1000, 1001, 2000, 2002])
    expect([
      b!.startedAt,
      b!.request.startedAt,
      b!.request.endedAt,
      b!.response!.startedAt,
      b!.response!.endedAt,
    ]).toEqual([1001, 1001, 1002, 2002, 2004])
  })
})

test('what answers no request is kept with the exchange after which it came, and with no other', () => {
  const exchanges: Exchange[] = []
  const reader = new ConnectionReader({ connection: 7 }, () => exchanges.length + 1, {
    begun: (exchange) => void exchanges.push(exchange),
    over: () => {},
  })
  const push = (from: 'client' | 'server', text: string, at: number) =>
    reader.push({ kind: 'bytes', from, bytes: Buffer.from(text, 'latin1'), at })
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
  push('client', GET, 1)
  push('server', `${answer}AA`, 2)
  push('server', 'AA', 3)
  push('client', GET, 4)
  push('server', `${answer}BB`, 5)
  push('client', GET, 6)
  push('server', answer, 7)
  reader.stop()
  expect(exchanges.map(({ extra }) => text(extra))).toEqual(['AAAA', 'BB', null])
})
