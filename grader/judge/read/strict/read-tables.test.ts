import { describe, expect, test } from 'vitest'
import { readStrictly, type StrictOptions } from './read-strictly.ts'

const read = (text: string, options: StrictOptions) =>
  readStrictly(Buffer.from(text, 'latin1'), options)
const requests = (text: string, more: Partial<StrictOptions> = {}) =>
  read(text, { of: 'requests', closed: true, ...more })
const responses = (text: string, more: Partial<StrictOptions> = {}) =>
  read(text, { of: 'responses', closed: true, ...more })
const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`

describe('the line of a chunk (RFC 9112 §7.1.1)', () => {
  const rest = 'ab\r\n0\r\n\r\n'

  test.each([
    '2',
    '02',
    '2;a',
    '2;a=b',
    '2;a="b"',
    '2;a=""',
    '2;a="b;c,d"',
    '2;a="\\"\\\\"',
    '2;a="\xe9"',
    '2 ;a',
    '2\t; a = b',
    '2;a;b=c ; d',
    '2;a=b;c="d"',
  ])('%j is right', (line) => {
    expect(responses(`${CHUNKED}${line}\r\n${rest}`)).toMatchObject({
      problem: null,
      messages: [{ chunks: [2, 0] }],
    })
  })

  test.each<[right: string, wrong: string]>([
    ['', 'g'],
    ['', ' 2'],
    ['', '\r'],
    ['2', ' '],
    ['2', '\t '],
    ['2', ' x'],
    ['2', 'x'],
    ['2', '.0'],
    ['2', ',a'],
    ['2;', ''],
    ['2;', ';a'],
    ['2;', '"a"'],
    ['2;a=', ''],
    ['2;a=', ';b'],
    ['2;a=b', '=c'],
    ['2;a', ' '],
    ['2;a', '(b'],
    ['2;a="b', ''],
    ['2;a="b', '\0"'],
    ['2;a="b\\', '\0"'],
    ['2;a="b"', 'c'],
  ])('%j is right so far, and %j is not', (right, wrong) => {
    const { problem } = responses(`${CHUNKED}${right}${wrong}\r\n${rest}`)
    expect(problem).toMatchObject({ at: `${CHUNKED}${right}`.length, isMissing: false })
  })

  test.each(['', '2', '2 ', '2;', '2;a ', '2;a="b', '2;a="b\\', '2;a=b\r'])(
    '%j may go on',
    (line) => {
      expect(responses(`${CHUNKED}${line}`).problem).toMatchObject({ isMissing: true })
    },
  )
})

describe('fields that name a length', () => {
  test.each<[before: string, wrong: string]>([
    ['Content-Length: ', 'two'],
    ['Content-Length: ', '+2'],
    ['Content-Length: ', '-2'],
    ['Content-Length: 2', ', 2'],
    ['Content-Length: 2', ' 2'],
    ['Content-Length: 2', '.0'],
    ['Content-Length: 0', 'x2'],
    ['Content-Length:', ''],
    ['Content-Length: 2\r\n', 'content-length: 2'],
    ['Content-Length: 2\r\n', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked\r\n', 'Content-Length: 2'],
    ['Transfer-Encoding: chunked, ', 'chunked'],
    ['Transfer-Encoding: chunked, ', 'gzip'],
    ['Transfer-Encoding: chunked\r\nTransfer-Encoding: ', 'chunked'],
    ['Transfer-Encoding: ', 'chunked;q=1'],
    ['Transfer-Encoding: ', '"chunked"'],
    ['Transfer-Encoding: gzip ', 'chunked'],
    ['Transfer-Encoding: gzip;q', ', chunked'],
  ])('%j is right so far, and %j is not', (before, wrong) => {
    for (const start of [OK, 'POST / HTTP/1.1\r\n']) {
      const text = `${start}X: 1\r\n${before}${wrong}\r\n\r\n`
      const { problem } = start === OK ? responses(text) : requests(text)
      expect(problem).toMatchObject({ at: `${start}X: 1\r\n${before}`.length, isMissing: false })
    }
  })

  test.each([
    'gzip, chunked',
    'GZIP ,\tChunked',
    'gzip;level="a,b", chunked',
    ', chunked,',
    'gzip\r\nTransfer-Encoding: chunked',
  ])('Transfer-Encoding: %j ends in chunks', (codings) => {
    const rest = `\r\nTransfer-Encoding: ${codings}\r\n\r\n1\r\na\r\n0\r\n\r\n`
    const expected = { problem: null, messages: [{ framing: 'chunked', chunks: [1, 0] }] }
    expect(responses(`HTTP/1.1 200 OK${rest}`)).toMatchObject(expected)
    expect(requests(`POST / HTTP/1.1${rest}`)).toMatchObject(expected)
  })

  test('a last coding other than chunked ends a response with the connection, and no request', () => {
    expect(responses(`${OK}Transfer-Encoding: gzip\r\n\r\nabc`)).toMatchObject({
      problem: null,
      messages: [{ framing: 'close' }],
    })
    const head = 'POST / HTTP/1.1\r\nTransfer-Encoding: deflate, '
    expect(requests(`${head}gzip\r\n\r\nabc`).problem).toMatchObject({ at: head.length })
  })

  test.each([
    ['HTTP/1.1 100 Continue', 'GET'],
    ['HTTP/1.1 101 Switching Protocols', 'GET'],
    ['HTTP/1.1 103 Early Hints', 'GET'],
    ['HTTP/1.1 204 No Content', 'GET'],
    ['HTTP/1.1 204 No Content', 'HEAD'],
    ['HTTP/1.1 200 OK', 'CONNECT'],
  ])('none may be in %j for %s (RFC 9110 §8.6, RFC 9112 §6.1)', (line, method) => {
    for (const field of ['Content-Length: 0', 'Transfer-Encoding: chunked']) {
      const { problem } = responses(`${line}\r\n${field}\r\n\r\n`, { methods: [method] })
      expect(problem).toMatchObject({ at: line.length + 2, isMissing: false })
    }
  })

  test.each([
    ['HTTP/1.1 304 Not Modified', 'GET'],
    ['HTTP/1.1 200 OK', 'HEAD'],
    ['HTTP/1.1 404 Not Found', 'HEAD'],
  ])('they may be in %j for %s, which has no content', (line, method) => {
    for (const field of ['Content-Length: 5', 'Transfer-Encoding: chunked'])
      expect(responses(`${line}\r\n${field}\r\n\r\n`, { methods: [method] })).toMatchObject({
        problem: null,
        messages: [{ framing: 'none' }],
      })
  })

  test.each(['GET / HTTP/1.0', 'POST / HTTP/1.0'])('%s has no Transfer-Encoding', (line) => {
    const { problem } = requests(`${line}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)
    expect(problem).toMatchObject({ at: line.length + 2 })
  })
})

