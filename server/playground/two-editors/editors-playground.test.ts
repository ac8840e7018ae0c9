import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'

let server: FixtureServer
let address: string
beforeEach(async () => {
  server = await startFixtureServer()
  address = await server.playground('two-editors')
})
afterEach(() => server.close())

const begin = (headers: Record<string, string> = {}) =>
  fetch(`${address}rounds`, {
    method: 'POST',
    headers: { Origin: new URL(address).origin, ...headers },
  })
const opened = async () => (await (await begin()).json()) as { id: string; shop: string }
/** As the page of the shop sends it for an editor. */
const send = async (
  shop: string,
  method: string,
  headers: Record<string, string> = {},
  body?: string,
) => {
  const answer = await fetch(`${shop}/hours`, {
    method,
    headers: { Origin: shop, Editor: 'Ada', ...headers },
    ...(body !== undefined && { body }),
  })
  return [answer.status, answer.headers.get('ETag'), await answer.text()]
}
const record = async (id: string) => (await fetch(`${address}rounds/${id}`)).text()

test('stores a save that names no version, or the current one, and no other', async () => {
  const { shop } = await opened()
  const names = (tag: string) => ({ 'If-Match': tag })
  expect(await send(shop, 'GET')).toEqual([200, '"1"', 'Mon-Fri 9-18'])
  expect(await send(shop, 'PUT', {}, 'a')).toEqual([200, '"2"', 'a'])
  expect(await send(shop, 'PUT', names('"1"'), 'b')).toEqual([412, '"2"', 'a'])
  expect(await send(shop, 'PUT', names('W/"2"'), 'b')).toEqual([412, '"2"', 'a'])
  expect(await send(shop, 'PUT', names('"2"'), 'b')).toEqual([200, '"3"', 'b'])
  expect(await send(shop, 'PUT', names('"3"'), '')).toEqual([200, '"4"', ''])
  expect(await send((await opened()).shop, 'GET')).toEqual([200, '"1"', 'Mon-Fri 9-18'])
})

test.each([
  ['markup', '<script>alert(1)</script>', '&lt;script&gt;alert(1)'],
  ['control characters', 'a\0b\u202ec', 'a\\x00b\\u202ec'],
  ['lines', 'a\nb', 'a\nb'],
])('%s in a text is shown as text', async (_name, typed, shown) => {
  const { id, shop } = await opened()
  await send(shop, 'GET')
  await send(shop, 'PUT', {}, typed)
  const text = await record(id)
  expect(text).toContain(`<b>Version 2, by Ada</b> <span class="text">${shown}`)
  expect(text).not.toContain('<script')
})

test('says whose text was overwritten unseen, and what was refused', async () => {
  const { id, shop } = await opened()
  const ben = { Editor: 'Ben' }
  await send(shop, 'GET')
  await send(shop, 'GET', ben)
  await send(shop, 'PUT', {}, 'one')
  await send(shop, 'PUT', { ...ben, 'If-Match': '"1"' }, 'two')
  expect(await record(id)).toMatch(
    /data-fate="stays".*Version 2, by Ada.*Ben’s save.*refused, not stored/s,
  )
  const { id: other, shop: again } = await opened()
  await send(again, 'GET')
  await send(again, 'GET', ben)
  await send(again, 'PUT', {}, 'one')
  await send(again, 'PUT', ben, 'two')
  expect(await record(other)).toMatch(
    /data-fate="overwritten".*<li class="lost"><b>Version 2, by Ada<\/b>.*overwritten, and Ben never saw it.*Version 3, by Ben/s,
  )
})

test('takes nothing from another page, from nobody, and not too much', async () => {
  const { id, shop } = await opened()
  for (const headers of [
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { Origin: server.url },
    { Editor: 'Eve' },
    { Editor: '__proto__' },
  ])
    expect(await send(shop, 'PUT', headers, 'x')).toEqual([403, null, ''])
  expect(await send(shop, 'GET', { Editor: '' })).toEqual([403, null, ''])
  expect(await send(shop, 'PUT', {}, 'x'.repeat(1001))).toEqual([413, null, ''])
  expect(await send(shop, 'DELETE')).toEqual([404, null, ''])
  const many = []
  for (let index = 0; index < 30; index++) many.push((await send(shop, 'PUT', {}, 'x'))[0])
  expect([many.includes(200), many.at(-1)]).toEqual([true, 403])
  expect((await record(id)).length).toBeLessThan(80_000)
})

test('another site opens no document, and asks for none', async () => {
  for (const headers of [
    { Origin: 'http://evil.example' },
    { Origin: server.url },
    { 'Sec-Fetch-Site': 'cross-site' },
  ])
    expect((await begin(headers)).status).toBe(403)
  for (const id of ['00000000', '__proto__', '%00', 'x'.repeat(5000)]) {
    const answer = await fetch(`${address}rounds/${id}`)
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: expect.stringContaining('open the page once more') },
    ])
  }
})

test('four documents are open at most, and all of them end with the course', async () => {
  const shops = []
  for (let index = 0; index < 5; index++) shops.push((await opened()).shop)
  await gone(shops[0]!)
  expect((await fetch(shops[4]!)).status).toBe(200)
  await server.app.close()
  await gone(shops[4]!)
  await gone(address)
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
