import { describe, expect, test } from 'vitest'
import { judgeRequest } from './judge-request.ts'

const judge = (text: string) => judgeRequest(Buffer.from(text, 'latin1'))
const rest = '\r\nHost: shop.test\r\n\r\n'

describe('accepted are', () => {
  test.each([
    [
      `GET /cart?item=7 HTTP/1.1${rest}`,
      /^One request, whole and right: GET \/cart\?item=7 HTTP\/1\.1\.$/,
    ],
    [`GET http://shop.test/ HTTP/1.1${rest}`, /whole and right/],
    [`OPTIONS * HTTP/1.1${rest}`, /whole and right/],
    [`CONNECT shop.test:443 HTTP/1.1${rest}`, /whole and right/],
    ['GET / HTTP/1.1\r\nhost:[::1]:80 \r\n\r\n', /whole and right/],
    ['GET / HTTP/1.0\r\n\r\n', /whole and right/],
    [`get / HTTP/1.1${rest}`, /But get is not GET/],
    [
      `GET / HTTP/1.1${rest}POST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 2\r\n\r\nhi`,
      /^2 requests/,
    ],
    [`\r\nGET / HTTP/1.1${rest}`, /whole and right/],
    [`GET / HTTP/1.2${rest}`, /whole and right/],
    [`GET /%7e?a=%2F HTTP/1.1${rest}`, /whole and right/],
    [
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1;a="b;c" ; d\r\nx\r\n0\r\n\r\n',
      /whole and right/,
    ],
    [
      `CONNECT shop.test:443 HTTP/1.1${rest}\x16\x03\x01`,
      /shop\.test:443 HTTP\/1\.1\. The 3 bytes after it are for the server/,
    ],
  ])('%j', (text, say) => {
    expect(judge(text)).toEqual({ verdict: 'accepted', say: expect.stringMatching(say) })
  })
})

describe('the byte that is wrong in', () => {
  test.each<[what: string, text: string, before: string, say: RegExp]>([
    ['two spaces', `GET  / HTTP/1.1${rest}`, 'GET ', /a request line/],
    ['no version', `GET /${rest}`, 'GET /', /a request line/],
    ['another version', `GET / HTTP/2.0${rest}`, 'GET / HTTP/', /a request line/],
    ['a space first', ` GET / HTTP/1.1${rest}`, '', /a request line/],
    ['something after the version', `GET / HTTP/1.1 ${rest}`, 'GET / HTTP/1.1', /a request line/],
    [
      'a second message',
      `GET / HTTP/1.1${rest}rest of\r\n`,
      `GET / HTTP/1.1${rest}rest `,
      /a path from \/ on/,
    ],
    ['a fragment', `GET /a#b HTTP/1.1${rest}`, 'GET /a', /no fragment/],
    ['a raw character', `GET /{ HTTP/1.1${rest}`, 'GET /', /%7B/],
    ['a target without a slash', `GET cart HTTP/1.1${rest}`, 'GET ', /a path from \/ on/],
    ['an escape that is none', `GET /%zz HTTP/1.1${rest}`, 'GET /', /two hexadecimal digits/],
    ['a bracket in a path', `GET /a[1] HTTP/1.1${rest}`, 'GET /a', /%5B/],
    [
      'a second Host of HTTP/1.0',
      'GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n',
      'GET / HTTP/1.0\r\nHost: a\r\n',
      /second Host/,
    ],
    [
      'a request after Connection: close',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      /said Connection: close/,
    ],
    ['a star for GET', `GET * HTTP/1.1${rest}`, 'GET ', /a path from \/ on/],
    [
      'no Host',
      'GET / HTTP/1.1\r\nAccept: a\r\n\r\n',
      'GET / HTTP/1.1\r\nAccept: a\r\n',
      /requires a Host/,
    ],
    ['no fields', 'GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/1.1\r\n', /requires a Host/],
    [
      'Host in the content',
      'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nHost: a\r\n',
      'POST / HTTP/1.1\r\nContent-Length: 9\r\n',
      /requires a Host/,
    ],
    [
      'Host twice',
      'GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n',
      /second Host/,
    ],
    [
      'a Host that is none',
      'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: ',
      /isn't a host/,
    ],
    ['a line feed alone', 'GET / HTTP/1.1\nHost: a\r\n\r\n', 'GET / HTTP/1.1', /line feed without/],
    [
      'a space before the colon',
      'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
      'GET / HTTP/1.1\r\nHost',
      /A space between/,
    ],
  ])('%s', (_, text, before, say) => {
    expect(judge(text)).toEqual({
      verdict: 'refused',
      say: expect.stringMatching(say),
      at: before.length,
    })
  })
})

test.each([
  '',
  'GE',
  'GET / HTTP/1.1\r\nHost: a\r\n',
  'GET / HTTP/1.1\r',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhi',
])('%j may go on', (text) => {
  expect(judge(text)).toMatchObject({ verdict: 'waiting', at: text.length })
})

describe('what is wrong is wrong before the request is whole:', () => {
  test.each([
    ['G(T / HTTP/1.1', 'G'],
    ['GET /a#b', 'GET /a'],
    ['GET /%z', 'GET /'],
    ['GET cart ', 'GET '],
    ['GET / HTTP/2', 'GET / HTTP/'],
    ['GET / HTTP/1.1\r\nHost : a', 'GET / HTTP/1.1\r\nHost'],
    ['GET / HTTP/1.1\r\nHost: a\r\nHost:', 'GET / HTTP/1.1\r\nHost: a\r\n'],
    ['POST / HTTP/1.1\r\nContent-Length: 1x', 'POST / HTTP/1.1\r\nContent-Length: 1'],
  ])('%j', (text, before) => {
    expect(judge(text)).toMatchObject({ verdict: 'refused', at: before.length })
  })
})
