import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

let server: FixtureServer
beforeAll(async () => {
  server = await startFixtureServer()
})
afterAll(() => server.close())

const ask = (method: string, path: string, headers = {}) =>
  server.send({ method, path, headers: { Host: `localhost:${server.port}`, ...headers } })

test.each([
  ['DELETE', '/', 'GET, HEAD'],
  ['PUT', '/lessons/first-lesson', 'GET, HEAD'],
  ['POST', '/exercises/say-hello', 'GET, HEAD'],
  ['GET', '/exercises/say-hello/run', 'POST'],
  ['HEAD', '/exercises/say-hello/run', 'POST'],
  ['PATCH', '/api/runs/8f3100aa/cancel', 'POST'],
  ['POST', '/api/runs/8f3100aa/events', 'GET, HEAD'],
])('%s %s is answered 405 with the methods that go', async (method, path, allowed) => {
  const answer = await ask(method, path)
  expect(answer.status).toBe(405)
  expect(answer.headers.allow).toBe(allowed)
})

test.each([
  ['GET', '/', 200],
  ['HEAD', '/lessons/first-lesson', 200],
  ['GET', '/nothing', 404],
  ['DELETE', '/nothing', 403],
  ['POST', '/lessons/first-lesson/read', 403],
  ['GET', '/lessons/%E0%A4%A', 400],
])('%s %s is answered %i as before', async (method, path, status) =>
  expect((await ask(method, path)).status).toBe(status),
)

test('a person reads what to do, a script the same as data', async () => {
  expect((await ask('GET', '/exercises/say-hello/run', { Accept: 'text/html' })).body).toContain(
    'This address takes POST, not GET. A form leads here; go back to the page it is on.',
  )
  expect(JSON.parse((await ask('PUT', '/api/server')).body)).toEqual({
    error: 'This address takes GET and HEAD, not PUT.',
  })
})