describe('messages on one connection', () => {
  const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
  const toHead = `${OK}Content-Length: 5\r\n\r\n`

  test.each([
    ['an interim answer first', `${hints}${toHead}`, ['HEAD'], ['none', 'none']],
    ['two of them', `${hints}${hints}${toHead}`, ['HEAD'], ['none', 'none', 'none']],
    [
      'one before the second answer',
      `${toHead}hello${hints}${toHead}${toHead}hello`,
      ['GET', 'HEAD', 'GET'],
      ['length', 'none', 'none', 'length'],
    ],
  ])('%s answers no request', (_, text, methods, framings) => {
    const { problem, messages } = responses(text, { methods })
    expect(problem).toBeNull()
    expect(messages.map(({ framing }) => framing)).toEqual(framings)
  })

  test.each([
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', ['GET']],
    [`${hints}HTTP/1.1 200 OK\r\n\r\n`, ['CONNECT']],
    [`${OK}Content-Length: 0\r\n\r\nHTTP/1.1 299 Yes\r\n\r\n`, ['GET', 'CONNECT']],
  ])('%j opens a tunnel', (text, methods) => {
    expect(responses(`${text}\0\n\n`, { methods })).toMatchObject({
      problem: null,
      tunnel: text.length,
    })
    expect(responses(text, { methods })).toMatchObject({ problem: null, tunnel: text.length })
  })

  test('an answer to CONNECT that is no success has content like any other', () => {
    expect(
      responses('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno', { methods: ['CONNECT'] }),
    ).toMatchObject({ problem: null, tunnel: null, messages: [{ framing: 'length' }] })
  })

  test.each([
    ['Connection: close', '1.1', false],
    ['connection: Keep-Alive, CLOSE', '1.1', false],
    ['Connection: x\r\nConnection:\tclose ', '1.1', false],
    ['Connection: closed', '1.1', true],
    ['X-Connection: close', '1.1', true],
    ['Connection: keep-alive', '1.0', true],
    ['X: 1', '1.0', false],
    ['X: 1', '1.2', true],
  ])('after %j of HTTP/%s another may follow: %j', (field, version, mayFollow) => {
    const request = `GET / HTTP/${version}\r\nHost: a\r\n${field}\r\n\r\n`
    const response = `HTTP/${version} 200 OK\r\n${field}\r\nContent-Length: 0\r\n\r\n`
    const at = (length: number) => (mayFollow ? null : expect.objectContaining({ at: length }))
    expect(requests(request + request).problem).toEqual(at(request.length))
    expect(responses(response + response).problem).toEqual(at(response.length))
    expect(requests(request).problem).toBeNull()
    expect(responses(response).problem).toBeNull()
  })
})

