import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scriptedGrade } from '../../../testing/sample-grading.ts'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'

const scripted = scriptedGrade()
let server: FixtureServer
let own: string
beforeAll(async () => {
  server = await startFixtureServer({ grade: scripted.grade })
  own = `localhost:${server.port}`
})
afterAll(() => server.close())

describe('the Host field', () => {
  test.each(['localhost', 'LOCALHOST'])('%s with the port is answered', async (name) => {
    expect((await server.send({ headers: { Host: `${name}:${server.port}` } })).status).toBe(200)
  })

  test.each([
    'rebind.example',
    'localhost.rebind.example',
    'localhost:1',
    'localhost',
    '127.0.0.1',
    '10.0.0.5:4321',
    'localhost.',
  ])('%s is refused, and the right address named', async (host) => {
    const { status, body } = await server.send({ headers: { Host: host } })
    expect(status).toBe(403)
    expect(body).toContain(`http://${own}`)
    expect(body).not.toContain('A small course')
  })

  test.each(['', 'a b', 'x@localhost', 'localhost:port', '[::1', 'localhost/..', '<script>'])(
    '%j is malformed',
    async (host) => {
      expect((await server.send({ headers: { Host: host } })).status).toBe(400)
    },
  )

  test.each([
    // A browser that is asked for such a name asks for localhost; only a program sends it as it is.
    'ｌocalhost',
    'ｌｏｃａｌｈｏｓｔ',
    'localhoſt',
    'ⓛocalhost',
    'local\u00adhost',
    'localhost。',
    '１２７.0.0.1',
  ])('%s is not localhost, neither as it is nor escaped', async (name) => {
    const bytes = Buffer.from(name).toString('latin1')
    for (const written of [bytes, encodeURIComponent(name)]) {
      const { status, body } = await server.send({
        headers: { Host: `${written}:${server.port}` },
      })
      expect(status).toBe(400)
      expect(body).not.toContain('A small course')
    }
  })

  test('two of them are malformed', async () => {
    const { status } = await server.send({ headers: ['Host', own, 'Host', own] })
    expect(status).toBe(400)
  })

  test.each(['127.0.0.1', '[::1]'])('%s is led to localhost, the path kept', async (name) => {
    const { status, headers } = await server.send({
      path: '/lessons/first-lesson?a=b',
      headers: { Host: `${name}:${server.port}` },
    })
    expect(status).toBe(307)
    expect(headers.location).toBe(`http://${own}/lessons/first-lesson?a=b`)
  })

  test('a change under 127.0.0.1 is refused, not led on', async () => {
    const { status } = await server.send({
      method: 'POST',
      path: '/exercises/say-hello/run',
      headers: { Host: `127.0.0.1:${server.port}` },
    })
    expect(status).toBe(403)
  })

  test('a target that is no path is malformed', async () => {
    const { status } = await server.send({
      path: 'http://elsewhere.example/',
      headers: { Host: own },
    })
    expect(status).toBe(400)
  })
})

