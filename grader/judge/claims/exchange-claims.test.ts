import { describe, expect, test } from 'vitest'
import type { Exchange, Finding } from '../../types/index.ts'
import { exchange, underCarets, type Written } from '../../../testing/exchange-builder.ts'
import { exchangeClaims, type ExchangeClaims } from './exchange-claims.ts'
import { matching } from './matcher.ts'
import { ClaimFailed, createRecorder } from './recorder.ts'

/** The last claim that was made, held or not. */
function claim(
  subject: Written | Exchange | null,
  make: (claims: ExchangeClaims) => unknown,
): Finding {
  const recorder = createRecorder()
  const recorded = subject === null || 'kind' in subject ? subject : exchange(subject)
  try {
    make(exchangeClaims(recorded, recorder))
  } catch (error) {
    if (!(error instanceof ClaimFailed)) throw error
    expect(recorder.failedOn.exchange).toBe(recorded)
  }
  return recorder.findings.at(-1)!
}
const words = ({ claim, expected, received, holds }: Finding) => [holds, claim, expected, received]
const lines = ({ exhibit }: Finding) =>
  exhibit?.kind === 'message' ? exhibit.lines.map(({ text }) => text) : []

describe('without an answer every claim about one fails in words', () => {
  test.each<[string, Written | null, string, string, string]>([
    [
      'nothing on the wire',
      null,
      'the request reached your program',
      'a request on the wire',
      'nothing crossed the wire',
    ],
    [
      'no answer',
      { status: null },
      'GET / is answered',
      'a complete HTTP response',
      'no answer in the time allowed',
    ],
    [
      'no answer for some seconds',
      { status: null, waitedMs: 4012 },
      'GET / is answered',
      'a complete HTTP response',
      'no answer in 4 s',
    ],
    [
      'a closed connection',
      { status: null, cut: 'closed' },
      'GET / is answered',
      'a complete HTTP response',
      'nothing: your program closed the connection without an answer',
    ],
    [
      'a reset',
      { status: null, cut: 'reset' },
      'GET / is answered',
      'a complete HTTP response',
      'nothing: your program reset the connection',
    ],
    [
      'nobody listening',
      { status: null, cut: 'refused' },
      'GET / is answered',
      'a complete HTTP response',
      'nothing: your program no longer accepted connections',
    ],
    [
      'garbage',
      { garbage: 'oops' },
      'GET / is answered',
      'HTTP/1.1 200 OK, or another status line',
      "bytes that aren't an HTTP response",
    ],
    [
      'half an answer',
      { complete: false, body: 'abc' },
      'GET / is answered',
      'a complete HTTP response',
      'the head came, the content never ended (3 bytes in the time allowed)',
    ],
    [
      'a slow drip',
      { complete: false, body: 'abc', waitedMs: 4400 },
      'GET / is answered',
      'a complete HTTP response',
      'the head came, the content never ended (3 bytes in 4 s)',
    ],
    [
      'half an answer, then a reset',
      { complete: false, body: 'abc', cut: 'reset' },
      'GET / is answered',
      'a complete HTTP response',
      'the head came, the content never ended (3 bytes, then the connection was reset)',
    ],
    [
      'too much',
      { complete: false, cut: 'capped' },
      'GET / is answered',
      'a complete HTTP response',
      'an answer that went on and on; the grader cut it off',
    ],
    [
      'a huge head',
      { answers: [['X', 'x'.repeat(70_000)]] },
      'GET / is answered',
      'a complete HTTP response',
      'a head of 68 kB',
    ],
  ])('%s', (_, written, ...said) => {
    const about: ((claims: ExchangeClaims) => unknown)[] = [
      (claims) => claims.toBeAnswered(),
      (claims) => claims.toHaveStatus(200),
      (claims) => claims.toHaveHeader('X'),
      (claims) => claims.notToHaveHeader('Y'),
      (claims) => claims.toHaveEmptyBody(),
      (claims) => claims.toHaveText(''),
      (claims) => claims.toHaveJson(null),
      (claims) => claims.toSetCookie('a'),
      (claims) => claims.notToSetCookie('a'),
    ]
    for (const make of about) expect(words(claim(written, make))).toEqual([false, ...said])
  })

  test('shows the bytes that came, or what was asked', () => {
    expect(
      underCarets(
        claim({ garbage: 'not http at all\r\nx' }, (claims) => claims.toBeAnswered()).exhibit,
      ),
    ).toEqual([['not http at all', 'not http at all']])
    expect(
      lines(
        claim({ target: '/a', status: null, cookie: 'a=b' }, (claims) => claims.toBeAnswered()),
      ),
    ).toEqual(['GET /a HTTP/1.1'])
    expect(
      lines(claim({ complete: false, answers: [['X', 'y']] }, (claims) => claims.toBeAnswered())),
    ).toEqual(['HTTP/1.1 200 OK', 'X: y'])
  })

  test('an answered one is answered, and nothing is claimed aloud', () => {
    const recorder = createRecorder()
    exchangeClaims(exchange(), recorder).toBeAnswered()
    expect(recorder.findings).toEqual([])
  })
})

