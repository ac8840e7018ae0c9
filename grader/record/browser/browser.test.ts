import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { createServer as createNetServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { BrowserDied } from '../../types/errors.ts'
import { parseSetCookie } from '../../judge/read/cookie-fields.ts'
import type { Exchange } from '../../types/index.ts'
import { closeBrowser, startBrowserAhead, warmBrowser } from './browser.ts'
import { ownFolderPrefix } from './own-folders.ts'
import type { Kit } from '../../types/kit.ts'
import { record } from '../../../testing/record-by-hand.ts'

// On a busy machine the wait for an answer is longer; here only where none is waited for in vain.
const machine = vi.hoisted(() => ({ isQuiet: false }))
vi.mock('../timing/machine-speed.ts', async (original) => {
  const { machineSlowness, isMachineLoaded } =
    await original<typeof import('../timing/machine-speed.ts')>()
  return {
    machineSlowness: async () => (machine.isQuiet ? 1 : machineSlowness()),
    isMachineLoaded: () => !machine.isQuiet && isMachineLoaded(),
  }
})

// One browser for all: what is done to it at the end comes last.
beforeAll(() => warmBrowser())
afterAll(closeBrowser)

/** An address of this machine that others can reach; undefined when it has none. */
const elsewhere = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

const html = (response: ServerResponse, body: string, headers: Record<string, string> = {}) => {
  response.writeHead(200, { 'Content-Type': 'text/html', ...headers })
  response.end(`<!doctype html><link rel="icon" href="data:,">${body}`)
}
const page =
  (body: string, headers?: Record<string, string>): RequestListener =>
  (_, response) =>
    html(response, body, headers)
const answer = (exchange: Exchange | null | undefined) =>
  exchange &&
  `${exchange.request.method} ${exchange.request.target} → ${exchange.response?.status ?? 'none'}`
const header = (exchange: Exchange | null, name: string) =>
  exchange?.request.headers.find(([key]) => key.toLowerCase() === name)?.[1]

test('every connection that carried something is known, with what its client sent', async () => {
  const { facts } = await record(
    (_, response) => response.end('ok'),
    async ({ send, connect, connections }) => {
      await connect()
      await send('/a')
      const raw = await connect()
      await raw.write('GET /b HTTP/1.1\r\nHost: x\r\n\r\n')
      await raw.receive((received) => received.includes('ok'))
      raw.end()
      return { connections: connections() }
    },
  )
  const sent = facts.connections.map(({ bytes }) => Buffer.from(bytes).toString())
  expect(sent).toEqual([
    expect.stringMatching(/^GET \/a HTTP/),
    'GET /b HTTP/1.1\r\nHost: x\r\n\r\n',
  ])
})

describe('a visit', () => {
  test('gives the document, what the page shows and what its console said', async () => {
    const { facts, exchanges, remarks } = await record(
      page(
        '<p>hello</p><script>console.log("one", 2); setTimeout(() => { throw new TypeError("three") })</script>',
      ),
      async ({ newPage }) => {
        const tab = await newPage()
        const visit = await tab.open('/a?b=c')
        return { visit, later: await tab.open('/b') }
      },
    )
    expect(facts.visit).toMatchObject({ kind: 'visit', text: 'hello', error: null, followed: [] })
    expect(facts.visit.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/a\?b=c$/)
    expect(facts.visit.document).toBe(exchanges[0])
    expect([answer(facts.visit.document), facts.visit.document!.response!.complete]).toEqual([
      'GET /a?b=c → 200',
      true,
    ])
    expect([...facts.visit.console, ...facts.later.console]).toEqual(
      expect.arrayContaining(['log: one 2', 'error: three']),
    )
    expect(remarks).toEqual([
      { id: 'page-threw', say: 'Your script threw: TypeError: three (/a line 1).' },
    ])
  })

  const script = '<script>document.title = "ran"</script>'
  test.each<[what: string, headers: Record<string, string>, says: string]>([
    [
      'a policy',
      { 'Content-Security-Policy': "default-src 'self'" },
      "“Executing inline script violates the following Content Security Policy directive 'default-src 'self''.”",
    ],
    [
      'a sandbox',
      { 'Content-Security-Policy': 'sandbox' },
      "“Blocked script execution in '/' because the document's frame is sandboxed",
    ],
    ['its type', { 'Content-Type': 'text/plain' }, 'Chromium showed / as text and ran no script'],
  ])('of a page whose script was stopped by %s says so', async (_, headers, says) => {
    const { remarks } = await record(page(script, headers), async ({ newPage }) =>
      (await newPage()).open('/'),
    )
    expect(remarks).toEqual([{ id: 'script-refused', say: expect.stringContaining(says) }])
  })

  test.each<[what: string, headers: Record<string, string>]>([
    ['reports only', { 'Content-Security-Policy-Report-Only': "script-src 'self'" }],
    ['is for styles', { 'Content-Security-Policy': "style-src 'none'" }],
  ])('of a page with a policy that %s says nothing', async (_, headers) => {
    const { remarks } = await record(
      page(`<style>p { color: red }</style>${script}<p>&lt;script></p>`, headers),
      async ({ newPage }) => (await newPage()).open('/'),
    )
    expect(remarks).toEqual([])
  })

  test('is an ordinary one to the program', async () => {
    const { facts } = await record(page('x'), async ({ newPage }) => (await newPage()).open('/'))
    expect(header(facts.document, 'user-agent')).toMatch(/Chrome\/\d+/)
    expect(JSON.stringify(facts.document!.request.headers)).not.toMatch(/Headless/i)
    expect(header(facts.document, 'host')).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  test('of a page that was revalidated gives the 304, of one from the cache nothing', async () => {
    const server: RequestListener = (request, response) => {
      if (request.url === '/fresh')
        return html(response, 'fresh', { 'Cache-Control': 'max-age=100' })
      if (request.headers['if-none-match'] !== '"1"')
        return html(response, 'seen', { 'Cache-Control': 'no-cache', ETag: '"1"' })
      response.writeHead(304, { ETag: '"1"' })
      response.end()
    }
    const { facts } = await record(server, async ({ newPage }) => {
      const tab = await newPage()
      return [
        await tab.open('/'),
        await tab.reload(),
        await tab.open('/fresh'),
        await tab.open('/'),
        await tab.open('/fresh'),
        await tab.reload(),
      ]
    })
    expect(facts.map(({ document, text }) => [answer(document), text])).toEqual([
      ['GET / → 200', 'seen'],
      ['GET / → 304', 'seen'],
      ['GET /fresh → 200', 'fresh'],
      ['GET / → 304', 'seen'],
      [null, 'fresh'],
      ['GET /fresh → 200', 'fresh'],
    ])
  })

  test('keeps what the address itself answered, and where its redirects led', async () => {
    const next: Record<string, string> = { '/a': '/b?x', '/b?x': '/c' }
    const { facts } = await record(
      (request, response) => {
        const to = next[request.url!]
        if (to === undefined) return html(response, 'there')
        response.writeHead(302, { Location: to })
        response.end()
      },
      async ({ newPage }) => (await newPage()).open('/a'),
    )
    expect([answer(facts.document), facts.followed.map(answer), facts.text]).toEqual([
      'GET /a → 302',
      ['GET /b?x → 302', 'GET /c → 200'],
      'there',
    ])
  })

  test('of redirects in a circle ends with Chromium’s own error', async () => {
    const { facts, exchanges } = await record(
      (request, response) => {
        response.writeHead(302, { Location: request.url === '/' ? '/x' : '/' })
        response.end()
      },
      async ({ newPage }) => (await newPage()).open('/'),
    )
    expect([facts.error, answer(facts.document), facts.followed.length, exchanges.length]).toEqual([
      'net::ERR_TOO_MANY_REDIRECTS',
      'GET / → 302',
      19,
      20,
    ])
  })

  test.each<[string, RequestListener, string, string]>([
    [
      '204',
      (_, response) => {
        response.writeHead(204)
        response.end()
      },
      'GET / → 204',
      'net::ERR_ABORTED',
    ],
    [
      'a download',
      (_, response) => {
        response.writeHead(200, { 'Content-Disposition': 'attachment; filename="x"' })
        response.end('x')
      },
      'GET / → 200',
      'net::ERR_ABORTED',
    ],
    [
      'an empty connection',
      (request) => request.socket.destroy(),
      'GET / → none',
      'net::ERR_EMPTY_RESPONSE',
    ],
    [
      'a reset connection',
      (request) => request.socket.resetAndDestroy(),
      'GET / → none',
      'net::ERR_CONNECTION_RESET',
    ],
  ])('of %s gives the exchange and the error', async (_, server, document, error) => {
    const { facts } = await record(server, async ({ newPage }) => (await newPage()).open('/'))
    expect([answer(facts.document), facts.error, facts.text]).toEqual([document, error, ''])
  })

  test('of a program that answers garbage gives the bytes, and what Chromium says of them', async () => {
    const { facts } = await record(
      createNetServer(
        (socket) =>
          void socket.on('error', () => {}).once('data', () => socket.end('oops, no status line')),
      ),
      async ({ newPage }) => (await newPage()).open('/'),
    )
    expect([Buffer.from(facts.document!.garbage!).toString(), facts.error]).toEqual([
      'oops, no status line',
      'net::ERR_INVALID_HTTP_RESPONSE',
    ])
  })

  test('counts a request that Chromium sent again once', async () => {
    const seen = new WeakMap<Socket, number>()
    const server: RequestListener = (request, response) => {
      const count = (seen.get(request.socket) ?? 0) + 1
      seen.set(request.socket, count)
      if (count === 2) return request.socket.destroy()
      html(response, 'x')
    }
    const { facts } = await record(server, async ({ newPage }) => {
      const tab = await newPage()
      return [
        (await tab.open('/a')).document,
        (await tab.open('/b')).document,
        (await tab.fetch('/c')).exchange,
      ]
    })
    expect(facts.map(answer)).toEqual(['GET /a → 200', 'GET /b → 200', 'GET /c → 200'])
  })
})

describe('a page that is still loading', () => {
  test('is asked no more when its time is over', async () => {
    const { facts } = await record(page('<script>var asked = 0</script>'), async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      await tab.until('++asked', () => false)
      // One question may be under way.
      await new Promise((resolve) => setTimeout(resolve, 200))
      const { value: before } = await tab.evaluate('asked')
      await new Promise((resolve) => setTimeout(resolve, 300))
      return { before, after: (await tab.evaluate('asked')).value }
    })
    expect(facts.before).toBeGreaterThan(1)
    expect(facts.after).toBe(facts.before)
  })

  test('can be looked into, and tells afterwards when it painted', async () => {
    const server: RequestListener = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
      response.write('<!doctype html><link rel="icon" href="data:,"><p id="first">one</p>')
      setTimeout(() => response.end('<p id="second">two</p>'), 700)
    }
    const { facts } = await record(server, async ({ newPage }) => {
      const tab = await newPage()
      const opening = tab.open('/')
      const early = await tab.until(
        '[document.readyState, ...Array.from(document.querySelectorAll("p"), ({ id }) => id)].join(" ")',
        (seen) => seen.includes('first'),
      )
      const visit = await opening
      const paint = await tab.until(
        'performance.getEntriesByName("first-contentful-paint")[0]?.startTime',
        (at) => at > 0,
      )
      const end = await tab.evaluate('performance.getEntriesByType("navigation")[0].responseEnd')
      return { early, visit, paint, end }
    })
    expect([facts.early.value, facts.early.error, facts.visit.error, facts.visit.text]).toEqual([
      'loading first',
      null,
      null,
      'one\n\ntwo',
    ])
    expect(facts.paint.value).toBeLessThan(facts.end.value as number)
  })
})

describe.concurrent('a program that keeps a page waiting', () => {
  beforeAll(() => void (machine.isQuiet = true))
  afterAll(() => void (machine.isQuiet = false))

  test('costs a few seconds at most, and the second time fewer', async () => {
    const { facts, remarks } = await record(
      () => {},
      async ({ newPage, send }) => {
        const tab = await newPage()
        return {
          first: await tab.open('/a'),
          second: await tab.open('/b'),
          third: await send('/c'),
          jar: await tab.jar(),
        }
      },
    )
    expect([answer(facts.first.document), facts.first.error]).toEqual([
      'GET /a → none',
      'the page did not finish loading',
    ])
    expect(
      [facts.first.document, facts.second.document, facts.third].map((exchange) => exchange!.cut),
    ).toEqual([null, null, null])
    expect(facts.jar.cookies).toEqual([])
    expect(remarks).toEqual([
      { id: 'page-unfinished', say: 'The page at /a did not finish loading.' },
    ])
  })

  test('with half a document gives that half', async () => {
    const { facts } = await record(
      (_, response) => {
        response.writeHead(200, { 'Content-Length': '100' })
        response.write('half')
      },
      async ({ newPage }) => (await newPage()).open('/'),
    )
    expect(facts.document).toMatchObject({
      response: { complete: false, body: Buffer.from('half') },
      cut: null,
    })
  })

  test('with a picture that never comes gives the document, and the page goes on', async () => {
    const { facts } = await record(
      (request, response) => {
        if (request.url !== '/never.png') html(response, 'hello<img src="/never.png">')
      },
      async ({ newPage }) => {
        const tab = await newPage()
        return {
          visit: await tab.open('/'),
          sum: await tab.evaluate('1 + 1'),
          fetched: await tab.fetch('/'),
        }
      },
    )
    expect([
      answer(facts.visit.document),
      facts.visit.document!.response!.complete,
      facts.visit.error,
    ]).toEqual(['GET / → 200', true, 'the page did not finish loading'])
    expect([facts.sum.value, answer(facts.fetched.exchange)]).toEqual([2, 'GET / → 200'])
  })

  test('with a script that never ends is told so for every question, and the scenario ends', async () => {
    const { facts } = await record(
      page('hello<script>for (;;);</script>', { 'Set-Cookie': 'a=b' }),
      async ({ newPage }) => {
        const tab = await newPage()
        return {
          visit: await tab.open('/'),
          sum: await tab.evaluate('1 + 1'),
          fetched: await tab.fetch('/x'),
          jar: await tab.jar(),
        }
      },
    )
    expect([
      answer(facts.visit.document),
      facts.visit.error,
      facts.sum.error,
      facts.fetched.exchange,
    ]).toEqual([
      'GET / → 200',
      'the page did not finish loading',
      expect.stringMatching(/^no answer in \d+ s$/),
      null,
    ])
    expect(facts.jar.cookies.map(({ name }) => name)).toEqual(['a'])
  })
})

describe('a page that does unusual things', () => {
  test('opens dialogs: they are dismissed, and told', async () => {
    const { facts, remarks } = await record(
      page(
        '<script>alert("boo"); document.title = `${confirm("sure?")} ${prompt("name?")}`</script>',
      ),
      async ({ newPage }) => {
        const tab = await newPage()
        return [(await tab.open('/')).error, (await tab.evaluate('document.title')).value]
      },
    )
    expect(facts).toEqual([null, 'false null'])
    expect(remarks).toEqual([
      { id: 'dialog', say: 'Your page opened alert("boo"); it was dismissed.' },
    ])
  })

  test('wants to hold the visitor back: it is left all the same', async () => {
    const { facts } = await record(
      page(
        '<script>onbeforeunload = (event) => { event.preventDefault(); return "stay" }</script>',
      ),
      async ({ newPage }) => {
        const tab = await newPage()
        await tab.open('/')
        await tab.evaluate('1')
        return [await tab.open('/b'), await tab.reload()]
      },
    )
    expect(facts.map(({ document, error }) => [answer(document), error])).toEqual([
      ['GET /b → 200', null],
      ['GET /b → 200', null],
    ])
  })

  test('opens windows: they are closed, and told', async () => {
    const { facts, remarks } = await record(
      page('<script>for (let n = 0; n < 3; n++) open("/popup")</script>'),
      async ({ newPage }) => {
        const tab = await newPage()
        await tab.open('/')
        const opened = await tab.evaluate(
          '(() => { const popup = open("about:blank"); popup?.close(); return true })()',
        )
        return [opened.error, answer((await tab.open('/next')).document)]
      },
    )
    expect(facts).toEqual([null, 'GET /next → 200'])
    expect(remarks.map(({ id }) => id)).toEqual(['popup'])
  })

  test('asks another server: it is told', async () => {
    const { remarks } = await record(
      page('<img src="http://localhost:9/x.png">'),
      async ({ newPage }) => (await newPage()).open('/'),
    )
    expect(remarks).toEqual([
      {
        id: 'other-origin',
        say: 'Your page requested http://localhost:9/x.png, which is not your server.',
      },
    ])
  })

  test.skipIf(!elsewhere)('cannot reach another machine, and every name of this one', async () => {
    const asked: string[] = []
    const other = createHttpServer((request, response) => {
      asked.push(request.headers.host!.replace(/:\d+$/, ''))
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('here')
    })
    await once(other.listen(0, '::'), 'listening')
    const { port } = other.address() as AddressInfo
    try {
      const { facts } = await record(page('x'), async ({ newPage }) => {
        const tab = await newPage()
        await tab.open('/')
        const ask = async (host: string) => [
          host,
          (await tab.evaluate(`fetch('http://${host}:${port}/').then((answer) => answer.text())`))
            .value ?? 'nothing',
        ]
        return {
          answers: [
            await ask('localhost'),
            await ask('app.localhost'),
            await ask('127.0.0.1'),
            await ask('[::1]'),
            await ask(elsewhere!),
            await ask('example.org'),
          ],
        }
      })
      const own = ['localhost', 'app.localhost', '127.0.0.1', '[::1]']
      expect(facts.answers).toEqual([
        ...own.map((host) => [host, 'here']),
        [elsewhere, 'nothing'],
        ['example.org', 'nothing'],
      ])
      expect(asked).toEqual(own)
    } finally {
      other.closeAllConnections()
      other.close()
    }
  })

  test.each<[sent: string, headers: Record<string, string>, status: number, said: string[]]>([
    [
      'an attachment',
      { 'Content-Type': 'text/html', 'Content-Disposition': 'attachment; filename="a.html"' },
      200,
      ['/a was sent as an attachment, so Chromium took it for a file to keep and showed no page.'],
    ],
    [
      'a file',
      { 'Content-Type': 'application/zip' },
      200,
      [
        '/a was sent as application/zip, so Chromium took it for a file to keep and showed no page.',
      ],
    ],
    [
      'a text with control characters',
      { 'Content-Type': 'text/plain; charset=utf-8' },
      203,
      [
        '/a was sent as text/plain; charset=utf-8 with control characters in its content, so Chromium took it for a file to keep and showed no page.',
      ],
    ],
    ['nothing', {}, 204, []],
    [
      'a page that says inline',
      { 'Content-Type': 'text/html', 'Content-Disposition': 'inline' },
      200,
      [],
    ],
  ])('is sent as %s: it is told apart', async (_, headers, status, said) => {
    const { facts, remarks } = await record(
      (_request, response) =>
        response
          .writeHead(status, headers)
          .end(
            status === 204
              ? undefined
              : `<link rel="icon" href="data:,">${status === 203 ? '\x15' : 'x'}`,
          ),
      async ({ newPage }) => (await newPage()).open('/a'),
    )
    expect([answer(facts.document), facts.error, remarks.map(({ say }) => say)]).toEqual([
      `GET /a → ${status}`,
      said.length > 0 || status === 204 ? 'net::ERR_ABORTED' : null,
      said,
    ])
  })

  test('goes on to another one by itself: that is no error', async () => {
    const server: RequestListener = (request, response) =>
      html(
        response,
        request.url === '/' ? '<script>onload = () => { location = "/next" }</script>' : 'next',
      )
    for (let round = 0; round < 5; round++) {
      const { facts } = await record(server, async ({ newPage }) => {
        const tab = await newPage()
        const visit = await tab.open('/')
        return {
          visit,
          left: await tab.evaluate('location.href = "/away"; new Promise(() => {})'),
          after: await tab.open('/after'),
        }
      })
      expect([
        answer(facts.visit.document),
        facts.visit.error,
        facts.left.error,
        facts.after.text,
      ]).toEqual(['GET / → 200', null, 'the page was left before it answered', 'next'])
    }
  })

  test('crashes its tab: that is told, nothing hangs, and what the browser knows is still known', async () => {
    const { facts, remarks } = await record(
      page('hello', { 'Set-Cookie': 'a=b' }),
      async ({ newPage }) => {
        const tab = await newPage()
        await tab.open('/')
        await crashTab()
        return {
          sum: await tab.evaluate('1 + 1'),
          visit: await tab.open('/b'),
          fetched: await tab.fetch('/c'),
          jar: await tab.jar(),
        }
      },
    )
    expect([facts.sum.error, facts.visit.error, facts.fetched.error]).toEqual(
      Array(3).fill('the page crashed the browser tab'),
    )
    expect([
      facts.visit.document,
      facts.fetched.exchange,
      facts.jar.cookies.map(({ name }) => name),
    ]).toEqual([null, null, ['a']])
    expect(remarks).toEqual([{ id: 'tab-crashed', say: 'Your page crashed the browser tab.' }])
  })

  /** What a page that runs out of memory does to its tab. */
  async function crashTab(): Promise<void> {
    const pages = await (await warmBrowser()).pages()
    const tab =
      (
        await Promise.all(
          (await warmBrowser())
            .browserContexts()
            .flatMap(async (context) =>
              (await context.pages()).filter((each) => each.url().startsWith('http://127.0.0.1')),
            ),
        )
      )
        .flat()
        .at(-1) ?? pages[0]!
    const session = await tab.createCDPSession()
    const gone = once(tab as never, 'error')
    void session.send('Page.crash').catch(() => {})
    await gone
  }
})

describe('the console of a page', () => {
  test.each<[string, unknown, string | null]>([
    ['1 + 1', 2, null],
    ['({ a: [1, null, "x"] })', { a: [1, null, 'x'] }, null],
    ['undefined', undefined, null],
    ['Promise.resolve("later")', 'later', null],
    ['missing.name', undefined, 'ReferenceError: missing is not defined'],
    ['(() => { throw new TypeError("no") })()', undefined, 'TypeError: no'],
    ['(() => { throw "text" })()', undefined, 'Uncaught'],
    ['Promise.reject(new Error("later"))', undefined, 'Error: later'],
    ['let a =', undefined, 'SyntaxError: Unexpected end of input'],
  ])('%s', async (expression, value, error) => {
    const { facts } = await record(page('x'), async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/login?x')
      return tab.evaluate(expression)
    })
    expect(facts).toEqual({ kind: 'console', page: '/login?x', expression, value, error })
  })

  test('fetches, and tells the wire from what the script saw', async () => {
    const server: RequestListener = (request, response) => {
      if (request.method === 'GET') return html(response, 'x')
      let body = ''
      request.on('data', (bytes: Buffer) => (body += String(bytes)))
      request.on('end', () => {
        response.writeHead(201, { 'Set-Cookie': 'a=b', 'X-Name': 'ada' })
        response.end(`got ${body}`)
      })
    }
    const { facts } = await record(server, async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      return tab.fetch('/post?x', { method: 'POST', headers: { 'X-One': '1' }, body: 'content' })
    })
    expect([answer(facts.exchange), header(facts.exchange, 'x-one'), facts.error]).toEqual([
      'POST /post?x → 201',
      '1',
      null,
    ])
    expect(facts.seen).toMatchObject({ status: 201, text: 'got content' })
    expect(facts.seen!.headers).toEqual(expect.arrayContaining([['x-name', 'ada']]))
    expect(facts.seen!.headers.map(([name]) => name)).not.toContain('set-cookie')
    expect(facts.exchange!.response!.headers).toEqual(
      expect.arrayContaining([['Set-Cookie', 'a=b']]),
    )
  })

  test('a fetch that fails is an error, with the exchange there was', async () => {
    const server: RequestListener = (request, response) =>
      request.url === '/' ? html(response, 'x') : request.socket.destroy()
    const { facts } = await record(server, async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      return tab.fetch('/gone')
    })
    expect([answer(facts.exchange), facts.seen, facts.error]).toEqual([
      'GET /gone → none',
      null,
      'TypeError: Failed to fetch',
    ])
    expect([facts.resolvedWith, facts.networkError, facts.corsError]).toEqual([
      null,
      'net::ERR_EMPTY_RESPONSE',
      null,
    ])
  })

  test('a fetch whose content breaks had resolved before, and Chromium says why it broke', async () => {
    const server: RequestListener = (request, response) => {
      if (request.url === '/') return html(response, 'x')
      response.writeHead(201, request.url === '/short' ? { 'Content-Length': '100' } : {})
      response.write('half', () => setTimeout(() => request.socket.end(), 50))
    }
    const { facts } = await record(server, async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      return [await tab.fetch('/chunked'), await tab.fetch('/short'), await tab.fetch('/')]
    })
    expect(
      facts.map(({ exchange, seen, error, resolvedWith, networkError }) => [
        answer(exchange),
        seen?.text.length,
        error,
        resolvedWith,
        networkError,
      ]),
    ).toEqual([
      [
        'GET /chunked → 201',
        undefined,
        'TypeError: Failed to fetch',
        201,
        'net::ERR_INCOMPLETE_CHUNKED_ENCODING',
      ],
      [
        'GET /short → 201',
        undefined,
        'TypeError: Failed to fetch',
        201,
        'net::ERR_CONTENT_LENGTH_MISMATCH',
      ],
      ['GET / → 200', 47, null, 200, null],
    ])
  })
})

