import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'

let server: FixtureServer
let address: string
beforeEach(async () => {
  server = await startFixtureServer()
  address = await server.playground('who-speaks-first')
})
afterEach(() => server.close())

const open = (name: string, headers: Record<string, string> = {}) =>
  fetch(`${address}visits/${name}`, {
    redirect: 'manual',
    headers: { 'Sec-Fetch-Site': 'same-origin', ...headers },
  })
const siteOf = async (name: string) => (await open(name)).headers.get('Location')!
const record = (name: string) => fetch(`${address}visits/${name}/record`)
const gone = (site: string) => expect(fetch(site)).rejects.toThrow()

test('a visit is recorded whole, with who wanted what', async () => {
  const site = await siteOf('0000000a')
  expect(site).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  const recorded = record('0000000a')
  const statuses: number[] = []
  const types: (string | null)[] = []
  for (const path of ['', 'style.css', 'script.js', 'picture.svg', 'favicon.ico']) {
    const answer = await fetch(site + path)
    statuses.push(answer.status)
    types.push(answer.headers.get('Content-Type'))
  }
  expect(statuses).toEqual([200, 200, 200, 200, 404])
  expect(types).toEqual(
    ['text/html', 'text/css', 'text/javascript', 'image/svg+xml', 'text/plain'].map(
      (type) => `${type}; charset=utf-8`,
    ),
  )
  expect([
    await (await fetch(`${site}news`)).text(),
    await (await fetch(`${site}news`)).text(),
  ]).toEqual(['the kettle is on\n', 'the tea is ready\n'])
  const replay = await (await recorded).text()
  expect(replay).toContain('One address, 7 exchanges')
  expect(replay).toMatch(
    /GET \/favicon\.ico → 404<\/td><td>your browser by itself, for the tab: nothing names it/,
  )
  expect(replay).toContain('prints: news: the kettle is on')
  expect(replay.match(/class="wire-message request"/g)).toHaveLength(7)
  expect(replay).toMatch(/max="16"/)
})

test('every visit is at an origin of its own, and no more than four stay', async () => {
  const sites: string[] = []
  for (let index = 0; index < 5; index++) sites.push(await siteOf(`0000000${index}`))
  expect(new Set(sites).size).toBe(5)
  expect((await fetch(sites[4]!)).status).toBe(200)
  await expect
    .poll(() =>
      fetch(sites[0]!).then(
        () => 'answers',
        () => 'gone',
      ),
    )
    .toBe('gone')
  expect((await record('00000000')).status).toBe(204)
})

test('no other page opens one, and the small site answers under one name, to GET, in no frame', async () => {
  expect((await open('0000000a', { 'Sec-Fetch-Site': 'same-site' })).status).toBe(403)
  expect((await open('0000000a', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect((await open('x')).status).toBe(400)
  expect((await record('0000000a')).status).toBe(204)
  const site = await siteOf('0000000a')
  expect(
    await fetch(site.replace('127.0.0.1', 'localhost')).then(
      ({ status }) => status,
      () => 403,
    ),
  ).toBe(403)
  expect((await fetch(site, { method: 'POST' })).status).toBe(405)
  expect((await fetch(site)).headers.get('Content-Security-Policy')).toMatch(
    /^default-src 'none'.*frame-ancestors 'none'$/,
  )
})

test('its page has the policy of the course, and ends with it', async () => {
  expect((await fetch(address)).headers.get('Content-Security-Policy')).toBe(
    (await server.get('/')).headers.get('Content-Security-Policy'),
  )
  const site = await siteOf('0000000a')
  await server.app.close()
  await gone(site)
  await gone(address)
})
