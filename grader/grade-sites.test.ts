import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser } from './record/browser/browser.ts'
import { certificateFolder } from './record/wire/tls/certificate-folder.ts'
import type { Grading } from './grade-options.ts'
import { writtenExercises } from '../testing/written-exercises.ts'

const written = writtenExercises()
afterAll(closeBrowser)
// A test's process is killed when it is done.
afterAll(() => rmSync(certificateFolder, { recursive: true, force: true }))
afterAll(written.remove)

/** Grades a program by one check that claims little: the facts are what is looked at. */
const grade = (scenario: string, program: string) =>
  written.grade({
    kind: 'server',
    checks: `const given = ${scenario}\nexport default { seen: check('Seen', given, { verify: (facts, expect) => expect(facts.answer).toHaveStatus(200) }) }`,
    program,
  })

const facts = ({ report, evidence }: Grading) => {
  if (report.error) throw new Error(report.error)
  if (!evidence[0]) throw new Error(JSON.stringify(report.checks))
  return evidence[0].recorded as Record<string, any>
}

const twoPorts = `import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
const { PORT, TLS_PORT, KEY, CERT } = process.env
createServer((request, response) => response.writeHead(308, { Location: 'https://shop.test' + request.url }).end()).listen(Number(PORT), '127.0.0.1')
createSecureServer({ key: readFileSync(KEY!), cert: readFileSync(CERT!) }, (request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += chunk)).on('end', () => {
    response.setHeader('Strict-Transport-Security', 'max-age=600')
    response.setHeader('Set-Cookie', ['__Host-a=1; Path=/; Secure', 'b=2; Secure; HttpOnly'])
    response.end([request.method, request.headers.host, request.url, request.headers.cookie ?? '', body].join(' '))
  })
}).listen(Number(TLS_PORT), '127.0.0.1')
`
const shop = `async ({ certificate, port }) => {
  const { keyFile, certFile } = await certificate('shop.test')
  return { environment: { TLS_PORT: String(await port()), KEY: keyFile, CERT: certFile }, sites: { 'http://shop.test': 'PORT', 'https://shop.test': 'TLS_PORT' } }
}`

describe('a program that is known by the names of its sites', () => {
  test('is found by browsers under them, and what they say inside TLS is kept', async () => {
    const grading = await grade(
      `scenario('Chromium moves to https', { setUp: ${shop}, async record({ newPage, exchanges }) {
  const page = await newPage()
  const first = await page.open('/a?b=1')
  const again = await page.open('http://shop.test/again')
  const secure = await page.evaluate('isSecureContext + " " + document.cookie')
  const posted = await page.fetch('https://shop.test/post', { method: 'POST', body: 'salt' })
  const jar = await page.jar()
  return { answer: first.document, first, again, secure, posted, jar, all: exchanges() }
} })`,
      twoPorts,
    )
    const { first, again, secure, posted, jar, all } = facts(grading)
    expect(first.document).toMatchObject({
      site: 'http://shop.test',
      request: { target: '/a?b=1' },
      response: { status: 308 },
    })
    expect(first.followed).toHaveLength(1)
    expect(first.followed[0]).toMatchObject({
      site: 'https://shop.test',
      protocol: 'http/1.1',
      request: { target: '/a?b=1' },
      response: { status: 200, startLine: 'HTTP/1.1 200 OK', complete: true },
    })
    expect(first.text).toBe('GET shop.test /a?b=1  ')
    expect(again).toMatchObject({
      text: 'GET shop.test /again __Host-a=1; b=2 ',
      error: null,
      document: null,
      followed: [{ site: 'https://shop.test' }],
    })
    expect(secure.value).toBe('true __Host-a=1')
    expect([
      posted.seen.text,
      Buffer.from(posted.exchange.request.body).toString(),
      Buffer.from(posted.exchange.response.body).toString(),
    ]).toEqual([
      'POST shop.test /post __Host-a=1; b=2 salt',
      'salt',
      'POST shop.test /post __Host-a=1; b=2 salt',
    ])
    expect(jar.cookies.map(({ name }: { name: string }) => name)).toEqual(['__Host-a', 'b'])
    // Once it had been told to, the browser asked for nothing in the clear.
    expect(all.map(({ site, request }: any) => `${site}${request.target}`)).toEqual([
      'http://shop.test/a?b=1',
      'https://shop.test/a?b=1',
      'https://shop.test/again',
      'https://shop.test/post',
    ])
    expect(
      all.every(
        ({ startedAt, response }: any) =>
          response.startedAt >= startedAt &&
          response.endedAt >= response.startedAt &&
          Math.abs(startedAt - Date.parse(grading.report.startedAt)) < 30_000,
      ),
    ).toBe(true)
  })

  test('is asked by clients that are no browser, in the clear and inside TLS', async () => {
    const grading = await grade(
      `scenario('clients ask', { setUp: ${shop}, async record({ send, connect, exchanges }) {
  const plain = await send('/p')
  const answer = await send({ path: '/s', site: 'https://shop.test', method: 'POST', body: 'salt' })
  const without = await send({ path: '/w', site: 'https://shop.test', alpn: null })
  const strange = await send({ path: '/x', site: 'https://shop.test', host: 'evil.test' })
  const nameless = await send({ path: '/n', host: null })
  const raw = await connect({ site: 'https://shop.test' })
  await raw.write('GET /raw HTTP/1.1\\r\\nHost: www.shop.test\\r\\nConnection: close\\r\\n\\r\\n')
  const wrong = await connect({ site: 'https://shop.test', plain: true })
  await wrong.write('GET / HTTP/1.1\\r\\nHost: shop.test\\r\\n\\r\\n')
  return { plain, answer, without, strange, nameless, raw: await raw.receive(), wrong: await wrong.receive(), all: exchanges() }
} })`,
      twoPorts,
    )
    const { plain, answer, without, strange, nameless, raw, wrong, all } = facts(grading)
    expect(plain).toMatchObject({
      site: 'http://shop.test',
      request: {
        headers: [
          ['Host', 'shop.test'],
          ['Connection', 'close'],
        ],
      },
      response: { status: 308 },
    })
    expect(answer).toMatchObject({
      site: 'https://shop.test',
      protocol: 'http/1.1',
      response: { status: 200 },
    })
    expect([answer, without].map(({ response }) => Buffer.from(response.body).toString())).toEqual([
      'POST shop.test /s  salt',
      'GET shop.test /w  ',
    ])
    expect(strange).toMatchObject({
      site: 'https://shop.test',
      request: {
        headers: [
          ['Host', 'evil.test'],
          ['Connection', 'close'],
        ],
      },
      response: { status: 200 },
    })
    expect(nameless).toMatchObject({
      site: 'http://shop.test',
      request: { headers: [['Connection', 'close']] },
      response: { status: 400 },
    })
    expect(Buffer.from(raw.bytes).toString('latin1')).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[^]*GET www\.shop\.test \/raw /,
    )
    expect(wrong.ended).not.toBe(null)
    expect(all.map(({ request }: any) => request.target)).toEqual([
      '/p',
      '/s',
      '/w',
      '/x',
      '/n',
      '/raw',
      '/',
    ])
  })
})