describe('visitors', () => {
  const greet = (request: IncomingMessage, response: ServerResponse) =>
    html(
      response,
      `cookie: ${request.headers.cookie ?? 'none'}`,
      request.url === '/login' ? { 'Set-Cookie': 'user=ada; Path=/' } : {},
    )

  test('of two names have two jars, tabs of one share theirs', async () => {
    const { facts } = await record(greet, async ({ newPage }) => {
      const [ada, ben, adaToo] = [await newPage('ada'), await newPage('ben'), await newPage('ada')]
      await ada.open('/login')
      return {
        ben: (await ben.open('/')).text,
        adaToo: (await adaToo.open('/')).text,
        jars: [await ada.jar(), await ben.jar(), await adaToo.jar()].map(
          ({ cookies }) => cookies.length,
        ),
      }
    })
    expect(facts).toEqual({ ben: 'cookie: none', adaToo: 'cookie: user=ada', jars: [1, 0, 1] })
  })

  test('begin anew in every scenario', async () => {
    const visit = async ({ newPage }: Kit) => [
      (await (await newPage()).open('/login')).text,
      (await (await newPage()).jar()).cookies.length,
    ]
    expect((await record(greet, visit)).facts).toEqual(['cookie: none', 1])
    expect((await record(greet, visit)).facts).toEqual(['cookie: none', 1])
  })

  test('may have cookies planted', async () => {
    const { facts } = await record(greet, async ({ newPage }) => {
      const tab = await newPage()
      await tab.plant({ a: 'b=c', xuser: 'decoy' })
      return { text: (await tab.open('/deep/er')).text, jar: await tab.jar() }
    })
    expect(facts.text).toBe('cookie: a=b=c; xuser=decoy')
    expect(facts.jar.cookies.map(({ name, path, expiresAt }) => [name, path, expiresAt])).toEqual([
      ['a', '/', null],
      ['xuser', '/', null],
    ])
  })
})

