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

  test('takes another path or domain for another cookie', () => {
    expect(setCookie(exchange({ sets: ['a=1; Path=/', 'a=2; Path=/x', 'a=3'] }), 'a')?.value).toBe(
      '1',
    )
    expect(setCookie(exchange({ sets: ['a=1', 'a=2; Domain=x.y', 'a=3'] }), 'a')?.value).toBe('3')
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