describe('toHaveStatus', () => {
  test('holds for that status', () => {
    const finding = claim({ status: 204, reason: 'No Content' }, (claims) =>
      claims.toHaveStatus(204),
    )
    expect(words(finding)).toEqual([
      true,
      'the status is 204',
      'status 204',
      'HTTP/1.1 204 No Content',
    ])
  })

  test('fails for another, the caret under the number', () => {
    const finding = claim(
      { target: '/start', status: 404, reason: 'Not Found', answers: [['X', '404']] },
      (claims) => claims.toHaveStatus(200),
    )
    expect(words(finding)).toEqual([
      false,
      'the status is 200',
      'status 200',
      'HTTP/1.1 404 Not Found',
    ])
    expect(underCarets(finding.exhibit)).toEqual([['HTTP/1.1 404 Not Found', '404']])
    expect(finding.exhibit).toMatchObject({
      kind: 'message',
      side: 'response',
      exchange: 1,
      summary: 'GET /start → 404',
    })
  })

  test('takes a test with words of its own', () => {
    expect(
      words(
        claim({ status: 302 }, (claims) =>
          claims.toHaveStatus(matching('2xx', (status) => status < 300)),
        ),
      ).slice(0, 3),
    ).toEqual([false, 'the status is 2xx', 'status 2xx'])
  })
})

describe('toHaveHeader', () => {
  test.each<[string, string, string]>([
    ['ContentType', 'Content-Type', 'no Content-Type field; ContentType is another name'],
    ['Content_Type', 'Content-Type', 'no Content-Type field; Content_Type is another name'],
    [
      'Acess-Control-Alow-Origin',
      'Access-Control-Allow-Origin',
      'no Access-Control-Allow-Origin field; Acess-Control-Alow-Origin is another name',
    ],
    [
      'Access-Control-Allow-Headers',
      'Access-Control-Allow-Methods',
      'no Access-Control-Allow-Methods field',
    ],
    ['Dart', 'Date', 'no Date field'],
  ])('%s for %s', (written, meant, received) => {
    const finding = claim({ answers: [[written, 'x']] }, (claims) => claims.toHaveHeader(meant))
    expect(finding.received).toBe(received)
    if (received.includes(';'))
      expect(underCarets(finding.exhibit)).toEqual([[`${written}: x`, written]])
  })

  test('holds for a field in any case, and any of several', () => {
    expect(
      words(claim({ answers: [['x-name', 'ada']] }, (claims) => claims.toHaveHeader('X-Name'))),
    ).toEqual([true, 'the response carries X-Name', 'the field X-Name', 'X-Name: ada'])
    expect(
      claim(
        {
          answers: [
            ['X', '1'],
            ['x', '2'],
          ],
        },
        (claims) => claims.toHaveHeader('X', '2'),
      ).holds,
    ).toBe(true)
    expect(claim({ answers: [['X', '']] }, (claims) => claims.toHaveHeader('X')).holds).toBe(true)
  })

  test('fails without it, showing the whole head', () => {
    const finding = claim({ answers: [['Y', '1']] }, (claims) => claims.toHaveHeader('X', /^\d$/))
    expect(words(finding)).toEqual([
      false,
      'the response carries X',
      'X: something like /^\\d$/',
      'no X field',
    ])
    expect(lines(finding)).toEqual(['HTTP/1.1 200 OK', 'Y: 1'])
  })

  test('fails when the value it should have was never there', () => {
    const neverThere: string | undefined = undefined
    expect(
      words(
        claim({ answers: [['ETag', '"1"']] }, (claims) => claims.toHaveHeader('ETag', neverThere)),
      ),
    ).toEqual([
      false,
      'the response carries ETag',
      'ETag: the value it had before, and it had none',
      'ETag: "1"',
    ])
  })

  test('fails for another value, showing the lines of that name', () => {
    const finding = claim(
      {
        answers: [
          ['X', 'a'],
          ['Y', '1'],
          ['x', 'b'],
        ],
      },
      (claims) => claims.toHaveHeader('X', 'c'),
    )
    expect(words(finding)).toEqual([false, 'the response carries X', 'X: c', 'X: a\nX: b'])
    expect(lines(finding)).toEqual(['X: a', 'x: b'])
  })
})

