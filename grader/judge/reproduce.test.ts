import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { consoleResult, EPOCH, exchange } from '../../testing/exchange-builder.ts'
import type { Exchange } from '../types/index.ts'
import { curl, reproduce } from './reproduce.ts'

const address = 'http://127.0.0.1:3000'

describe('curl', () => {
  test.each<[string, Parameters<typeof exchange>[0], string]>([
    ['a plain request', { target: '/start' }, 'curl -i http://127.0.0.1:3000/start'],
    ['a query', { target: '/a?b=c&d=e' }, "curl -i 'http://127.0.0.1:3000/a?b=c&d=e'"],
    ['an escaped target', { target: '/a%20b' }, 'curl -i http://127.0.0.1:3000/a%20b'],
    [
      'an absolute target',
      { target: 'http://other.test/a?b=c' },
      "curl -i --request-target 'http://other.test/a?b=c' http://127.0.0.1:3000/",
    ],
    [
      'the target of a server as a whole',
      { method: 'OPTIONS', target: '*' },
      "curl -i -X OPTIONS --request-target '*' http://127.0.0.1:3000/",
    ],
    [
      'another method',
      { method: 'POST', target: '/logout' },
      'curl -i -X POST http://127.0.0.1:3000/logout',
    ],
    ['HEAD', { method: 'HEAD' }, 'curl -i --head http://127.0.0.1:3000/'],
    ['cookies', { cookie: 'a=b; c="d e"' }, `curl -i -b 'a=b; c="d e"' http://127.0.0.1:3000/`],
    [
      'a cookie without a name',
      { cookie: 'lonely' },
      "curl -i -H 'Cookie: lonely' http://127.0.0.1:3000/",
    ],
    [
      'fields of its own',
      {
        asks: [
          ['X-Name', "O'Neill"],
          ['User-Agent', 'Mozilla'],
          ['sec-ch-ua', 'x'],
          ['If-None-Match', '"1"'],
        ],
      },
      `curl -i -H 'X-Name: O'\\''Neill' -H 'If-None-Match: "1"' http://127.0.0.1:3000/`,
    ],
    [
      'a field without a value',
      { asks: [['X-Empty', '']] },
      "curl -i -H 'X-Empty;' http://127.0.0.1:3000/",
    ],
    [
      'what no browser says twice',
      {
        asks: [
          ['User-Agent', 'a'],
          ['user-agent', 'b'],
          ['Referer', '/c'],
        ],
      },
      "curl -i -H 'User-Agent: a' -H 'user-agent: b' http://127.0.0.1:3000/",
    ],
    [
      'what every browser accepts',
      { asks: [['Accept', 'text/html,application/xml;q=0.9,*/*;q=0.8']] },
      'curl -i http://127.0.0.1:3000/',
    ],
    [
      'what only says what becomes of the connection',
      {
        asks: [
          ['Connection', 'close'],
          ['connection', 'Keep-Alive, close'],
        ],
      },
      'curl -i http://127.0.0.1:3000/',
    ],
    [
      'a Connection that names fields',
      { asks: [['Connection', 'close, X-Secret']] },
      "curl -i -H 'Connection: close, X-Secret' http://127.0.0.1:3000/",
    ],
    [
      'an Accept that leaves types out',
      { asks: [['Accept', 'application/json']] },
      "curl -i -H 'Accept: application/json' http://127.0.0.1:3000/",
    ],
    [
      'GET with a body',
      { requestBody: 'x' },
      "curl -i -X GET --data-raw 'x' http://127.0.0.1:3000/",
    ],
    [
      'a body',
      {
        method: 'PUT',
        asks: [
          ['Content-Type', 'text/plain'],
          ['Content-Length', '7'],
        ],
        requestBody: "it's $1",
      },
      `curl -i -X PUT -H 'Content-Type: text/plain' --data-raw 'it'\\''s $1' http://127.0.0.1:3000/`,
    ],
  ])('shows %s', (_, written, command) => {
    expect(curl(exchange(written), address)).toBe(command)
  })

  test.each<[string, string, string]>([
    ['bytes that are not text', 'a\xff\xfe0', `$'a\\377\\3760'`],
    ['lines', 'a\r\nb\tc', `$'a\\r\\nb\\tc'`],
    ['quotes among bytes', `it's \\ \xe9`, `$'it\\'s \\\\ \\351'`],
    ['text of any script', Buffer.from('Grüße, 世界').toString('latin1'), `'Grüße, 世界'`],
    ['a mark that shows nothing', Buffer.from('\ufeffa').toString('latin1'), `$'\\357\\273\\277a'`],
  ])('shows content with %s in a form that a shell takes', (_, content, word) => {
    const asked = exchange({ method: 'POST', requestBody: content })
    const request = { ...asked.request, body: Buffer.from(content, 'latin1') }
    expect(curl({ ...asked, request }, address)).toBe(
      `curl -i -X POST --data-raw ${word} http://127.0.0.1:3000/`,
    )
    const [, printed] = execFileSync('bash', ['-c', `printf '%s\\0' x ${word}`], {
      encoding: 'latin1',
    }).split('\0')
    expect(printed).toBe(content)
  })

  test('pipes content in that holds a NUL', () => {
    const content = `a\0b%d'c\\\xff1`
    const asked = exchange({ method: 'POST', requestBody: 'x' })
    const command = curl(
      { ...asked, request: { ...asked.request, body: Buffer.from(content, 'latin1') } },
      address,
    )
    const [input, rest] = command.split(' | ')
    expect(rest).toBe('curl -i -X POST --data-binary @- http://127.0.0.1:3000/')
    expect(execFileSync('bash', ['-c', input!], { encoding: 'latin1' })).toBe(content)
  })

  test('shows the bytes of a field that are not ASCII', () => {
    expect(curl(exchange({ asks: [['X-Name', 'voil\xe0']] }), address)).toBe(
      `curl -i -H $'X-Name: voil\\340' http://127.0.0.1:3000/`,
    )
  })

  test('survives a shell, whatever a request carries', () => {
    const hostile = 'a=$(id) `id` "x" \\ \'y\' !! ; # & | > %s'
    const command = curl(
      exchange({
        cookie: hostile,
        asks: [['X-A', hostile]],
        requestBody: hostile,
        method: 'POST',
        target: "/a'b$(id)?`c`",
      }),
      address,
    )
    const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${command}`], {
      encoding: 'utf8',
    })
    expect(printed.split('\0').slice(0, -1)).toEqual([
      'curl',
      '-i',
      '-X',
      'POST',
      '-b',
      hostile,
      '-H',
      `X-A: ${hostile}`,
      '--data-raw',
      hostile,
      `${address}/a'b$(id)?\`c\``,
    ])
  })
})