describe('a program that speaks HTTP/2', () => {
  const program = `import { readFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
const { PORT, KEY, CERT } = process.env
const page = '<!doctype html><link rel="icon" href="data:,"><link rel="stylesheet" href="/a.css">' + [1, 2, 3, 4].map((n) => '<img src="/' + n + '.svg">').join('') + '<p>shop'
createSecureServer({ key: readFileSync(KEY!), cert: readFileSync(CERT!), allowHTTP1: true }, (request, response) => {
  if (request.headers[':authority'] === 'other.test') return void response.writeHead(421).end()
  if (request.url === '/reset') return void (request as any).stream.close(2)
  const type = request.url === '/' ? 'text/html' : request.url.endsWith('css') ? 'text/css' : 'image/svg+xml'
  response.setHeader('Content-Type', type)
  response.setHeader('Cache-Control', 'max-age=60')
  const end = () => response.end(request.url === '/' ? page : request.url === '/proto' ? request.httpVersion : type === 'text/css' ? 'p { color: red }' : '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
  if (request.headers['sec-fetch-mode'] !== 'navigate') return end()
  response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' })
  setTimeout(end, 150)
}).listen(Number(PORT), '127.0.0.1')
`
  const shop = `async ({ certificate }) => {
  const { keyFile, certFile } = await certificate('shop.test')
  return { environment: { KEY: keyFile, CERT: certFile }, sites: { 'https://shop.test': 'PORT' } }
}`

  test('is heard so by browsers, over one connection and with its early hints', async () => {
    const { answer, all, color } = facts(
      await grade(
        `scenario('Chromium opens the shop', { setUp: ${shop}, async record({ newPage, exchanges }) {
  const page = await newPage()
  const visit = await page.open('/')
  const color = await page.evaluate('getComputedStyle(document.querySelector("p")).color')
  return { answer: visit.document, visit, color, all: exchanges() }
} })`,
        program,
      ),
    )
    expect(answer).toMatchObject({
      protocol: 'h2',
      request: { startLine: 'GET / HTTP/2' },
      response: { startLine: 'HTTP/2 200' },
      interim: [{ status: 103, headers: [['link', '</a.css>; rel=preload; as=style']] }],
    })
    expect(answer.request.headers).toContainEqual([':authority', 'shop.test'])
    expect(color.value).toBe('rgb(255, 0, 0)')
    expect(all.map(({ request }: any) => request.target).toSorted()).toEqual([
      '/',
      '/1.svg',
      '/2.svg',
      '/3.svg',
      '/4.svg',
      '/a.css',
    ])
    expect(new Set(all.map(({ connection }: any) => connection)).size).toBe(1)
    const css = all.find(({ request }: any) => request.target === '/a.css')
    expect(css.startedAt).toBeLessThan(answer.response.startedAt)
    expect(Buffer.from(css.response.body).toString()).toBe('p { color: red }')
  })

  test('is asked so by a client that isn’t a browser, and may be asked otherwise', async () => {
    const { answer, old, foreign, reset, several, all } = facts(
      await grade(
        `scenario('clients ask', { setUp: ${shop}, async record({ connectHttp2, send, exchanges }) {
  const client = await connectHttp2()
  const answer = await client.request({ path: '/proto' })
  const foreign = await client.request({ path: '/', authority: 'other.test' })
  const reset = await client.request({ path: '/reset', method: 'POST', headers: { 'x-a': '1' }, body: 'salt' })
  const several = await Promise.all(['/', '/1.svg', '/2.svg'].map((path) => client.request({ path })))
  const old = await send('/proto')
  return { answer, old, foreign, reset, several, all: exchanges() }
} })`,
        program,
      ),
    )
    const text = ({ response }: any) => Buffer.from(response.body).toString()
    expect([answer, old].map(text)).toEqual(['2.0', '1.1'])
    expect([answer.protocol, old.protocol, foreign.response.status]).toEqual([
      'h2',
      'http/1.1',
      421,
    ])
    expect(reset).toMatchObject({ response: null, cut: 'reset', request: { method: 'POST' } })
    expect(several.map(({ response }: any) => [response.status, response.complete])).toEqual([
      [200, true],
      [200, true],
      [200, true],
    ])
    expect(all).toHaveLength(7)
  })

  test('is not, when it does not: the answer is missing, and nothing is thrown', async () => {
    const grading = await grade(
      `scenario('clients ask', { setUp: ${shop}, async record({ connectHttp2, newPage }) {
  const answer = await (await connectHttp2()).request({ path: '/' })
  const visit = await (await newPage()).open('/')
  return { answer, visit }
} })`,
      "import { createServer } from 'node:http'\ncreateServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1')\n",
    )
    const { answer, visit } = facts(grading)
    expect(answer).toBe(null)
    expect(visit).toMatchObject({ document: null, error: 'net::ERR_SSL_PROTOCOL_ERROR' })
  })
})