describe('notToHaveHeader', () => {
  test('holds without it', () => {
    expect(
      words(claim({ answers: [['Y', '1']] }, (claims) => claims.notToHaveHeader('X'))),
    ).toEqual([true, 'the response carries no X', 'no X field', 'no X field'])
  })

  test('fails with it, the caret under the value', () => {
    const finding = claim(
      {
        answers: [
          ['Y', '1'],
          ['x', 'secret'],
        ],
      },
      (claims) => claims.notToHaveHeader('X'),
    )
    expect(words(finding)).toEqual([false, 'the response carries no X', 'no X field', 'X: secret'])
    expect(underCarets(finding.exhibit)).toEqual([['x: secret', 'secret']])
  })
})

describe('claims about the content', () => {
  test('toHaveEmptyBody', () => {
    expect(words(claim({}, (claims) => claims.toHaveEmptyBody()))).toEqual([
      true,
      'the response has no content',
      'no content',
      'no content',
    ])
    const finding = claim({ body: 'ü' }, (claims) => claims.toHaveEmptyBody())
    expect(words(finding)).toEqual([
      false,
      'the response has no content',
      'no content',
      '2 bytes of content',
    ])
    expect(lines(finding)).toEqual(['ü'])
  })

  test('neither text nor JSON is claimed of content that Chromium cannot decode', () => {
    const coded: Written = { answers: [['Content-Encoding', 'gzip']], body: '{"a":1}' }
    const received = '7 bytes that Chromium cannot decode'
    for (const text of ['', /a/, '{"a":1}'])
      expect(claim(coded, (claims) => claims.toHaveText(text))).toMatchObject({
        holds: false,
        received,
      })
    const json = claim(coded, (claims) => claims.toHaveJson({ a: 1 }))
    expect(json).toMatchObject({ holds: false, received })
    expect(lines(json)).toEqual(['Content-Encoding: gzip'])
  })

  test('toHaveText', () => {
    expect(words(claim({ body: 'grüße' }, (claims) => claims.toHaveText('grüße')))).toEqual([
      true,
      'the content is grüße',
      'grüße',
      'grüße',
    ])
    expect(words(claim({ body: '' }, (claims) => claims.toHaveText(/x/)))).toEqual([
      false,
      'the content is something like /x/',
      'something like /x/',
      'an empty string',
    ])
    expect(claim({ body: 'x'.repeat(300) }, (claims) => claims.toHaveText('y')).received).toBe(
      `${'x'.repeat(200)} …`,
    )
  })

  test('toHaveJson', () => {
    expect(
      words(
        claim({ body: ' {"b": 1, "a": [null]} ' }, (claims) =>
          claims.toHaveJson({ a: [null], b: 1 }),
        ),
      ),
    ).toEqual([
      true,
      'the content is JSON: {"a":[null],"b":1}',
      '{"a":[null],"b":1}',
      '{"b":1,"a":[null]}',
    ])
    expect(
      words(claim({ json: { cookie: 'x' } }, (claims) => claims.toHaveJson({ cookie: null }))),
    ).toEqual([false, 'the content is JSON: {"cookie":null}', '{"cookie":null}', '{"cookie":"x"}'])
    expect(words(claim({ json: 'bar' }, (claims) => claims.toHaveJson('bar')))).toEqual([
      true,
      'the content is JSON: a text: "bar"',
      'a text: "bar"',
      'a text: "bar"',
    ])
    expect(words(claim({ body: '<p>' }, (claims) => claims.toHaveJson(null)))).toEqual([
      false,
      'the content is JSON: null',
      'null',
      'no JSON: <p>',
    ])
    expect(
      words(claim({ body: '' }, (claims) => claims.toHaveJson(matching('anything', () => true)))),
    ).toEqual([false, 'the content is JSON: anything', 'anything', 'no JSON: an empty string'])
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    expect(claim({ body: deep }, (claims) => claims.toHaveJson([])).received).toBe(
      `JSON of more than 100 lists or objects within one another: ${'['.repeat(200)}`,
    )
  })

  test('a long content is shown from its beginning', () => {
    expect(
      lines(claim({ body: 'line\n'.repeat(100) }, (claims) => claims.toHaveText(''))).length,
    ).toBeLessThan(20)
    expect(lines(claim({ body: '' }, (claims) => claims.toHaveText('x')))).toEqual(['(no content)'])
  })
})