describe('the jar', () => {
  /** A program that sends these lines, one for each path. */
  const sets = (lines: readonly string[]) =>
    createNetServer(
      (socket) =>
        void socket
          .on('error', () => {})
          .on('data', (request) => {
            const line = lines[Number(/GET \/x\/(\d+)/.exec(String(request))?.[1] ?? -1)]
            socket.write(
              Buffer.from(
                `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${line === undefined ? '' : `Set-Cookie: ${line}\r\n`}\r\nok`,
                'latin1',
              ),
            )
          }),
    )
  const year = new Date().getUTCFullYear() + 1
  const lines = [
    'a=b',
    'a=',
    'b',
    '=b',
    'a=b=c==',
    '  a  =  b c  ; Path=/',
    'a="b c"',
    'a="b;c"',
    'a=b, c=d',
    'a=b; HttpOnly=false; Secure=0',
    'a=b;max-age=50;PATH=/x;httponly;samesite=STRICT',
    'a=b; Max-Age = 50 ; Path = /x  ',
    'a=b;; ;Path=/',
    'a=b; Max-Age=50; Max-Age=70; Path=/x; Path=/y',
    'a=b; Max-Age=50; Max-Age=abc',
    'a=b; Max-Age=50.5',
    'a=b; Max-Age="50"',
    'a=b; Max-Age',
    'a=b; Max-Age=+50',
    'a=b; MaxAge=50',
    'a=b; SameSite=Lax; SameSite=Strict',
    'a=b; Max-Age=0',
    'a=b; Max-Age=-5',
    'a=b; Path=/a=b',
    `a=b; Expires=Wed, 21 Jan ${year} 07:28:00 GMT`,
    `a=b; Expires=Wed Jan 21 07:28:00 ${year}`,
    `a=b; Expires=Thu Jan 21 ${year} 07:28:00 GMT+0200 (CEST)`,
    `a=b; Expires=${year}-01-21T07:28:00.000Z`,
    `a=b; Expires=Wed, 30 Feb ${year} 07:28:00 GMT`,
    `a=b; Expires=21 January ${String(year).slice(2)} 7:8:5`,
    `a=b; Expires=Wed, 21 Jan ${year} 07:28:00GMT`,
    'a=b; Expires=Wed, 21 Jan 1998 07:28:00 GMT',
    'a=b; Expires=soon',
    `a=b; Expires=Wed, 21 Jan ${year} 07:28:00 GMT; Max-Age=50`,
  ]

  test('holds what our own reading of Set-Cookie says', async () => {
    const { facts } = await record(sets(lines), async ({ newPage }) => {
      const seen = []
      for (const index of lines.keys()) {
        const tab = await newPage(`visitor ${index}`)
        seen.push({ document: (await tab.open(`/x/${index}`)).document!, jar: await tab.jar() })
      }
      return seen
    })
    for (const [index, { document, jar }] of facts.entries()) {
      const { name, value, path, httpOnly, secure, sameSite, maxAge, expires } = parseSetCookie(
        lines[index]!,
      )
      const gone =
        (maxAge ?? 1) <= 0 || (maxAge === undefined && (expires ?? Infinity) < Date.now())
      const end = maxAge !== undefined ? document.response!.startedAt + maxAge * 1000 : expires
      const expected = {
        name,
        value,
        path: path ?? '/x',
        httpOnly,
        secure,
        sameSite:
          sameSite === undefined ? null : expect.stringMatching(new RegExp(`^${sameSite}$`, 'i')),
        expiresAt: end === undefined ? null : expect.closeTo(end, -4),
      }
      expect(jar.cookies, lines[index]).toEqual(gone ? [] : [{ ...expected, domain: '127.0.0.1' }])
    }
  })

  test.each<[string, string]>([
    ['a=b; Domain=example.com', 'InvalidDomain'],
    ['a=b; SameSite=None', 'SameSiteNoneInsecure'],
    ['__Host-a=b', 'InvalidPrefix'],
    ['a\u0001=b', 'DisallowedCharacter'],
    [`a=${'x'.repeat(5000)}`, 'NameValuePairExceedsMaxSize'],
  ])('refuses %s with a reason', async (line, reason) => {
    const { facts } = await record(sets([line]), async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/x/0')
      return tab.jar()
    })
    expect(facts).toMatchObject({
      kind: 'jar',
      cookies: [],
      refused: [{ line, reasons: expect.arrayContaining([reason]) }],
    })
  })

  test('refuses in a redirect and in a fetch too', async () => {
    const server: RequestListener = (request, response) => {
      const refused = { 'Set-Cookie': `from-${request.url!.slice(1)}=1; Domain=example.com` }
      if (request.url === '/there') return html(response, 'x')
      if (request.url === '/fetch') return html(response, 'x', refused)
      response.writeHead(302, { Location: '/there', ...refused })
      response.end()
    }
    const { facts } = await record(server, async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/redirect')
      await tab.fetch('/fetch')
      return tab.jar()
    })
    expect(facts.refused.map(({ line }) => line.split('=')[0])).toEqual([
      'from-redirect',
      'from-fetch',
    ])
  })
})

