import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'

let server: FixtureServer
beforeEach(async () => {
  server = await startFixtureServer({ accessCode: 'opensesame' })
})
afterEach(() => server.close())

const enter = (code: string, next = '/', headers: Record<string, string> = {}) =>
  fetch(`${server.url}/access`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ code, next }),
    headers: { Origin: server.url, ...headers },
  })
const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]!.split(';')[0]!

test.each(['/', '/lessons/first-lesson', '/exercises/say-hello', '/not-here'])(
  '%s asks for the code and shows nothing else',
  async (path) => {
    const answer = await server.get(path)
    const html = await answer.text()
    expect(answer.status).toBe(401)
    expect(answer.headers.get('WWW-Authenticate')).toBeTruthy()
    expect(html).toContain('<title>Access required</title>')
    expect(html).toContain(`name="next" value="${path}"`)
    expect(html).not.toContain('A small course')
  },
)

test('a script is told so in JSON', async () => {
  const answer = await server.get('/api/server')
  expect(answer.status).toBe(401)
  expect(await answer.json()).toEqual({ error: 'Access required' })
})

test('the style sheet of the page that asks is there', async () => {
  const address = /href="(\/static\/style[^"]+)"/.exec(await server.page('/'))![1]!
  const answer = await server.get(address)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Type')).toContain('text/css')
})

test('a wrong code says so, and gives no cookie', async () => {
  const answer = await enter('wrong')
  expect(answer.status).toBe(401)
  expect(await answer.text()).toContain('Invalid code')
  expect(answer.headers.getSetCookie()).toEqual([])
})

test('the right code leads on, with a signed cookie no script can read', async () => {
  const answer = await enter('opensesame', '/lessons/first-lesson?x=1')
  expect(answer.status).toBe(303)
  expect(answer.headers.get('Location')).toBe('/lessons/first-lesson?x=1')
  const cookie = answer.headers.getSetCookie()[0]!
  expect(cookie).toMatch(/^roundtrip_access=s%3A/)
  expect(cookie).toContain('HttpOnly')
  expect(cookie).toContain('SameSite=Lax')
  expect(cookie).not.toContain('opensesame')
  const page = await server.get('/', { Cookie: cookieOf(answer) })
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('A small course')
})

test('a cookie that was changed, or signed for another code, is none', async () => {
  const cookie = cookieOf(await enter('opensesame'))
  expect((await server.get('/', { Cookie: `${cookie}x` })).status).toBe(401)
  expect((await server.get('/', { Cookie: 'roundtrip_access=opensesame' })).status).toBe(401)
  const other = await startFixtureServer({ accessCode: 'another' })
  expect((await other.get('/', { Cookie: cookie })).status).toBe(401)
  await other.close()
})

test.each([
  '//elsewhere.example',
  'http://elsewhere.example/',
  '/\\elsewhere.example',
  '/.//elsewhere.example',
  'elsewhere',
  '',
])('the way on is never to another site: %j', async (next) => {
  const answer = await enter('opensesame', next)
  expect(answer.status).toBe(303)
  expect(answer.headers.get('Location')).toBe('/')
})

test('a change needs the cookie, too', async () => {
  const token = /name="token" content="([^"]+)"/.exec(await server.page('/'))?.[1]
  expect(token).toBeUndefined()
  expect((await server.submit('/exercises/say-hello/run')).status).toBe(401)
})

test('a code from another site is not even looked at', async () => {
  const body = new URLSearchParams({ code: 'opensesame' })
  const answer = await fetch(`${server.url}/access`, {
    method: 'POST',
    redirect: 'manual',
    body,
    headers: { Origin: 'http://elsewhere.example' },
  })
  expect(answer.status).toBe(403)
})
