import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'
import type { PlaygroundTools } from '../playground-app.ts'
import { asTyped } from '../typed-bytes.ts'

type PageObservation = Awaited<ReturnType<PlaygroundTools['look']>>
let found: PageObservation
let looked: string[]
let server: FixtureServer
let address: string
beforeEach(async () => {
  found = null
  looked = []
  server = await startFixtureServer({
    async look(at) {
      looked.push(at)
      return found
    },
  })
  address = await server.playground('break-the-response')
})
afterEach(() => server.close())

const send = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${address}serve`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin, ...headers },
    body: JSON.stringify(body),
  })
const served = async (bytes: string) =>
  ((await (await send({ text: asTyped(bytes) })).json()) as { html: string }).html
const answerIn = (html: string) => /class="shown" src="([^"]+)"/.exec(html)![1]!
/** Everything that comes back for a GET, until the other side closes. */
const received = (at: string, host = new URL(at).host) =>
  new Promise<string>((resolve, reject) => {
    let text = ''
    const socket = connect(Number(new URL(at).port), '127.0.0.1').setEncoding('latin1')
    socket
      .on('data', (piece: string) => (text += piece))
      .on('end', () => resolve(text))
      .on('error', reject)
    socket.write(
      `GET ${new URL(at).pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    )
  })

describe('what was typed', () => {
  test.each(['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi', 'no status line \xff\0', ''])(
    '%j is the answer, byte for byte',
    async (bytes) => {
      const html = await served(bytes)
      expect(await received(answerIn(html))).toBe(bytes)
      expect(looked).toEqual([answerIn(html)])
      expect(new URL(answerIn(html)).host).toBe(`127.0.0.1:${new URL(address).port}`)
    },
  )

  test('is judged by a strict reader, with the byte in question, and shown escaped', async () => {
    const html = await served('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<b>!')
    expect(html.replaceAll(/<[^>]+>/g, '')).toMatch(
      /A strict reader\nRefuses it\. The response is over here[^]*&lt;b&gt;here: ! \(end\)/,
    )
    expect(html).not.toContain('<b>')
    expect(html).toContain('data-summary="42 bytes sent."')
    expect(html).not.toContain('Chromium')
  })

  test.each<[PageObservation, RegExp]>([
    [
      { status: 777, error: null, text: '<i>Hello</i>\n' },
      /judged accepted"[^]*Shows it\.<\/strong> It read status 777, and the page says “&lt;i&gt;Hello&lt;\/i&gt;”\./,
    ],
    [{ status: 200, error: null, text: ' ' }, /and the page is empty\./],
    [
      { status: 200, error: 'ERR_CONTENT_LENGTH_MISMATCH', text: '' },
      /judged refused"[^]*ERR_CONTENT_LENGTH_MISMATCH\.<\/strong> It read status 200, and failed later\./,
    ],
    [
      { status: null, error: 'ERR_INVALID_HTTP_RESPONSE', text: '' },
      /ERR_INVALID_HTTP_RESPONSE\.<\/strong> It could not read a status\./,
    ],
    [
      { status: 204, error: 'ERR_ABORTED', text: '' },
      /Shows no page\.<\/strong> It read status 204:/,
    ],
  ])('is opened in Chromium: %j', async (look, expected) => {
    found = look
    const html = await served('x')
    expect(html.slice(html.indexOf('Chromium') - 40)).toMatch(expected)
  })

  test('is kept for a while: sixteen answers', async () => {
    const answers: string[] = []
    for (let number = 0; number < 17; number++)
      answers.push(answerIn(await served(`HTTP/1.1 200 OK\r\n\r\n${number}`)))
    expect(await received(answers[1]!)).toMatch(/\r\n\r\n1$/)
    expect(await received(answers[0]!)).toMatch(/^HTTP\/1\.1 404 /)
  })

  test('is refused where it is none or too much', async () => {
    for (const body of [{}, { text: 'x'.repeat(4001) }]) expect((await send(body)).status).toBe(400)
    expect(looked).toEqual([])
  })

  test('is taken from the playground’s own page alone, and is on the other site alone', async () => {
    const { port, origin } = new URL(address)
    const foreign: Record<string, string>[] = [
      { Origin: 'http://evil.example' },
      { Origin: server.url },
      { Origin: `http://127.0.0.1:${port}` },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]
    for (const headers of foreign)
      expect((await send({ text: '' }, headers)).status, JSON.stringify(headers)).toBe(403)
    const answer = answerIn(await served('raw'))
    expect(await received(answer, `localhost:${port}`)).toMatch(/^HTTP\/1\.1 404 /)
    expect(await received(answer, 'evil.example')).toMatch(/^HTTP\/1\.1 403 /)
    expect((await fetch(answer.replace(/answers\/.*/, ''))).status).toBe(404)
    expect(
      (await fetch(`${origin}${new URL(answer).pathname.replace('answers', 'probe')}`)).status,
    ).toBe(404)
  })
})

test('the page frames the other site and nothing else; the probe is framed by the playground and the course', async () => {
  const policyOf = async (at: string) => (await fetch(at)).headers.get('Content-Security-Policy')!
  const { origin, port } = new URL(address)
  expect(await policyOf(address)).toBe(
    `${(await server.get('/')).headers.get('Content-Security-Policy')};frame-src http://127.0.0.1:${port}`,
  )
  const probe = `http://127.0.0.1:${port}${new URL(address).pathname}probe/0`
  expect(await policyOf(probe)).toContain(`frame-ancestors ${origin};`.replace(/;$/, ''))
  expect(await (await fetch(probe.replace(/0$/, '%22%3E%3Cb%3E'))).text()).not.toContain('<b>')
  expect(await (await fetch(address)).text()).not.toMatch(
    /<style|\sstyle=|<script(?![^>]*\ssrc="\/static\/)|\son\w+=|javascript:/i,
  )
})
