import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'
import { cards } from './cards.ts'
import { createStatusShop } from './status-shop.ts'

let server: FixtureServer
let address: string
beforeAll(async () => {
  server = await startFixtureServer()
  address = await server.playground('which-status')
})
afterAll(() => server.close())

const begin = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${address}tries`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const open = async (card: string, status: number) =>
  ((await (await begin({ card, status })).json()) as { name: string }).name

test.each([
  ['no-login', 401, 'GET', '/basket', 'WWW-Authenticate', 'Bearer realm="Shop"'],
  ['wrong-method', 405, 'PUT', '/orders', 'Allow', 'POST'],
  ['xml', 415, 'POST', '/orders', 'Accept', 'application/json'],
  ['too-fast', 429, 'POST', '/orders', 'Retry-After', '1'],
  ['removed', 410, 'GET', '/lamps/gas', 'Content-Type', /^application\/problem\+json/],
  ['nothing-found', 200, 'GET', '/search?q=sofa', 'Content-Type', /^application\/json/],
] as const)('%s answered with %i has the field it needs', async (...row) => {
  const [card, status, method, path, name, value] = row
  const answer = await fetch(`${address}shop/${await open(card, status)}${path}`, { method })
  expect(answer.status).toBe(status)
  expect(answer.headers.get(name)).toMatch(value)
})

test('what is right is told only after the shop has answered', async () => {
  const name = await open('no-login', 401)
  expect((await fetch(`${address}tries/${name}`)).status).toBe(404)
  await fetch(`${address}shop/${name}/basket`)
  expect(await (await fetch(`${address}tries/${name}`)).json()).toMatchObject({ right: true })
  const page = await (await fetch(address)).text()
  expect(cards.filter(({ why }) => page.includes(why.slice(0, 40)))).toEqual([])
  expect(/right|allow&/.test(page)).toBe(false)
})

test('a try has a few requests, and no other site begins one', async () => {
  const name = await open('too-fast', 429)
  const statuses = []
  for (let sent = 0; sent < 4; sent++)
    statuses.push((await fetch(`${address}shop/${name}/orders`, { method: 'POST' })).status)
  expect(statuses.at(-1)).toBe(404)
  expect((await fetch(`${address}shop/none/orders`)).status).toBe(404)
  for (const headers of [
    { Origin: 'http://evil.example' },
    { Origin: server.url },
    { 'Sec-Fetch-Site': 'cross-site' },
  ])
    expect((await begin({ card: 'xml', status: 415 }, headers)).status).toBe(403)
})

test.each([
  [{ card: 'xml', status: 418 }],
  [{ card: 'xml', status: '415' }],
  [{ card: 'toString', status: 415 }],
  [{ card: 'x'.repeat(9000), status: 415 }],
  [{}],
  ['{'],
  ['"\0"'],
])('%j begins nothing', async (body) => {
  expect([400, 413]).toContain((await begin(body)).status)
})

test('more content than the shop reads is refused', async () => {
  const name = await open('too-large', 413)
  const answer = await fetch(`${address}shop/${name}/reviews`, {
    method: 'POST',
    body: 'x'.repeat(100_000),
  })
  expect([answer.status, await answer.text()]).toEqual([413, expect.stringContaining('cannot be')])
})

test('the shop serves a fast client again once it has waited', () => {
  let now = 0
  const shop = createStatusShop(() => now)
  const order = { method: 'POST', authorization: 'Bearer ada', type: undefined, content: '{}' }
  const name = shop.open(
    cards.find(({ id }) => id === 'too-fast')!,
    429,
  )
  const at = (time: number) => {
    now = time
    return shop.answer(name, order)?.status
  }
  expect([at(5000), at(5999), at(6000), at(9000)]).toEqual([429, 429, 201, undefined])
})

test.each(cards)('the first request of $id is one that the shop cannot fulfil', (card) => {
  const { method, authorization, type, content } = card.sent
  expect(
    card.accepts({
      method,
      authorization: authorization ?? undefined,
      type: type ?? undefined,
      content: content ?? '',
      after: 0,
    }),
  ).toBe(false)
})

test('the oldest try makes way', async () => {
  const name = await open('xml', 415)
  for (let more = 0; more < 50; more++) await open('xml', 415)
  expect((await fetch(`${address}shop/${name}/orders`)).status).toBe(404)
})
