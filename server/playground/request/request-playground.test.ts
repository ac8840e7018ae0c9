import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'
import { asTyped } from '../typed-bytes.ts'

let server: FixtureServer
let address: string
beforeEach(async () => {
  server = await startFixtureServer()
  address = await server.playground('break-the-request')
})
afterEach(() => server.close())

const send = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${address}send`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const answered = async (bytes: string) =>
  ((await (await send({ text: asTyped(bytes) })).json()) as { html: string }).html
const outcome = async (bytes: string) => {
  const html = await answered(bytes)
  return [/data-summary="([^"]*)"/.exec(html)?.[1], html.replaceAll(/<[^>]+>/g, '')]
}

describe('what was typed', () => {
  test.each([
    [
      'GET /a HTTP/1.1\r\nHost: b.test\r\n\r\n',
      '33 bytes sent. The two agree.',
      /Calls your handler: GET \/a, Host b\.test\.[^]*GET \/a\\n[^]*Accepts it\./,
    ],
    [
      'GET /a HTTP/1.1\r\n\r\n',
      '19 bytes sent. The two agree.',
      /400 Bad Request\. It answers by itself[^]*HTTP\/1\.1 400 Bad Request\\r\\n[^]*400\. The head ends here[^]*here: \\r \(end\)\\n/,
    ],
    [
      'get /a HTTP/1.1\r\nHost: b\r\n\r\n',
      '28 bytes sent. The two disagree.',
      /400 Bad Request\.[^]*Accepts it\.[^]*get is not GET/,
    ],
    [
      'GET /a HTTP/1.1\r\nHost: b\r\nHost: c\r\n\r\n',
      '37 bytes sent. The two disagree.',
      /Calls your handler: GET \/a, Host b\.[^]*400\. A second Host field\.[^]*here: H \(end\)ost: c/,
    ],
    [
      'GET /a HTTP/1.1\r\nHost: b\r\n',
      '26 bytes sent. The two agree.',
      /Waits\. No answer[^]*Waits\. So far/,
    ],
    [
      'GET /a HTTP/1.1\r\nHost: b\r\n\r\nmore\r\n',
      '34 bytes sent. The two agree.',
      /GET \/a, Host b\. But it answers what follows with 400 Bad Request/,
    ],
    [
      'POST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\n\r\nhi',
      '50 bytes sent. The two agree.',
      /Waits\. It calls your handler \(POST \/a, Host b\)[^]*Waits\. So far there is nothing wrong, but the content: Content-Length announced 5 bytes, and 2 came\./,
    ],
  ])('%j is sent and judged', async (bytes, summary, expected) => {
    expect(await outcome(bytes)).toEqual([summary, expect.stringMatching(expected)])
  })

  test('is shown escaped', async () => {
    const html = await answered('GET /<img> HTTP/1.1\r\nHost: <b>\r\n\r\n')
    expect(html).toContain('&lt;img&gt;')
    expect(html).not.toMatch(/<img|<b>/)
  })

  test('is refused where it is none, too much, or too many at once', async () => {
    for (const body of [
      {},
      { text: 5 },
      { text: 'x'.repeat(4001) },
      '{',
      { text: 'x'.repeat(40_000) },
    ]) {
      const answer = await send(body)
      expect([400, 413]).toContain(answer.status)
      expect(await answer.json()).toEqual({ error: expect.stringContaining('4000 bytes') })
    }
    const statuses = (
      await Promise.all(Array.from({ length: 6 }, () => send({ text: 'GET' })))
    ).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 200, 200, 200, 429, 429])
    expect((await send({ text: '' })).status).toBe(200)
  })

  test('is sent for the playground’s own page alone', async () => {
    const { origin, port } = new URL(address)
    const foreign: Record<string, string>[] = [
      { Origin: 'http://evil.example' },
      { Origin: server.url },
      { Origin: 'null' },
      { Origin: `http://127.0.0.1:${port}` },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]
    for (const headers of foreign)
      expect((await send({ text: '' }, headers)).status, JSON.stringify(headers)).toBe(403)
    expect(
      (
        await fetch(`${origin}/0000000000000000/send`, {
          method: 'POST',
          headers: { Origin: origin },
        })
      ).status,
    ).toBe(404)
    expect((await fetch(`http://127.0.0.1:${port}${new URL(address).pathname}`)).status).toBe(404)
  })
})

describe('the page', () => {
  const asked = (headers: Record<string, string> = {}, query = '') =>
    fetch(address + query, { headers })

  test('shows the request for itself, without secrets and escaped', async () => {
    const text = await (
      await asked({ 'X-Mine': '<i>', Cookie: 'access=secret; theme=dark' })
    ).text()
    expect(text).toContain('X-Mine</a>')
    expect(text).toContain('&lt;i&gt;')
    expect(text).toContain('access=…; theme=…')
    expect(text).not.toMatch(/secret|<i>/)
    expect(text).toContain('data-theme="dark"')
  })

  test('says the strict policy of the course, and is framed by the course alone', async () => {
    const policy = (await asked()).headers.get('Content-Security-Policy')
    expect(policy).toBe((await server.get('/')).headers.get('Content-Security-Policy'))
    expect((await asked({}, '?framed')).headers.get('Content-Security-Policy')).toContain(
      "frame-ancestors 'none'",
    )
    expect(await (await asked()).text()).not.toMatch(
      /<style|\sstyle=|<script(?![^>]*\ssrc="\/static\/)|\son\w+=|javascript:/i,
    )
  })
})
