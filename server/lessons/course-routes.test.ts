import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

let server: FixtureServer
beforeAll(async () => {
  server = await startFixtureServer({
    files: {
      'lessons/course.md':
        '---\nid: small\ntitle: A <small> course\nsummary: For "tests".\n---\nWelcome, <b>you</b>.\n',
      'lessons/01-start/02-second.md':
        '---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: [first-lesson]\nobjectives:\n  - Say more\n---\nProse.\n',
    },
  })
})
afterAll(() => server.close())

describe('the course page', () => {
  test('shows sections, lessons and exercises, and escapes their words', async () => {
    const html = await server.page('/')
    expect(html).toContain('<title>A &lt;small&gt; course</title>')
    expect(html).toContain('For &quot;tests&quot;.')
    expect(html).toContain('Welcome, &lt;b&gt;you&lt;/b&gt;.')
    expect(html).toContain('<a href="/lessons/first-lesson">The first lesson</a>')
    expect(html).toContain('<a href="/exercises/say-hello">Say hello</a>')
    expect(html).toContain('0 of 2 lessons done · 0 of 1 exercise passed')
  })

  test('names what is recommended first until it is done', async () => {
    expect(await server.page('/')).toContain('Recommended first: <a href="/lessons/first-lesson">')
    expect(await server.page('/lessons/second-lesson')).toContain(
      'Recommended first: <a href="/lessons/first-lesson">',
    )
  })

  test('leads on from where the learner is', async () => {
    expect(await server.page('/')).toMatch(
      /class="button primary" href="\/lessons\/first-lesson"><span>Begin/,
    )
    await server.submit('/lessons/first-lesson/read')
    await server.submit('/questions/who-speaks-first/answer', { option: '0' })
    const html = await server.page('/')
    expect(html).toMatch(/class="button primary" href="\/exercises\/say-hello"><span>Continue/)
    expect(html).toContain('1 of 2 lessons done')
    expect(html).not.toContain('Recommended first')
  })
})

describe('addresses that lead nowhere', () => {
  test.each([
    ['/nothing', 'There is nothing at this address.'],
    ['/lessons/first-leson', 'Did you mean “first-lesson”?'],
    ['/exercises/say-helo', 'Did you mean “say-hello”?'],
    ['/runs/8f3100aa', 'No run has this id.'],
    ['/submissions/8f3100aa', 'No submission has this id.'],
    ['/static/style.css', 'There is nothing at this address.'],
    [
      '/lessons/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
      'No lesson is called “&lt;script&gt;alert(1)&lt;/script&gt;”.',
    ],
  ])('%s', async (path, words) => {
    const answer = await server.get(path)
    const html = await answer.text()
    expect(answer.status).toBe(404)
    expect(html).toContain(words)
    expect(html).not.toContain('<script>alert')
  })

  test.each([
    '/lessons/..%2F..%2F..%2Fetc%2Fpasswd',
    '/exercises/..%2Fwork',
    '/runs/..%2F..%2Fsecret',
    '/runs/..',
    '/submissions/..%2Fsecret',
    '/static/..%2Findex.ts',
    '/static/%2e%2e%2fcreate-app.ts',
    '/static/....//style.css',
    '/lessons/first-lesson%00.md',
    '/exercises/say-hello/../../secret',
  ])('%s reads no file', async (path) => {
    const answer = await server.send({ path, headers: { Host: `localhost:${server.port}` } })
    expect(answer.status).toBe(404)
    expect(answer.body).not.toMatch(/root:|createApp|[0-9a-f]{64}/)
  })

  test('an address that is no text is malformed', async () => {
    const answer = await server.get('/lessons/%E0%A4%A')
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('The request could not be understood.')
  })

  test('a script is told in JSON', async () => {
    const answer = await server.get('/api/runs/8f3100aa', { Accept: 'application/json' })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toEqual({ error: 'This server knows no such run.' })
  })
})

describe('what is sent to read a page', () => {
  test('files are kept for ever, under an address that changes with them', async () => {
    const html = await server.page('/lessons/first-lesson')
    const addresses = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(
      ([, address]) => address!,
    )
    expect(addresses).toHaveLength(5)
    for (const address of addresses) {
      expect(address).toMatch(/\/static\/[a-z]+\.[\w-]{10}\.(css|js|svg)$/)
      const answer = await server.get(address)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
    }
  })

  test('a script names the others by such addresses, too', async () => {
    const html = await server.page('/lessons/first-lesson')
    const script = await server.page(/src="([^"]*lesson[^"]+)"/.exec(html)![1]!)
    const other = /from '\.\/(page\.[\w-]{10}\.js)'/.exec(script)?.[1]
    expect((await server.get(`/static/${other}`)).status).toBe(200)
  })

  test('all of it is compressed and small, and nothing comes from elsewhere', async () => {
    const html = await server.page('/lessons/first-lesson')
    expect(html).not.toMatch(/(?:src|<link[^>]*href)="(?!\/)/)
    const answer = await server.get('/lessons/first-lesson', { 'Accept-Encoding': 'br' })
    expect(answer.headers.get('Content-Encoding')).toBe('br')
  })

  test('a page that has not changed is not sent again', async () => {
    const first = await server.get('/lessons/first-lesson')
    const headers = {
      Host: `localhost:${server.port}`,
      'If-None-Match': first.headers.get('ETag')!,
    }
    const again = await server.send({ path: '/lessons/first-lesson', headers })
    expect(again.status).toBe(304)
  })
})
