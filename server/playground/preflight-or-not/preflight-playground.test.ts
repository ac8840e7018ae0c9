import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'

let server: FixtureServer
let address: string
beforeEach(async () => {
  server = await startFixtureServer()
  address = await server.playground('preflight-or-not')
})
afterEach(() => server.close())

const begin = (permission: unknown, headers: Record<string, string> = {}) =>
  fetch(`${address}tries`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin, ...headers },
    body: JSON.stringify({ permission }),
  })
const thing = async (permission: string) =>
  ((await (await begin(permission)).json()) as { address: string }).address
const corsFields = ({ headers }: Response) =>
  [...headers]
    .filter(([name]) => name.startsWith('access-control-'))
    .map((field) => field.join(': '))

test('its page may connect to the partner alone, and the course itself to nobody', async () => {
  const policy = async (answer: Promise<Response>) =>
    (await answer).headers.get('Content-Security-Policy')!
  const own = await policy(fetch(address))
  const partner = new URL(await thing('this')).origin
  expect(/connect-src ([^;]*)/.exec(own)![1]).toBe(`'self' ${partner}`)
  expect(own.replace(` ${partner}`, '')).toBe(await policy(server.get('/')))
  expect(new URL(partner).hostname).toBe('127.0.0.1')
})

test.each([
  [
    'this',
    (page: string) => [
      `access-control-allow-credentials: true`,
      `access-control-allow-origin: ${page}`,
    ],
  ],
  ['any', () => ['access-control-allow-origin: *']],
  ['nobody', () => []],
] as const)('the partner lets %s read, whoever asks', async (permission, fields) => {
  const path = await thing(permission)
  const answer = await fetch(path, {
    method: 'PUT',
    headers: { Origin: 'http://evil.example' },
    body: 'x',
  })
  expect(corsFields(answer)).toEqual(fields(new URL(address).origin))
  expect(await answer.text()).toBe('The partner has done it.\n')
  const preflight = await fetch(path, {
    method: 'OPTIONS',
    headers: { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'PUT' },
  })
  expect([preflight.status, corsFields(preflight).length]).toEqual([
    204,
    permission === 'nobody' ? 0 : fields('').length + 2,
  ])
})

test('permission is given at addresses of the page’s own making, and nowhere else', async () => {
  const partner = new URL(await thing('any')).origin
  for (const path of ['/', '/things/000000', '/favicon.ico']) {
    const answer = await fetch(partner + path, { headers: { Origin: new URL(address).origin } })
    expect([answer.status, corsFields(answer)]).toEqual([404, []])
  }
  for (const headers of [
    { Origin: 'http://evil.example' },
    { Origin: server.url },
    { 'Sec-Fetch-Site': 'cross-site' },
  ])
    expect((await begin('any', headers)).status).toBe(403)
  expect((await begin('everybody')).status).toBe(400)
  const broken = await fetch(`${address}tries`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin },
    body: '{',
  })
  expect([broken.status, await broken.text()]).toEqual([
    400,
    'This request cannot be answered. Open the playground from the course again.\n',
  ])
  for (const answer of [
    await fetch(address, { headers: { Origin: 'http://evil.example' } }),
    await server.get('/', { Origin: new URL(address).origin }),
    await server.get('/playground/preflight-or-not', { Origin: partner }),
  ])
    expect(corsFields(answer)).toEqual([])
})

test('the result tells what came, without cookies of other programs', async () => {
  const path = await thing('this')
  const name = path.slice(path.lastIndexOf('/') + 1)
  expect((await fetch(`${address}tries/${name}`)).status).toBe(404)
  await fetch(path, { headers: { Cookie: 'session=secret', 'X-Color': '<green>' } })
  const result = await (await fetch(`${address}tries/${name}`)).text()
  expect(result).toContain('data-asked="false" data-sent="true"')
  expect(result).toContain('&lt;green&gt;')
  expect(result).not.toContain('secret')
})

test('what is recorded stays small', async () => {
  const path = await thing('this')
  const send = (bytes: number) =>
    fetch(path, { method: 'POST', body: 'x'.repeat(bytes) }).then(
      ({ status }) => status,
      () => 'ended',
    )
  expect(await send(1000)).toBe(200)
  await send(5_000_000)
  const kept = await (
    await fetch(`${address}tries/${path.slice(path.lastIndexOf('/') + 1)}`)
  ).text()
  expect(kept.length).toBeLessThan(400_000)
})

test('ends with the course', async () => {
  const path = await thing('any')
  await server.app.close()
  await expect(fetch(path)).rejects.toThrow()
  await expect(fetch(address)).rejects.toThrow()
})