describe('notToSetCookie', () => {
  test('holds when other cookies are set', () => {
    expect(words(claim({ sets: ['ab=1'] }, (claims) => claims.notToSetCookie('a')))).toEqual([
      true,
      'the response does not set a',
      'no Set-Cookie for a',
      'none',
    ])
  })

  test('fails when it is set, the caret under that line and no other', () => {
    const finding = claim({ sets: ['b=1', 'a=2; Path=/', 'c=3'] }, (claims) =>
      claims.notToSetCookie('a'),
    )
    expect(words(finding)).toEqual([
      false,
      'the response does not set a',
      'no Set-Cookie for a',
      'Set-Cookie: a=2; Path=/',
    ])
    expect(underCarets(finding.exhibit)).toEqual([['Set-Cookie: a=2; Path=/', 'a=2; Path=/']])
  })
})

describe('toSendCookie', () => {
  test('holds when the request carried it, alone or among others, answered or not', () => {
    expect(words(claim({ cookie: 'x=1; a=2' }, (claims) => claims.toSendCookie('a')))).toEqual([
      true,
      'the request carried a',
      'Cookie: a=…',
      'Cookie: x=1; a=2',
    ])
    expect(
      claim({ cookie: 'a=1; a=2', status: null }, (claims) => claims.toSendCookie('a', '2')).holds,
    ).toBe(true)
    expect(claim({ cookie: 'a=' }, (claims) => claims.toSendCookie('a')).holds).toBe(true)
  })

  test('fails without it, showing the whole request', () => {
    const finding = claim({ target: '/a' }, (claims) => claims.toSendCookie('a'))
    expect(words(finding)).toEqual([
      false,
      'the request carried a',
      'Cookie: a=…',
      'no Cookie header',
    ])
    expect(lines(finding)).toEqual(['GET /a HTTP/1.1', 'Host: 127.0.0.1:4000'])
  })

  test('fails with another name or value', () => {
    expect(words(claim({ cookie: 'ab=1; A=1' }, (claims) => claims.toSendCookie('a')))).toEqual([
      false,
      'the request carried a',
      'Cookie: a=…',
      'Cookie: ab=1; A=1',
    ])
    expect(words(claim({ cookie: 'a=1' }, (claims) => claims.toSendCookie('a', '2')))).toEqual([
      false,
      'the request carried a',
      'Cookie: a=2',
      'Cookie: a=1',
    ])
  })

  test('fails when the value it should have was never set: any value is not that value', () => {
    const neverSet: string | undefined = undefined
    expect(words(claim({ cookie: 'a=1' }, (claims) => claims.toSendCookie('a', neverSet)))).toEqual(
      [
        false,
        'the request carried a',
        'Cookie: a=… as it was set, and it was not set',
        'Cookie: a=1',
      ],
    )
    expect(claim({}, (claims) => claims.toSendCookie('a', neverSet)).holds).toBe(false)
  })
})

describe('notToSendCookie', () => {
  test('holds without it', () => {
    expect(words(claim({ cookie: 'ab=1' }, (claims) => claims.notToSendCookie('a')))).toEqual([
      true,
      'the request did not carry a',
      'no a in the Cookie header',
      'Cookie: ab=1',
    ])
    expect(words(claim({}, (claims) => claims.notToSendCookie('a')))).toEqual([
      true,
      'the request did not carry a',
      'no a in the Cookie header',
      'no Cookie header',
    ])
  })

  test('fails with it, even when it is empty', () => {
    expect(words(claim({ cookie: 'b=1; a=' }, (claims) => claims.notToSendCookie('a')))).toEqual([
      false,
      'the request did not carry a',
      'no a in the Cookie header',
      'Cookie: b=1; a=',
    ])
  })
})