test('an origin is named that is another one than the page’s own', () => {
  const asked = (origin: string) => curl(exchange({ asks: [['Origin', origin]] }), address)
  expect([asked('http://127.0.0.1:4000'), asked('null')]).toEqual([
    'curl -i http://127.0.0.1:3000/',
    "curl -i -H 'Origin: null' http://127.0.0.1:3000/",
  ])
})

describe('a site', () => {
  const at = (site: string, more: Partial<Exchange>) =>
    reproduce(
      {
        exchange: {
          ...exchange({
            target: '/a?b',
            asks: [
              [':authority', new URL(site).host],
              ['origin', site],
            ],
          }),
          site,
          ...more,
        },
        console: null,
      },
      { start: 'npm run serve by-hand', address },
      {
        environment: { TLS_PORT: '23456' },
        sites: { 'http://shop.test': 'PORT', 'https://shop.test:8443': 'TLS_PORT' },
      },
    )
  test('is found where the program is', () => {
    expect(at('http://shop.test', {})).toEqual([
      'TLS_PORT=23456 npm run serve by-hand',
      "curl -i --connect-to shop.test:80:127.0.0.1:3000 'http://shop.test/a?b'",
    ])
    expect(at('https://shop.test:8443', { protocol: 'h2' })[1]).toBe(
      "curl -i -k --connect-to shop.test:8443:127.0.0.1:23456 'https://shop.test:8443/a?b'",
    )
    expect(at('https://shop.test:8443', { protocol: 'http/1.1' })[1]).toContain(' --http1.1 ')
    const named = (...headers: [string, string][]) =>
      at('http://shop.test', { request: { ...exchange().request, headers } })[1]
    expect([
      named(['Host', 'shop.test']),
      named(['Host', 'evil.test']),
      named([':authority', 'evil.test']),
      named(),
    ]).toEqual([
      'curl -i --connect-to shop.test:80:127.0.0.1:3000 http://shop.test/',
      "curl -i --connect-to shop.test:80:127.0.0.1:3000 -H 'Host: evil.test' http://shop.test/",
      "curl -i --connect-to shop.test:80:127.0.0.1:3000 -H 'Host: evil.test' http://shop.test/",
      "curl -i --connect-to shop.test:80:127.0.0.1:3000 -H 'Host:' http://shop.test/",
    ])
    const console = { ...consoleResult('document.cookie', ''), page: '/login' }
    expect(
      reproduce(
        { exchange: null, console },
        { start: null, address },
        { sites: { 'https://shop.test': 'PORT' } },
      ),
    ).toEqual([
      "open https://shop.test/login in a Chromium started with --host-resolver-rules='MAP shop.test:443 127.0.0.1:3000' and type in its console: document.cookie",
    ])
  })
})

