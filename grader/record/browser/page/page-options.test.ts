import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { record } from '../../../../testing/record-by-hand.ts'
import { closeBrowser, warmBrowser } from '../browser.ts'

beforeAll(() => warmBrowser())
afterAll(closeBrowser)

const html =
  (body: (host: string) => string): RequestListener =>
  (request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(
      request.url === '/inner'
        ? '<p>inner</p><script>title = "set by a script"</script>'
        : `<!doctype html><link rel="icon" href="data:,">${body(request.headers.host!)}`,
    )
  }

describe('credentials', () => {
  const vault: RequestListener = (request, response) => {
    const isAnn = request.headers.authorization === `Basic ${btoa('ann:p:ss')}`
    response.setHeader('Cache-Control', 'max-age=60')
    if (!isAnn) response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="Vault"' })
    response.end(isAnn ? 'ann' : 'nobody')
  }
  const statuses = (exchanges: readonly { response: { status: number } | null }[]) =>
    exchanges.map(({ response }) => response?.status)

  test('answer a challenge, and are sent at once from then on', async () => {
    const { facts } = await record(vault, async ({ newPage, exchanges }) => {
      const httpCredentials = { username: 'ann', password: 'p:ss' }
      const tab = await newPage('Ann', { httpCredentials })
      const first = await tab.open('/vault')
      const second = await tab.open('/vault/x')
      const stranger = await (await newPage('Bob')).open('/vault')
      return { first, second, stranger, all: exchanges() }
    })
    expect([facts.first.document?.response?.status, statuses(facts.first.followed)]).toEqual([
      401,
      [200],
    ])
    expect([facts.first.text, facts.second.document?.response?.status]).toEqual(['ann', 200])
    expect(facts.stranger.document?.response?.status).toBe(401)
    expect(statuses(facts.all)).toEqual([401, 200, 200, 401])
  })

  test('that are wrong are tried once', async () => {
    const { facts } = await record(vault, async ({ newPage, exchanges }) => {
      const httpCredentials = { username: 'ann', password: 'wrong' }
      const tab = await newPage('Ann', { httpCredentials })
      return { visit: await tab.open('/vault'), all: exchanges() }
    })
    expect(statuses(facts.all)).toEqual([401, 401])
    expect(facts.visit.text).toBe('nobody')
  })
})

test.each<[kind: string, body: (host: string) => string, expected: object]>([
  ['same origin', () => '<iframe src="/inner"></iframe>', { value: 'inner', page: '/inner' }],
  [
    'another site',
    (host) => `<iframe src="http://${host.replace('127.0.0.1', 'localhost')}/inner"></iframe>`,
    { value: 'inner', page: expect.stringMatching(/^http:\/\/localhost:\d+\/inner$/) },
  ],
  ['a sandbox', () => '<iframe sandbox src="/inner"></iframe>', { value: 'inner', page: '/inner' }],
  ['no frame', () => '<p>', { error: 'no frame matches iframe' }],
])('a frame can be looked into: %s', async (_, body, expected) => {
  const { facts } = await record(html(body), async ({ newPage }) => {
    const tab = await newPage()
    await tab.open('/')
    const frame = tab.frame('iframe')
    return {
      text: await frame.evaluate('document.body.innerText'),
      thrown: await frame.evaluate('no.where'),
    }
  })
  expect(facts.text).toMatchObject(expected)
  if (facts.text.error === null)
    expect(facts.thrown.error).toBe('ReferenceError: no is not defined')
})

test('a tab is hidden by another one, shown again, and hears its end', async () => {
  const reports = `<script>for (const [type, at] of [['visibilitychange', document], ['pagehide', window]])
    at.addEventListener(type, () => navigator.sendBeacon('/bye?' + type + '-' + document.visibilityState))</script>`
  const { exchanges } = await record(
    html(() => reports),
    async ({ newPage, exchanges: all }) => {
      const tab = await newPage()
      await tab.open('/')
      const other = await newPage()
      await other.open('/inner')
      await other.bringToFront()
      await tab.until('document.visibilityState', (state) => state === 'hidden')
      await tab.bringToFront()
      await tab.until('document.visibilityState', (state) => state === 'visible')
      await tab.close()
      await expect
        .poll(() => all().filter(({ request }) => request.path === '/bye').length)
        .toBeGreaterThan(2)
      return null
    },
  )
  const targets = exchanges.map(({ request }) => request.target)
  expect(targets).toEqual(
    expect.arrayContaining([
      '/bye?visibilitychange-hidden',
      '/bye?visibilitychange-visible',
      '/bye?pagehide-visible',
    ]),
  )
})
