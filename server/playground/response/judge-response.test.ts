import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { judgeResponse } from './judge-response.ts'

const judge = (text: string) => judgeResponse(Buffer.from(text, 'latin1'))
const OK = 'HTTP/1.1 200 OK\r\n'
const gzip = gzipSync('hello').toString('latin1')

describe('accepted are', () => {
  test.each([
    [
      `${OK}Content-Length: 2\r\n\r\nhi`,
      'HTTP/1.1 200 OK, 2 bytes of content, as Content-Length says.',
    ],
    [
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
      'HTTP/1.1 200 OK, 2 bytes of content in 1 chunk and the last, empty one.',
    ],
    [`${OK}\r\nh`, 'HTTP/1.1 200 OK, 1 byte of content, up to the end of the connection.'],
    ['HTTP/1.1 204 No Content\r\n\r\n', 'HTTP/1.1 204 No Content, without content.'],
    [
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\n\r\n\x81\x00',
      'HTTP/1.1 101 Switching Protocols. From here on another protocol is spoken, 2 bytes of it.',
    ],
    [
      `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
      'HTTP/1.1 200 OK, 1 byte of content in 1 chunk and the last, empty one.',
    ],
    [
      'HTTP/1.2 200 OK\r\n\r\nh',
      'HTTP/1.2 200 OK, 1 byte of content, up to the end of the connection.',
    ],
    [
      `HTTP/1.1 103 Early Hints\r\n\r\n${OK}Content-Length: 2\r\n\r\nhi`,
      'HTTP/1.1 200 OK, 2 bytes of content, as Content-Length says.',
    ],
    [
      `${OK}Content-Encoding: gzip\r\nContent-Length: ${gzip.length}\r\n\r\n${gzip}`,
      `HTTP/1.1 200 OK, ${gzip.length} bytes of content, as Content-Length says.`,
    ],
  ])('%j', (text, say) => {
    expect(judge(text)).toEqual({ verdict: 'accepted', say })
  })
})

describe('the byte that is wrong in', () => {
  test.each<[what: string, text: string, before: string, say: RegExp]>([
    ['nothing', '', '', /Not one byte/],
    [
      'one byte too few',
      `${OK}Content-Length: 3\r\n\r\nhi`,
      `${OK}Content-Length: 3\r\n\r\nhi`,
      /announced 3 bytes, and 2 came/,
    ],
    [
      'one byte too many',
      `${OK}Content-Length: 1\r\n\r\nhi`,
      `${OK}Content-Length: 1\r\n\r\nh`,
      /over here, as Content-Length said/,
    ],
    [
      'a second response',
      `${OK}Content-Length: 0\r\n\r\n${OK}\r\n`,
      `${OK}Content-Length: 0\r\n\r\n`,
      /nobody asked for another/,
    ],
    [
      'content after 204',
      'HTTP/1.1 204 No Content\r\n\r\nhi',
      'HTTP/1.1 204 No Content\r\n\r\n',
      /this status says/,
    ],
    [
      'a decimal chunk size',
      `${OK}Transfer-Encoding: chunked\r\n\r\n10\r\n0123456789\r\n0\r\n\r\n`,
      `${OK}Transfer-Encoding: chunked\r\n\r\n10\r\n0123456789\r\n0\r\n\r`,
      /chunk of 16 bytes ends here|announced 16 bytes/,
    ],
    [
      'no last chunk',
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n`,
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n`,
      /not finished/,
    ],
    [
      'two lengths',
      `${OK}Content-Length: 2\r\nContent-Length: 1\r\n\r\nhi`,
      `${OK}Content-Length: 2\r\n`,
      /More than one/,
    ],
    [
      'two framings',
      `${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${OK}Content-Length: 2\r\n`,
      /Both/,
    ],
    [
      'a length that is none',
      `${OK}X: 1\r\nContent-Length: two\r\n\r\nhi`,
      `${OK}X: 1\r\nContent-Length: `,
      /a number: two/,
    ],
    [
      'a coding after chunked',
      `${OK}Transfer-Encoding: chunked, gzip\r\n\r\nhi`,
      `${OK}Transfer-Encoding: chunked, `,
      /after chunked/,
    ],
    [
      'gzip that isn’t gzip',
      `${OK}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi`,
      `${OK}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n`,
      /says gzip, but the content isn’t gzip/,
    ],
    [
      '204 with a length',
      'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n',
      /Content-Length in a response with status 204/,
    ],
    [
      'chunks of HTTP/1.0',
      'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.0 200 OK\r\n',
      /of HTTP\/1\.0/,
    ],
    ['no status line', 'Content-Length: 2\r\n\r\nhi', '', /a status line/],
    ['line feeds alone', 'HTTP/1.1 200 OK\n\nhi', 'HTTP/1.1 200 OK', /line feed without/],
    ['status 777', 'HTTP/1.1 777 Lucky\r\n\r\n', 'HTTP/1.1 ', /from 100 to 599/],
    ['no space behind the status', 'HTTP/1.1 200\r\n\r\n', 'HTTP/1.1 200', /a status line/],
    [
      'an interim response alone',
      'HTTP/1.1 103 Early Hints\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\n\r\n',
      /final one is missing/,
    ],
    [
      'a status after an interim response',
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 900 X\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 ',
      /from 100 to 599/,
    ],
  ])('%s', (_, text, before, say) => {
    expect(judge(text)).toEqual({
      verdict: 'refused',
      say: expect.stringMatching(say),
      at: before.length,
    })
  })
})
