import { describe, expect, test } from 'vitest'
import { bytesExhibit } from '../../exhibits/bytes-exhibit.ts'
import { readStrictly, type StrictOptions } from './read-strictly.ts'

const read = (
  text: string,
  of: StrictOptions['of'] = 'responses',
  more: Partial<StrictOptions> = {},
) => readStrictly(Buffer.from(text, 'latin1'), { of, closed: true, ...more })
const OK = 'HTTP/1.1 200 OK\r\n'

describe('right messages', () => {
  test('are read one after another, each by its own framing', () => {
    const length = `${OK}Content-Length: 5\r\n\r\nh\xc3\xa9ll`
    const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n2;x=y\r\nab\r\n0\r\nTrailer: 1\r\n\r\n`
    const { messages, problem } = read(
      `${length}${chunked}HTTP/1.1 204 No Content\r\n\r\n${OK}X:  a:b\t\r\n\r\nthe rest`,
    )
    expect(problem).toBeNull()
    expect(
      messages.map(({ framing, body, chunks }) => [
        framing,
        Buffer.from(body).toString('latin1'),
        chunks,
      ]),
    ).toEqual([
      ['length', 'h\xc3\xa9ll', []],
      ['chunked', '0123456789ab', [10, 2, 0]],
      ['none', '', []],
      ['close', 'the rest', []],
    ])
    expect(messages[3]!.headers).toEqual([['X', 'a:b']])
    expect([messages[1]!.from, messages[1]!.to]).toEqual([
      length.length,
      length.length + chunked.length,
    ])
  })

  test('answers to HEAD have no content', () => {
    expect(
      read(`${OK}Content-Length: 5\r\n\r\n`, 'responses', { methods: ['HEAD'] }),
    ).toMatchObject({ problem: null, messages: [{ framing: 'none' }] })
  })

  test('requests have the content they announce', () => {
    const { messages, problem } = read(
      'GET /a?b HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi',
      'requests',
    )
    expect([problem, messages.map(({ startLine, body }) => `${startLine} ${body.length}`)]).toEqual(
      [null, ['GET /a?b HTTP/1.1 0', 'POST / HTTP/1.1 2']],
    )
  })
})

describe('the first byte that is wrong', () => {
  test.each<[what: string, text: string, of: StrictOptions['of'], before: string, says: RegExp]>([
    [
      'a line feed alone',
      'GET / HTTP/1.1\nHost: x\r\n\r\n',
      'requests',
      'GET / HTTP/1.1',
      /line feed without/,
    ],
    [
      'a carriage return alone',
      'GET / HTTP/1.1\rHost: x\r\n\r\n',
      'requests',
      'GET / HTTP/1.1',
      /carriage return without/,
    ],
    [
      'a head without its empty line',
      'GET / HTTP/1.1\r\nHost: x\r\n',
      'requests',
      'GET / HTTP/1.1\r\nHost: x\r\n',
      /the head is not finished/,
    ],
    ['two spaces', 'GET  / HTTP/1.1\r\nHost: x\r\n\r\n', 'requests', 'GET ', /a request line/],
    ['no version', '200 OK\r\n\r\n', 'responses', '', /a status line/],
    [
      'no space after the status',
      'HTTP/1.1 200\r\n\r\n',
      'responses',
      'HTTP/1.1 200',
      /a status line/,
    ],
    [
      'a space before the colon',
      `${OK}Host : x\r\n\r\n`,
      'responses',
      `${OK}Host`,
      /between the name/,
    ],
    ['a line without a colon', `${OK}hello\r\n\r\n`, 'responses', `${OK}hello`, /without a colon/],
    ['no name', `${OK}: x\r\n\r\n`, 'responses', OK, /without a name/],
    [
      'a folded line',
      `${OK}A: b\r\n c\r\n\r\n`,
      'responses',
      `${OK}A: b\r\n`,
      /begins with a space/,
    ],
    [
      'a null byte in a value',
      `${OK}A: b\0\r\n\r\n`,
      'responses',
      `${OK}A: b`,
      /control character/,
    ],
    [
      'two framings',
      `${OK}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
      'responses',
      `${OK}Content-Length: 1\r\n`,
      /both/,
    ],
    [
      'two lengths',
      `${OK}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
      'responses',
      `${OK}Content-Length: 1\r\n`,
      /more than one/,
    ],
    [
      'a length that is none',
      `${OK}Content-Length: 1.5\r\n\r\na`,
      'responses',
      `${OK}Content-Length: 1`,
      /1\.5/,
    ],
    [
      'too few bytes',
      `${OK}Content-Length: 9\r\n\r\nhello`,
      'responses',
      `${OK}Content-Length: 9\r\n\r\nhello`,
      /announced 9 bytes, and 5 came/,
    ],
    [
      'too many bytes',
      `${OK}Content-Length: 2\r\n\r\nhello`,
      'responses',
      `${OK}Content-Length: 2\r\n\r\nhe`,
      /a status line/,
    ],
    [
      'a decimal chunk size',
      `${OK}Transfer-Encoding: chunked\r\n\r\n16\r\n0123456789abcdef\r\n0\r\n\r\n`,
      'responses',
      `${OK}Transfer-Encoding: chunked\r\n\r\n16\r\n0123456789abcdef\r\n0\r\n\r`,
      /chunk of 22 bytes ends here/,
    ],
    [
      'a chunk that is longer than announced',
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n`,
      'responses',
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nab`,
      /CR LF is due/,
    ],
    [
      'no last chunk',
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n`,
      'responses',
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n`,
      /what follows chunk 1 is not finished/,
    ],
    [
      'a size that is none',
      `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      'responses',
      `${OK}Transfer-Encoding: chunked\r\n\r\n`,
      /chunk size was due/,
    ],
    [
      'a request whose last coding is another',
      'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n',
      'requests',
      'POST / HTTP/1.1\r\nTransfer-Encoding: ',
      /not chunked/,
    ],
  ])('of %s is found', (_, text, of, before, says) => {
    const { problem } = read(text, of)
    expect(problem?.say).toMatch(says)
    expect(problem?.at).toBe(before.length)
  })

  test('of a response without an end', () => {
    expect(read(`${OK}\r\nhello`, 'responses', { closed: false }).problem?.say).toMatch(
      /nobody knows where/,
    )
  })
})

describe('bytes to look at', () => {
  test('show their line ends, and the byte in question', () => {
    const { lines } = bytesExhibit(
      'What you sent',
      Buffer.from('GET / HTTP/1.1\nHost: caf\xe9\r\n\r\n', 'latin1'),
      14,
    )
    expect(lines).toEqual([
      { text: 'GET / HTTP/1.1␊', mark: [14, 15] },
      { text: 'Host: caf\\xe9␍␊' },
      { text: '␍␊' },
    ])
  })

  test('may be missing at the end', () => {
    expect(bytesExhibit('x', Buffer.from('ab'), 2).lines).toEqual([{ text: 'ab ', mark: [2, 3] }])
    expect(bytesExhibit('x', Buffer.alloc(0)).lines).toEqual([{ text: '(no bytes)' }])
  })

  test('are many: those around the byte in question', () => {
    const { lines } = bytesExhibit(
      'x',
      Buffer.from(Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join('')),
      200,
    )
    expect(lines.length).toBeLessThanOrEqual(16)
    expect(lines.some(({ mark }) => mark)).toBe(true)
  })
})
