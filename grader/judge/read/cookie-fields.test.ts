import { describe, expect, test } from 'vitest'
import { cookieSent, cookiesSent, parseSetCookie, setCookie, setCookies } from './cookie-fields.ts'
import { exchange } from '../../../testing/exchange-builder.ts'

describe('parseSetCookie', () => {
  test('reads a line with everything in it', () => {
    const line =
      'token=9f2c81; Max-Age=10; Path=/a; Domain=example.com; Secure; HttpOnly; SameSite=Lax; Expires=Wed, 21 Oct 2026 07:28:00 GMT'
    expect(parseSetCookie(line)).toMatchObject({
      line,
      name: 'token',
      value: '9f2c81',
      maxAge: 10,
      path: '/a',
      domain: 'example.com',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      expires: Date.UTC(2026, 9, 21, 7, 28),
    })
  })

  test('reads a line with nothing but the pair', () => {
    expect(parseSetCookie('a=b')).toEqual({
      line: 'a=b',
      name: 'a',
      value: 'b',
      attributes: [],
      maxAge: undefined,
      expires: undefined,
      path: undefined,
      domain: undefined,
      secure: false,
      httpOnly: false,
      sameSite: undefined,
    })
  })

  test.each<[string, string, string]>([
    ['a=b=c==', 'a', 'b=c=='],
    ['a=', 'a', ''],
    ['=b', '', 'b'],
    ['b', '', 'b'],
    ['', '', ''],
    ['  a  =  b c  ; Path=/', 'a', 'b c'],
    ['\ta\t=\tb\t', 'a', 'b'],
    ['a="b c"', 'a', '"b c"'],
    ['a="b;c"', 'a', '"b'],
    ['__Host-a=%C3%BC,b', '__Host-a', '%C3%BC,b'],
    // Nothing but spaces and tabs goes.
    ['\xa0a\xa0=\xa0b\xa0; Path=/', '\xa0a\xa0', '\xa0b\xa0'],
    ['a=voil\xc3\xa0', 'a', 'voil\xc3\xa0'],
    ['a= \u2003b\u2003\t', 'a', '\u2003b\u2003'],
    ['\ufeffa=\ufeffb\ufeff', '\ufeffa', '\ufeffb\ufeff'],
    ['a=\ufffd', 'a', '\ufffd'],
    ['a=\x85b\x85', 'a', '\x85b\x85'],
    ['\xa0', '', '\xa0'],
  ])('reads name and value of %j', (line, name, value) => {
    expect(parseSetCookie(line)).toMatchObject({ name, value })
  })

  test.each<[string, object]>([
    [
      'a=b;max-age=5;PATH=/x;httponly;SECURE;samesite=STRICT',
      { maxAge: 5, path: '/x', httpOnly: true, secure: true, sameSite: 'STRICT' },
    ],
    ['a=b ;  Max-Age = 5 ; Path = /x  ', { maxAge: 5, path: '/x' }],
    ['a=b; HttpOnly=false; Secure=0', { httpOnly: true, secure: true }],
    ['a=b; Max-Age=5; Max-Age=7; Path=/x; Path=/y', { maxAge: 7, path: '/y' }],
    ['a=b; Max-Age=-1', { maxAge: -1 }],
    ['a=b; Max-Age=+5', { maxAge: 5 }],
    ['a=b; Max-Age=0', { maxAge: 0 }],
    ['a=b; Max-Age=1.5', { maxAge: undefined }],
    ['a=b; Max-Age=10s', { maxAge: undefined }],
    ['a=b; Max-Age="10"', { maxAge: undefined }],
    ['a=b; Max-Age=', { maxAge: undefined }],
    ['a=b; Max-Age', { maxAge: undefined }],
    ['a=b; MaxAge=10; max_age=10', { maxAge: undefined }],
    ['a=b; Expires=soon', { expires: undefined }],
    ['a=b; Path', { path: '' }],
    ['a=b; Path=/a=b', { path: '/a=b' }],
    ['a=b; Path=/x\xa0; Max-Age=5\xa0', { path: '/x\xa0', maxAge: undefined }],
    ['a=b;\xa0HttpOnly; Secure\u2003', { httpOnly: false, secure: false }],
    ['a=b; Max-Age=5; Max-Age=x', { maxAge: undefined }],
    [
      `a=b; Path=/${'x'.repeat(1024)}; Max-Age=${'0'.repeat(1100)}5`,
      { path: undefined, maxAge: undefined },
    ],
    [`a=b; Path=/x; Path=/${'x'.repeat(1023)}`, { path: `/${'x'.repeat(1023)}` }],
  ])('reads the attributes of %j', (line, attributes) => {
    expect(parseSetCookie(line)).toMatchObject(attributes)
  })

  test('says where each attribute stands', () => {
    const line = 'a=b;Max-Age=10 ;  Path = /x;; HttpOnly'
    const { attributes } = parseSetCookie(line)
    expect(
      attributes.map(({ name, value, start, end }) => [name, value, line.slice(start, end)]),
    ).toEqual([
      ['Max-Age', '10', 'Max-Age=10'],
      ['Path', '/x', 'Path = /x'],
      ['', '', ''],
      ['HttpOnly', '', 'HttpOnly'],
    ])
  })
})