describe('a change', () => {
  const change = async (headers: Record<string, string>, { token }: { token?: string } = {}) =>
    server.send({
      method: 'POST',
      path: '/api/exercises/say-hello/run',
      headers: {
        Host: own,
        'Content-Type': 'application/json',
        'X-Roundtrip-Token': token ?? (await server.token()),
        ...headers,
      },
      body: '{}',
    })

  test('with own Origin and a token of a page is carried out', async () => {
    expect((await change({ Origin: `http://${own}` })).status).toBe(202)
  })

  test('without Origin is carried out when the browser vouches for it', async () => {
    expect((await change({ 'Sec-Fetch-Site': 'same-origin' })).status).toBe(202)
    expect((await change({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })).status).toBe(202)
  })

  test('without Origin and without a browser that vouches, by a page of this server', async () => {
    const referers = [`http://${own}/exercises/say-hello`, `http://${own}`]
    for (const Referer of referers) expect((await change({ Referer })).status).toBe(202)
  })

  test.each([
    ['says nothing of where it comes from', {}],
    ['was led here by another site', { Referer: 'http://elsewhere.example/' }],
    ['was led here by a name that begins as ours', { Referer: 'http://localhost.evil.example/' }],
    ['was led here by another port', { Referer: 'http://localhost:3000/' }],
    ['was led here from nowhere', { Referer: 'localhost' }],
    ['comes from a sandboxed frame of ours', { Origin: 'null', Referer: 'OWN' }],
    ['has our Referer, and another Origin', { Origin: 'http://a.example', Referer: 'OWN' }],
    ['has our Referer, and the browser says other', { Referer: 'OWN', 'Sec-Fetch-Site': 'none' }],
    ['comes from another site', { Origin: 'http://elsewhere.example' }],
    ['comes from a learner’s program', { Origin: 'http://127.0.0.1:3000' }],
    ['comes from another port of localhost', { Origin: 'http://localhost:3000' }],
    ['comes from a sandboxed frame', { Origin: 'null' }],
    [
      'has our Origin, and the browser says cross-site',
      { Origin: '', 'Sec-Fetch-Site': 'cross-site' },
    ],
    ['comes from the same site, another origin', { Origin: '', 'Sec-Fetch-Site': 'same-site' }],
  ])('that %s is refused and starts nothing', async (_words, headers: Record<string, string>) => {
    const before = scripted.begun()
    const answer = await change({
      ...headers,
      ...('Origin' in headers && headers['Origin'] === '' && { Origin: `http://${own}` }),
      ...(headers['Referer'] === 'OWN' && { Referer: `http://${own}/exercises/say-hello` }),
    })
    expect(answer.status).toBe(403)
    expect(scripted.begun()).toBe(before)
  })

  test.each(['elsewhere', 'http://', 'http://a b', 'http://a/b'])(
    'with the Origin %j is malformed',
    async (origin) => {
      expect((await change({ Origin: origin })).status).toBe(400)
    },
  )

  test.each(['', 'x', '20000.AAAA', '99999999.AAAA'])(
    'with the token %j is refused',
    async (token) => {
      const before = scripted.begun()
      const { status, body } = await change({ Origin: `http://${own}` }, { token })
      expect(status).toBe(403)
      expect(JSON.parse(body)).toEqual({
        error: 'This page is older than the server accepts. Reload it, then try again.',
      })
      expect(scripted.begun()).toBe(before)
    },
  )

  test('a form of another site is refused even with a token', async () => {
    const answer = await server.submit(
      '/exercises/say-hello/reset',
      {},
      { Origin: 'http://elsewhere.example' },
    )
    expect(answer.status).toBe(403)
  })

  test('by GET there is none', async () => {
    const before = scripted.begun()
    for (const path of [
      '/exercises/say-hello/run',
      '/api/exercises/say-hello/run',
      '/exercises/say-hello/reset',
      '/lessons/first-lesson/read',
    ]) {
      expect((await server.get(path)).status, path).toBe(405)
    }
    expect(scripted.begun()).toBe(before)
  })
})

test('the stream of a run is given to no other site', async () => {
  const { run } = (await (await server.post('/api/exercises/say-hello/run')).json()) as {
    run: string
  }
  const path = `/api/runs/${run}/events`
  for (const headers of [
    {},
    { Origin: 'http://elsewhere.example' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'none' },
  ]) {
    expect((await server.send({ path, headers: { Host: own, ...headers } })).status).toBe(403)
  }
})

describe('every answer', () => {
  test.each(['/', '/lessons/first-lesson', '/exercises/say-hello', '/not-here', '/api/server'])(
    '%s keeps other origins out',
    async (path) => {
      const { headers } = await server.get(path)
      expect(headers.get('Content-Security-Policy')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
      )
      expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin')
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
      expect(headers.get('X-Frame-Options')).toBe('DENY')
      expect(headers.get('Access-Control-Allow-Origin')).toBeNull()
      expect(headers.get('X-Powered-By')).toBeNull()
    },
  )

  test('has neither inline script nor inline style', async () => {
    await server.submit('/exercises/say-hello/submit')
    for (const path of ['/', '/lessons/first-lesson', '/exercises/say-hello']) {
      const html = await server.page(path)
      expect(html, path).not.toMatch(
        /<style|\sstyle=|<script(?![^>]*\ssrc="\/static\/)|\son\w+=|javascript:/i,
      )
    }
  })
})