describe('start lines', () => {
  test.each([
    'GET /a;b=c/d:e@f,g?h=/?i HTTP/1.1',
    'GET /%C3%A9 HTTP/1.1',
    '! / HTTP/1.0',
    'GET / HTTP/1.9',
    'GET https://shop.test:8443/a?b HTTP/1.1',
    'GET http://[2001:db8::1]?b HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'OPTIONS http://a HTTP/1.1',
  ])('%j is right', (line) => {
    expect(requests(`${line}\r\n\r\n`).problem).toBeNull()
  })

  test.each<[right: string, wrong: string]>([
    ['', '\r\nGET / HTTP/1.1'],
    ['', '(GET / HTTP/1.1'],
    ['G', '\xe9T / HTTP/1.1'],
    ['GET', ''],
    ['GET', '\t/ HTTP/1.1'],
    ['GET /', '\xe9 HTTP/1.1'],
    ['GET /', '% HTTP/1.1'],
    ['GET /', '%4 HTTP/1.1'],
    ['GET /?', '%g0 HTTP/1.1'],
    ['GET /?', '| HTTP/1.1'],
    ['GET /', '\\ HTTP/1.1'],
    ['GET /', '" HTTP/1.1'],
    ['GET ', '?a HTTP/1.1'],
    ['GET ', 'http:/a HTTP/1.1'],
    ['GET ', 'http:// HTTP/1.1'],
    ['GET http://', '[::1 HTTP/1.1'],
    ['GET http://', '[zz]/ HTTP/1.1'],
    ['GET http://', 'me@shop.test/ HTTP/1.1'],
    ['GET http://', 'a:b/ HTTP/1.1'],
    ['GET http://a', '#b HTTP/1.1'],
    ['CONNECT ', 'shop.test HTTP/1.1'],
    ['CONNECT ', '/ HTTP/1.1'],
    ['GET / ', 'http/1.1'],
    ['GET / HTTP/', '2.0'],
    ['GET / HTTP/1', ',1'],
    ['GET / HTTP/1.1', '0'],
  ])('%j is right so far, and %j is not', (right, wrong) => {
    expect(requests(`${right}${wrong}\r\n\r\n`).problem).toMatchObject({
      at: right.length,
      isMissing: false,
    })
  })

  test.each([
    '',
    'G',
    'GET ',
    'GET ht',
    'GET http://[',
    'GET /%',
    'GET /%4',
    'GET / HTT',
    'GET / HTTP/1.1\r',
  ])('%j may go on', (text) => {
    expect(requests(text).problem ?? { isMissing: true }).toMatchObject({ isMissing: true })
  })

  test.each<[right: string, wrong: string]>([
    ['', 'Hello'],
    ['HTTP/', '2 200 OK'],
    ['HTTP/1.1', '  200 OK'.slice(2)],
    ['HTTP/1.1 ', ' 200 OK'],
    ['HTTP/1.1 ', '099 X'],
    ['HTTP/1.1 ', '600 X'],
    ['HTTP/1.1 20', ' OK'],
    ['HTTP/1.1 200', '0 OK'],
    ['HTTP/1.1 200', ''],
    ['HTTP/1.1 200 O', '\x1bK'],
  ])('%j is right so far, and %j is not, in a status line', (right, wrong) => {
    expect(responses(`${right}${wrong}\r\n\r\n`).problem).toMatchObject({ at: right.length })
  })

  test('a server passes over one empty line, and no more', () => {
    const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
    const read = requests(`\r\n${request}\r\n${request}`, { asServer: true })
    expect(read).toMatchObject({ problem: null, messages: [{ from: 2 }, {}] })
    expect(requests(`\r\n\r\n${request}`, { asServer: true }).problem).toMatchObject({ at: 2 })
  })
})