describe('setCookies', () => {
  test('gives one cookie per field, in order, whatever the case of the field', () => {
    const answer = exchange({
      answers: [
        ['SET-COOKIE', 'a=1'],
        ['X', 'y'],
        ['set-cookie', 'b=2, c=3'],
      ],
    })
    expect(setCookies(answer).map(({ name, value }) => [name, value])).toEqual([
      ['a', '1'],
      ['b', '2, c=3'],
    ])
  })

  test('gives none without an answer', () => {
    expect(setCookies(exchange({ status: null, sets: ['a=1'] }))).toEqual([])
    expect([setCookies(null), setCookies(undefined)]).toEqual([[], []])
  })
})

describe('setCookie', () => {
  test('takes whole names in their own case', () => {
    const answer = exchange({ sets: ['xsession=1', 'Session=2', 'session=3', 'sessions=4'] })
    expect(setCookie(answer, 'session')?.value).toBe('3')
    expect(setCookie(answer, 'sess')).toBeUndefined()
    expect(setCookie(null, 'session')).toBeUndefined()
  })

  test('lets the last line of the same cookie count', () => {
    expect(
      setCookie(exchange({ sets: ['a=1; Path=/', 'b=0', 'a=2; Path=/; Max-Age=5'] }), 'a'),
    ).toMatchObject({ value: '2', maxAge: 5 })
  })

  /** What `a` is in the end, in an answer to GET /shop/login from 127.0.0.1. */
  const held = (sets: readonly string[], written: Parameters<typeof exchange>[0] = {}) =>
    setCookie(exchange({ target: '/shop/login', ...written, sets }), 'a')?.value

  // All of these were measured with Chromium 153.
  test.each<[string[], string]>([
    [['a=1', 'a=2'], '2'],
    [['a=1', 'a=2; Path='], '2'],
    [['a=1', 'a=2; Path'], '2'],
    [['a=1', 'a=2; Path=x'], '2'],
    [['a=1', 'a=2; Path="/"'], '2'],
    [['a=1', 'a=2; Path=/shop'], '2'],
    [['a=1; Path=/shop', 'a=2'], '2'],
    [['a=1; Path=x', 'a=2; Path=y'], '2'],
    [['a=1', 'a=2; Path=/; Path='], '2'],
    [['a=1', `a=2; Path=/${'x'.repeat(1100)}`], '2'],
    [['a=1', 'a=2; Domain='], '2'],
    [['a=1', 'a=2; Domain'], '2'],
    [['a=1', 'a=2; Domain=127.0.0.1'], '2'],
    [['a=1', 'a=2; Domain=.127.0.0.1'], '2'],
    [['a=1; Domain=127.0.0.1', 'a=2; Domain='], '2'],
    [['a=1', 'a=2; Domain=x.y; Domain='], '2'],
    [['a=; Max-Age=0', 'a=2'], '2'],
    [['a=; Max-Age=0', 'a=2; Path=/'], '2'],
    [['a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'a=2; Path=/'], '2'],
    [['a=; Max-Age=0; Path=/shop', 'a=2; Path=x'], '2'],
    [['a=2; Path=/', 'a=; Max-Age=0'], '2'],
    [['a=1', 'a=2; Secure'], '2'],
    [['a=1', 'a=2; SameSite=None; Secure'], '2'],
  ])('of %j the second is kept', (sets, value) => {
    expect(held(sets)).toBe(value)
    expect(held(sets, { target: 'http://127.0.0.1:4000/shop/login?next=/a/b' })).toBe(value)
  })

  test('without a folder the default path is /', () => {
    for (const target of ['/login', '/', '/?a=/b/c', '*'])
      expect(held(['a=; Max-Age=0', 'a=2; Path=/', 'a=3'], { target })).toBe('3')
  })

  test.each<[string[]]>([
    [['a=1', 'a=2; Path=/']],
    [['a=1', 'a=2; Path=/SHOP']],
    [['a=1', 'a=2; Path=/shop/']],
    [['a=1', 'a=2; Path=/shop/login']],
    [['a=1', 'A=2']],
    [['a=1', '\xa0a=2']],
  ])('of %j both are kept, and the first counts', (sets) => {
    expect(held(sets)).toBe('1')
  })

  test.each<[string]>([
    ['a=2; Domain=x.y'],
    ['a=2; Domain=localhost'],
    ['a=2; Domain=0.0.1'],
    ['a=2; Domain=..127.0.0.1'],
    ['a=2; Domain="127.0.0.1"'],
    ['a=2; Domain=127.0.0.1:4000'],
    ['a=2; Domain=.'],
    ['a=2; Domain=; Domain=x.y'],
    ['a=2; SameSite=None'],
    ['a=2; Partitioned'],
    ['a=2\x01'],
    ['a=2\t3'],
    ['a=2; x=\x7f'],
    [`a=${'2'.repeat(4096)}`],
  ])('%j is refused, so that the first stays', (line) => {
    expect(held(['a=1', line])).toBe('1')
  })

  test('one that is deleted, or refused, is still there to be spoken of', () => {
    expect(held(['a=1', 'a=2; Max-Age=0'])).toBe('2')
    expect(held(['a=1; Path=/', 'a=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/'])).toBe('2')
    expect(held(['a=1; Domain=x.y'])).toBe('1')
  })

  test('a host with a name has subdomains, and its own Domain is for them, too', () => {
    const asks = (host: string) => [['Host', host]] as const
    const at = (host: string, ...sets: string[]) => {
      const asked = exchange({ sets })
      return setCookie({ ...asked, request: { ...asked.request, headers: asks(host) } }, 'a')?.value
    }
    expect(at('shop.test', 'a=1', 'a=2; Domain=shop.test')).toBe('1')
    expect(at('shop.test:4000', 'a=1; Domain=.shop.test', 'a=2; Domain=SHOP.test')).toBe('2')
    expect(at('www.shop.test', 'a=1; Domain=www.shop.test', 'a=2; Domain=shop.test')).toBe('1')
    expect(at('www.shop.test', 'a=1; Domain=other.test', 'a=2')).toBe('2')
    expect(at('localhost:4000', 'a=1', 'a=2; Domain=localhost')).toBe('2')
    expect(at('[::1]:4000', 'a=1', 'a=2; Domain=[::1]')).toBe('2')
  })
})

describe('cookiesSent', () => {
  test.each<[string, [string, string][]]>([
    [
      'a=1; b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'a=1;b=2 ;  c = 3',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    [
      'a=b=c; a=2',
      [
        ['a', 'b=c'],
        ['a', '2'],
      ],
    ],
    [
      'a=; b',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ['a="x, y"', [['a', '"x, y"']]],
    [
      'a=1\xa0;\u2003b=2',
      [
        ['a', '1\xa0'],
        ['\u2003b', '2'],
      ],
    ],
    ['\t a =\ufeff1 ', [['a', '\ufeff1']]],
    ['; ;', []],
    ['', []],
  ])('reads %j', (line, pairs) => {
    expect(cookiesSent(exchange({ cookie: line })).map(({ name, value }) => [name, value])).toEqual(
      pairs,
    )
  })

  test('joins several Cookie fields, in order', () => {
    const request = exchange({
      asks: [
        ['cookie', 'a=1'],
        ['Cookie', 'b=2; a=3'],
      ],
    })
    expect(cookiesSent(request)).toHaveLength(3)
    expect(cookieSent(request, 'a')).toBe('1')
  })

  test('tells an empty value from none', () => {
    expect(cookieSent(exchange({ cookie: 'a=; xb=1' }), 'a')).toBe('')
    expect(cookieSent(exchange({ cookie: 'a=; xb=1' }), 'b')).toBeUndefined()
    expect(cookieSent(exchange(), 'a')).toBeUndefined()
    expect(cookieSent(null, 'a')).toBeUndefined()
  })
})