describe('a scenario that is ended', () => {
  const contexts = async () => (await warmBrowser()).browserContexts().length

  test('leaves no context and no port, and goes no further', async () => {
    const before = await contexts()
    const abort = new AbortController()
    const steps: string[] = []
    let address = ''
    const recording = record(
      (request, response) => {
        address = request.headers.host!
        html(response, 'x')
      },
      async ({ newPage, wait }) => {
        await (await newPage()).open('/')
        steps.push('opened')
        await wait(60)
        steps.push('waited')
      },
      abort.signal,
    )
    const outcome = recording.catch((error: unknown) => error)
    await expect.poll(() => steps).toEqual(['opened'])
    abort.abort(new Error('stopped'))
    expect(await outcome).toMatchObject({ message: 'stopped' })
    expect(steps).toEqual(['opened'])
    await expect(fetch(`http://${address}/`)).rejects.toThrow()
    // One more may stand ready for the next visitor.
    expect(await contexts()).toBeLessThanOrEqual(before + 1)
  })

  test('may ask for nothing more', async () => {
    const abort = new AbortController()
    let later: Promise<unknown> = Promise.resolve()
    const recording = record(
      page('x'),
      async ({ newPage }) => {
        await newPage()
        abort.abort(new Error('stopped'))
        later = new Promise((resolve) => setTimeout(resolve, 100))
          .then(() => newPage('somebody else'))
          .catch((error: unknown) => error)
        await later
      },
      abort.signal,
    )
    await expect(recording).rejects.toThrow('stopped')
    expect(await later).toMatchObject({ message: 'the scenario is over' })
  })

  test('by a mistake of its author passes the mistake on', async () => {
    const before = await contexts()
    await expect(
      record(page('x'), async ({ newPage }) => {
        await newPage()
        throw new TypeError('tab.opne is not a function')
      }),
    ).rejects.toThrow('tab.opne is not a function')
    expect(await contexts()).toBeLessThanOrEqual(before + 1)
  })
})

