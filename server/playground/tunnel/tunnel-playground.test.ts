import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'

let server: FixtureServer
let address: string
beforeEach(async () => {
  server = await startFixtureServer()
  address = await server.playground('the-tunnel')
})
afterEach(() => server.close())

const USED = { cut: true, connection: 'used' }

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(address + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const begin = async (choice: unknown = USED) =>
  (await (await post('purchases', choice)).json()) as { id: string; shop: string }
/** As the shop's own page sends it. */
const pay = (shop: string, headers: Record<string, string> = {}) =>
  fetch(`${shop}/payments`, {
    method: 'POST',
    headers: { Origin: shop, 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: 'lamp=desk&amount=49',
  }).then(
    async (answer) => `${answer.status} ${answer.headers.get('Location')} ${await answer.text()}`,
    () => 'no answer',
  )
const record = async (id: string) => (await fetch(`${address}purchases/${id}`)).text()
const paid = (order: number) => `201 /receipts/${order} {"id":${order},"amount":49}`

test('cuts the first answer alone, after the money was taken', async () => {
  const { id, shop } = await begin()
  expect(await pay(shop)).toBe('no answer')
  expect(await pay(shop)).toBe(paid(2))
  expect(await pay(shop)).toBe(paid(3))
  expect(await record(id)).toContain('data-charged="3" data-answered="true"')
})

test('gives its first answer again to a key that it knows, and knows each key by itself', async () => {
  const { id, shop } = await begin()
  const key = (value: string) => ({ 'Idempotency-Key': value })
  expect(await pay(shop, key('"a"'))).toBe('no answer')
  expect(await pay(shop, key('"a"'))).toBe(paid(1))
  expect(await pay(shop, key('"b"'))).toBe(paid(2))
  expect(await pay(shop, key('"a"'))).toBe(paid(1))
  const text = await record(id)
  expect(text).toContain('data-charged="2"')
  expect(text).toContain('order 1 again, nothing taken. Answered as before.')
})

test('cuts nothing unless that was chosen', async () => {
  const { shop } = await begin({ ...USED, cut: false })
  expect(await pay(shop)).toBe(paid(1))
})

test.each([
  ['used', 'keep-alive'],
  ['new', 'close'],
])('with a connection that is %s, the page of the shop says %s', async (connection, says) => {
  const { shop } = await begin({ cut: true, connection })
  const answer = await fetch(`${shop}/`)
  expect(answer.headers.get('Connection')).toBe(says)
  const script = /src="([^"]+)"/.exec(await answer.text())![1]!
  expect((await fetch(shop + script)).headers.get('Connection')).toBe(says)
})

test('odd fields are shown as text, and long ones not whole', async () => {
  const { id, shop } = await begin({ ...USED, cut: false })
  await pay(shop, { 'Idempotency-Key': `"<b>${'x'.repeat(4000)}` })
  const text = await record(id)
  expect(text).toContain('&lt;b&gt;')
  expect(text).not.toContain('<b>x')
  expect(text.length).toBeLessThan(30_000)
})

test('takes no money for another page, another method, or too much', async () => {
  const { id, shop } = await begin({ ...USED, cut: false })
  for (const origin of ['http://evil.example', new URL(address).origin, server.url, 'null'])
    expect(await pay(shop, { Origin: origin })).toMatch(/^403 /)
  const send = async (path: string, init: RequestInit) => {
    const answer = await fetch(shop + path, { ...init, headers: { Origin: shop } })
    return [answer.status, await answer.text()]
  }
  expect(await send('/payments', { method: 'POST', body: 'x'.repeat(300) })).toEqual([413, ''])
  expect(await send('/payments', { method: 'PUT', body: 'x' })).toEqual([404, ''])
  expect(await send('/payments', {})).toEqual([404, ''])
  expect(await record(id)).toContain('data-charged="0"')
  const many = []
  for (let index = 0; index < 22; index++) many.push(await pay(shop))
  expect(many.filter((each) => each.startsWith('201'))).toHaveLength(20)
})

test('what a purchase is, is for the page to say, and it says it rightly', async () => {
  for (const choice of [null, [], 'x', {}, { cut: 'yes', connection: 'used' }, { cut: true }, '\0'])
    expect((await post('purchases', choice)).status).toBe(400)
  for (const headers of [
    { Origin: 'http://evil.example' },
    { Origin: server.url },
    { 'Sec-Fetch-Site': 'cross-site' },
  ]) {
    expect((await post('purchases', USED, headers)).status).toBe(403)
    expect((await post('purchases/00000000/clicks', '', headers)).status).toBe(403)
  }
  for (const id of ['00000000', '__proto__', '%00', 'x'.repeat(5000)]) {
    expect((await post(`purchases/${id}/clicks`, '')).status).toBe(404)
    const answer = await fetch(`${address}purchases/${id}`)
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: expect.stringContaining('begin with a new lamp') },
    ])
  }
})

test('four shops are open at most, and all of them end with the course', async () => {
  const shops = []
  for (let index = 0; index < 5; index++) shops.push((await begin()).shop)
  expect(new Set(shops).size).toBe(5)
  await gone(shops[0]!)
  expect((await fetch(shops[4]!)).status).toBe(200)
  await server.app.close()
  await gone(shops[4]!)
  await gone(address)
})

test('the page may frame its shops alone, and they may be framed by it and the course alone', async () => {
  const policy = async (answer: Promise<Response>) =>
    (await answer).headers.get('Content-Security-Policy')!
  expect((await policy(fetch(address))).replace(';frame-src http://127.0.0.1:*', '')).toBe(
    await policy(server.get('/')),
  )
  await server.post('/playground/the-tunnel', { framed: true })
  const { shop } = await begin()
  const ancestors = /frame-ancestors (.*)$/.exec(await policy(fetch(`${shop}/`)))![1]
  expect(ancestors).toBe(`${new URL(address).origin} ${server.url}`)
})

const gone = (url: string) =>
  expect
    .poll(() =>
      fetch(url).then(
        () => 'answers',
        () => 'gone',
      ),
    )
    .toBe('gone')