describe('reproduce', () => {
  const start = 'npm run serve by-hand'

  test('begins with the command that starts the program, unless it runs already', () => {
    const failedOn = { exchange: exchange({ target: '/a' }), console: null }
    expect(reproduce(failedOn, { start, address })).toEqual([
      start,
      'curl -i http://127.0.0.1:3000/a',
    ])
    expect(reproduce(failedOn, { start: null, address })).toEqual([
      'curl -i http://127.0.0.1:3000/a',
    ])
  })

  test('says what to type into the console', () => {
    const failedOn = {
      exchange: null,
      console: { ...consoleResult('document.cookie', ''), page: '/login' },
    }
    expect(reproduce(failedOn, { start, address })).toEqual([
      start,
      'open http://127.0.0.1:3000/login and type in its console: document.cookie',
    ])
  })

  test('opens a page for everything that is no request to it', () => {
    const opened = [
      start,
      'open http://127.0.0.1:3000/ and look into its console and its network panel',
    ]
    expect(reproduce({ exchange: null, console: null }, { start, address, page: true })).toEqual(
      opened,
    )
    expect(
      reproduce(
        { exchange: { ...exchange({ target: '/a' }), origin: 'the partner' }, console: null },
        { start, address, page: true },
      ),
    ).toEqual(opened)
  })

  test('is empty when a command would be too long to be pasted', () => {
    const asked = exchange({ method: 'PUT', target: '/a', requestBody: 'x'.repeat(2000) })
    expect(reproduce({ exchange: asked, console: null }, { start, address })).toEqual([])
  })

  test('is empty when there is nothing to send', () => {
    expect(reproduce({ exchange: null, console: null }, { start, address })).toEqual([])
  })
})

describe('what a scenario did to the program', () => {
  const how = { start: 'npm run serve x', address }
  const put = exchange({ id: 1, method: 'PUT', target: '/a', status: 204 })
  const get = exchange({ id: 2, target: '/a', at: 2 })
  const shown = (interventions: { at: number; signal?: string }[]) =>
    reproduce({ exchange: get, console: null }, how, {
      environment: { WORD: 'one' },
      exchanges: [put, get],
      interventions: interventions.map(({ at, ...each }) => ({
        at: EPOCH + at * 1000,
        ...(each.signal === undefined ? { environment: { WORD: 'two' } } : each),
      })),
    })

  test('a new start between two requests is a step of its own', () => {
    expect(shown([{ at: 1 }])).toEqual([
      'WORD=one npm run serve x',
      'curl -i -X PUT http://127.0.0.1:3000/a',
      'Ctrl-C, then WORD=two npm run serve x',
      'curl -i http://127.0.0.1:3000/a',
    ])
  })

  test('one before both is where to begin, one after both is nothing', () => {
    expect(shown([{ at: -1 }])[0]).toBe('WORD=two npm run serve x')
    expect(shown([{ at: 3 }]).join()).not.toContain('two')
  })

  test('what came after a signal cannot be shown by commands, unless it was started again', () => {
    expect(shown([{ at: 1, signal: 'SIGTERM' }])).toEqual([])
    expect(shown([{ at: 1, signal: 'SIGTERM' }, { at: 1.5 }])).toHaveLength(4)
    expect(shown([{ at: 3, signal: 'SIGTERM' }])).toHaveLength(3)
  })
})
