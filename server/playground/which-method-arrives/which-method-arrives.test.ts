import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'
import { methods, statuses } from './redirects.ts'

let server: FixtureServer
let address: string
beforeAll(async () => {
  server = await startFixtureServer()
  address = await server.playground('which-method-arrives')
})
afterAll(() => server.close())

const begin = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${address}tries`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const begun = async (status: number) =>
  ((await (await begin({ status })).json()) as { name: string }).name
const contentOf = (method: string) => (method === 'POST' || method === 'PUT' ? 'amount=49' : null)
const row = async (name: string, guess = '') =>
  (await (await fetch(`${address}${name}/row?${guess}`)).json()) as Record<string, string>

test.each(statuses)('%i: every method arrives as fetch() of Node sends it on', async (status) => {
  const name = await begun(status)
  for (const method of methods)
    for (let visit = 0; visit < 2; visit++) {
      const answer = await fetch(`${address}${name}/old/${method}`, {
        method,
        body: contentOf(method),
      })
      expect([await answer.text(), answer.url]).toEqual([
        'Arrived.\n',
        `${address}${name}/new/${method}`,
      ])
    }
  const becomesGet = status === 303 ? 3 : status < 303 ? 1 : 0
  const { row: cells, say, result } = await row(name, 'post=get&put=same&second=asked')
  expect(cells!.match(/<b><mark>GET/g) ?? []).toHaveLength(becomesGet)
  expect(cells!.match(/<b>POST<\/b><span>with content/g) ?? []).toHaveLength(status > 303 ? 1 : 0)
  expect(cells!.match(/2nd: asked/g)).toHaveLength(4)
  const right = { 301: 'all 3', 302: 'all 3', 303: '2 of 3', 307: '2 of 3', 308: '2 of 3' }[status]
  expect(say).toBe(`${status}: you were right about ${right}.`)
  expect(result).toContain(`${status} means “`)
})

test('a redirect says nothing about caching, and its target is never kept', async () => {
  const name = await begun(301)
  const moved = await fetch(`${address}${name}/old/GET`, { redirect: 'manual' })
  expect([moved.status, moved.headers.get('Cache-Control'), moved.headers.get('Vary')]).toEqual([
    301,
    null,
    null,
  ])
  expect(moved.headers.get('Location')).toBe(new URL(`${address}${name}/new/GET`).pathname)
  const target = await fetch(`${address}${name}/new/GET`)
  expect(target.headers.get('Cache-Control')).toBe('no-store')
})

test('a row without a guess has no verdict, and neither has one with half a guess', async () => {
  const name = await begun(302)
  for (const guess of ['', 'post=get', 'post=get&put=same', 'post=x&put=same&second=asked'])
    expect(Object.keys(await row(name, guess))).toEqual(['row'])
  expect((await row(name))['row']).toContain('nothing')
})

test('the sum is of the tries it is asked about', async () => {
  const name = await begun(307)
  await fetch(`${address}${name}/old/POST`, { method: 'POST', body: 'amount=49' })
  const sum = async (names: string) => (await fetch(`${address}sum?names=${names}`)).text()
  expect(await sum(name)).toContain('a POST stayed a POST with 307.')
  for (const names of ['', 'x', '%00', '__proto__', ','.repeat(2000)])
    expect(await sum(names)).toContain('none of the five')
})

test('nothing begins for another page, and nothing odd is answered', async () => {
  for (const headers of [
    { Origin: 'http://evil.example' },
    { Origin: server.url },
    { 'Sec-Fetch-Site': 'cross-site' },
  ])
    expect((await begin({ status: 301 }, headers)).status).toBe(403)
  for (const body of [{}, { status: 300 }, { status: '301' }, { status: null }, [], '{', ''])
    expect((await begin(body)).status).toBe(400)
  expect((await begin({ status: 'x'.repeat(5000) })).status).toBe(413)
  const name = await begun(301)
  for (const path of [
    '000000/old/GET',
    `${name}/older/GET`,
    `${name}/old/PATCH`,
    `${name}/old/toString`,
    `${name}/old/a%00b`,
    '000000/row',
    '__proto__/row',
  ])
    expect((await fetch(address + path)).status).toBe(404)
  expect(
    (await fetch(`${address}${name}/old/POST`, { method: 'POST', body: 'x'.repeat(5000) })).status,
  ).toBe(413)
})

test('the page’s own policy is the course’s', async () => {
  expect((await fetch(address)).headers.get('Content-Security-Policy')).toBe(
    (await server.get('/')).headers.get('Content-Security-Policy'),
  )
})