describe('an origin with a name', () => {
  test('is another site, and so are its pages', async () => {
    const { answer, page, opened, fetched, moved, names } = facts(
      await grade(
        `scenario('a stranger asks', { setUp: async ({ origin, certificate }) => ({
  sites: { 'http://shop.test': 'PORT' },
  stranger: await origin('the stranger', ({ target }) => target === '/move' ? { status: 302, headers: { Location: 'http://shop.test/moved' } } : { headers: { 'Content-Type': 'text/html' }, body: 'a page' }, { site: 'https://stranger.test:8443', certificate: await certificate('stranger.test') }),
}), async record({ newPage }, { stranger }) {
  const page = await newPage()
  const opened = await page.open(stranger.url)
  const fetched = await page.fetch(stranger.url + '/again')
  const moved = await page.open(stranger.url + '/move')
  return { answer: moved.followed.at(-1), opened, fetched, moved, names: stranger.exchanges().map(({ origin, request }) => origin + ' ' + request.target), page: await page.evaluate('location.href') }
} })`,
        "import { createServer } from 'node:http'\ncreateServer((request, response) => response.end(request.headers.host + request.url)).listen(Number(process.env.PORT), '127.0.0.1')\n",
      ),
    )
    expect(opened).toMatchObject({
      text: 'a page',
      error: null,
      document: {
        origin: 'the stranger',
        request: { headers: expect.arrayContaining([['Host', 'stranger.test:8443']]) },
      },
    })
    expect(fetched).toMatchObject({ error: null, exchange: { request: { target: '/again' } } })
    expect(moved).toMatchObject({
      text: 'shop.test/moved',
      document: { origin: 'the stranger', request: { target: '/move' } },
    })
    expect(answer).toMatchObject({ site: 'http://shop.test', request: { target: '/moved' } })
    expect(names).toEqual(['the stranger /', 'the stranger /again', 'the stranger /move'])
    expect(page.value).toBe('http://shop.test/moved')
  })
})

describe('a site', () => {
  const program =
    "import { createServer } from 'node:http'\ncreateServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1')\n"
  test.each([
    [
      "{ 'http://shop.test/': 'PORT' }",
      'The site "http://shop.test/" is not of the form https://shop.test.',
    ],
    ["{ 'shop.test': 'PORT' }", 'The site "shop.test" is not of the form https://shop.test.'],
    [
      "{ 'http://shop.test': 'OTHER' }",
      "The site http://shop.test is to be found at OTHER, which isn't a port in the scenario's environment.",
    ],
    [
      "{ 'https://shop.test': 'PORT' }",
      "The site https://shop.test has no certificate. Make one in the scenario's set-up in checks.ts: await certificate('shop.test').",
    ],
  ])('%s is the mistake of the author', async (sites, message) => {
    const { report } = await grade(
      `scenario('a client asks', { setUp: () => ({ sites: ${sites} }), record: async ({ send }) => ({ answer: await send('/') }) })`,
      program,
    )
    expect(report.error).toContain(message)
  })
})