describe('a browser that dies', () => {
  const kill = async () => {
    const browser = await warmBrowser()
    const session = await browser.target().createCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const gone = once(browser as never, 'disconnected')
    process.kill(processInfo.find(({ type }) => type === 'browser')!.id, 'SIGKILL')
    await gone
  }

  test.each<[string, (kit: Kit) => Promise<unknown>]>([
    [
      'before a visit',
      async ({ newPage }) => {
        const tab = await newPage()
        await kill()
        return tab.open('/')
      },
    ],
    [
      'during a visit',
      async ({ newPage }) => {
        const tab = await newPage()
        setTimeout(() => void kill(), 50)
        return tab.open('/never')
      },
    ],
    [
      'before the jar is read',
      async ({ newPage }) => {
        const tab = await newPage()
        await kill()
        return tab.jar()
      },
    ],
    [
      'before cookies are planted',
      async ({ newPage }) => {
        const tab = await newPage()
        await kill()
        return tab.plant({ a: 'b' })
      },
    ],
    [
      'before another visitor comes',
      async ({ newPage }) => {
        await newPage()
        await kill()
        return newPage('another')
      },
    ],
    [
      'while nothing is asked of it',
      async ({ newPage, send }) => {
        await newPage()
        await kill()
        return send('/')
      },
    ],
    [
      'while requests of a page are watched',
      async ({ newPage, watch }) => {
        const { document } = await (await newPage()).open('/')
        setTimeout(() => void kill(), 50)
        return watch({ path: '/ping', from: document, seconds: 600, cookie: 'a', critical: [] })
      },
    ],
  ])('%s is known to have died', async (_, steps) => {
    await expect(
      record((request, response) => {
        if (request.url !== '/never') html(response, 'x')
      }, steps),
    ).rejects.toBeInstanceOf(BrowserDied)
  })

  test('is started again for the next scenario, once for all who ask', async () => {
    await kill()
    const [one, two] = await Promise.all([warmBrowser(), warmBrowser()])
    expect(one).toBe(two)
    expect(
      (await record(page('alive'), async ({ newPage }) => (await newPage()).open('/'))).facts.text,
    ).toBe('alive')
  })
})

describe('a browser that is started ahead', () => {
  const profiles = () =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(ownFolderPrefix('browser')))

  test('is the one that is asked for later', async () => {
    await closeBrowser()
    const before = profiles()
    startBrowserAhead()
    await expect.poll(profiles).toHaveLength(before.length + 1)
    const started = profiles()
    expect((await warmBrowser()).connected).toBe(true)
    expect(profiles()).toEqual(started)
  })

  test('is gone with its profile when nobody asked for it', async () => {
    await closeBrowser()
    const before = profiles()
    startBrowserAhead()
    await expect.poll(profiles).toHaveLength(before.length + 1)
    await closeBrowser()
    expect(profiles()).toEqual(before)
    expect((await warmBrowser()).connected).toBe(true)
  })

  test('is not another one beside the one that runs', async () => {
    const browser = await warmBrowser()
    const before = profiles()
    startBrowserAhead()
    expect(profiles()).toEqual(before)
    expect(await warmBrowser()).toBe(browser)
  })
})
