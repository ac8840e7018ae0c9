import { Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'
import { playgrounds, type PlaygroundName } from '../../course/lessons/playgrounds.ts'
import { cookieChoice, cookieLine } from './cookie/cookie-line.ts'

const choice = { maxAge: 10, path: 'all', sameSite: 'Lax', httpOnly: false, secure: false } as const

describe('a choice', () => {
  test.each([
    [choice, 'play=x; Max-Age=10; Path=/k/; SameSite=Lax'],
    [
      { ...choice, maxAge: '0', httpOnly: true, path: 'account' },
      'play=x; Max-Age=0; Path=/k/account; HttpOnly; SameSite=Lax',
    ],
    [{ ...choice, maxAge: '', path: 'unsaid', sameSite: 'unsaid' }, 'play=x'],
    [
      { ...choice, sameSite: 'None', secure: true },
      'play=x; Max-Age=10; Path=/k/; Secure; SameSite=None',
    ],
  ])('%j is a line', (sent, line) => {
    expect(cookieLine('x', cookieChoice(sent)!, '/k/')).toBe(line)
  })

  test.each([
    null,
    'x',
    {},
    { ...choice, maxAge: '-1' },
    { ...choice, maxAge: 61 },
    { ...choice, maxAge: '1; Domain=x' },
    { ...choice, maxAge: 1.5 },
    { ...choice, path: '/' },
    { ...choice, sameSite: 'lax\r\nX: y' },
  ])('%j is none', (sent) => {
    expect(cookieChoice(sent)).toBeUndefined()
  })
})

describe('the playground', () => {
  let server: FixtureServer
  let address: string
  beforeEach(async () => {
    server = await startFixtureServer()
    address = await server.playground('cookies')
  })
  afterEach(() => server.close())

  const set = (headers: Record<string, string> = {}, body: unknown = choice) =>
    fetch(`${address}set`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin, ...headers },
      body: JSON.stringify(body),
    })
  const asked = (path: string, headers: Record<string, string> = {}) =>
    fetch(address + path, { headers })

  test('is on another port than the course, the same each time', async () => {
    expect(new URL(address).port).not.toBe(String(server.port))
    expect(await server.playground('cookies')).toBe(address)
    const opened = await server.submit('/playground/cookies')
    expect([opened.status, opened.headers.get('Location')]).toEqual([303, address])
  })

  test('that is not known is named with the one that may be meant', async () => {
    const answer = await server.get('/playground/cookie')
    expect([answer.status, await answer.text()]).toEqual([
      404,
      expect.stringContaining('Did you mean “cookies”?'),
    ])
  })

  test('sets the chosen cookie below its own path, and says the line', async () => {
    const answer = await set()
    const [line] = answer.headers.getSetCookie()
    expect(line).toMatch(
      new RegExp(`^play=[0-9a-f]{6}; Max-Age=10; Path=${new URL(address).pathname}; SameSite=Lax$`),
    )
    expect(await answer.json()).toEqual({ line })
  })

  test('tells what a request carried', async () => {
    expect(
      await (await asked('account', { Cookie: 'theme=dark; play=1; other=2' })).json(),
    ).toEqual({ cookie: 'play=1' })
    expect(await (await asked('shop')).json()).toEqual({ cookie: null })
    expect(await (await asked('account/arrive', { Cookie: 'play=<b>' })).text()).toContain(
      'Cookie: play=&lt;b&gt;',
    )
  })

  test('sets nothing for another site, and nothing that was not chosen', async () => {
    for (const headers of [
      { Origin: 'http://evil.example' },
      { Origin: server.url },
      { Origin: `http://127.0.0.1:${new URL(address).port}` },
      { 'Sec-Fetch-Site': 'cross-site' },
    ]) {
      const answer = await set(headers)
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []])
    }
    expect((await set({}, { ...choice, maxAge: 1e9 })).status).toBe(400)
    expect((await fetch(new URL('/', address))).status).toBe(404)
    expect((await fetch(new URL('/0000000000000000/', address))).status).toBe(404)
  })

  test('answers under no other name; under 127.0.0.1 there is only the door from elsewhere', async () => {
    const { port, pathname } = new URL(address)
    expect((await fetch(`http://127.0.0.1:${port}${pathname}elsewhere`)).status).toBe(200)
    expect((await fetch(`http://127.0.0.1:${port}${pathname}`)).status).toBe(404)
    expect((await asked('elsewhere')).status).toBe(404)
  })

  test('says the same strict policy as the course', async () => {
    const policy = (await asked('')).headers.get('Content-Security-Policy')
    expect(policy).toBe((await server.get('/')).headers.get('Content-Security-Policy'))
    expect(policy).toContain("default-src 'none'")
  })

  test('is framed by the course alone, and only where a lesson shows it', async () => {
    const framing = async (answer: Response) => [
      /frame-ancestors ([^;]+)/.exec(answer.headers.get('Content-Security-Policy') ?? '')?.[1],
      answer.headers.get('X-Frame-Options'),
    ]
    expect(await framing(await asked(''))).toEqual(["'none'", 'DENY'])
    expect(await framing(await asked('?framed'))).toEqual(["'none'", null])
    const lesson = await server.get('/lessons/first-lesson')
    expect(lesson.headers.get('Content-Security-Policy')).not.toContain('frame-src')
    expect(await framing(lesson)).toEqual(["'none'", 'DENY'])
    const other = await startFixtureServer({
      files: {
        'lessons/01-start/02-second.md':
          '---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: []\nobjectives:\n  - Say more\n---\n```playground cookies\nTry.\n```\n',
      },
    })
    const shown = await other.get('/lessons/second-lesson')
    expect(shown.headers.get('Content-Security-Policy')).toMatch(
      /;frame-src http:\/\/localhost:\*$/,
    )
    const opened = await other.post('/playground/cookies', { framed: true })
    const { address: frame } = (await opened.json()) as { address: string }
    expect(frame).toMatch(/^http:\/\/localhost:\d+\/[0-9a-f]{16}\/\?framed$/)
    expect(await framing(await fetch(frame))).toEqual([other.url, null])
    await other.close()
  })

  test('ends with the course', async () => {
    await server.app.close()
    await expect(asked('')).rejects.toThrow()
  })
})

describe('nothing listens', () => {
  const words = (name: string) =>
    `---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: []\nobjectives:\n  - Say more\n---\n\`\`\`playground ${name}\nTry.\n\`\`\`\n`
  const elsewhere = { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' }

  test.each(Object.keys(playgrounds) as PlaygroundName[])(
    'for a page of another site that wants %s',
    async (name) => {
      const server = await startFixtureServer({
        files: { 'lessons/01-start/02-second.md': words(name) },
      })
      const listens = vi.spyOn(Server.prototype, 'listen')
      onTestFinished(() => listens.mockRestore())
      const token = await server.token()
      const body = new URLSearchParams({ token, framed: 'true' }).toString()
      const post = { method: 'POST', path: `/playground/${name}`, body }
      const own = {
        Host: `localhost:${server.port}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      }
      const statuses = []
      for (const path of ['/lessons/second-lesson', `/playground/${name}`])
        for (const headers of [elsewhere, { 'Sec-Fetch-Site': 'same-site' }, {}] as const)
          statuses.push((await server.get(path, headers)).status)
      for (const headers of [
        { ...own, ...elsewhere },
        { ...own, Origin: 'null' },
        { ...own, Origin: 'http://127.0.0.1:3000' },
        { ...own, Origin: server.url, 'Sec-Fetch-Site': 'same-site' },
        own,
      ])
        statuses.push((await server.send({ ...post, headers })).status)
      const withoutToken = { ...post, body: '', headers: { ...own, Origin: server.url } }
      statuses.push((await server.send(withoutToken)).status)
      expect(statuses).toEqual([...Array(6).fill(200), ...Array(6).fill(403)])
      expect(listens).not.toHaveBeenCalled()

      await server.playground(name)
      expect(listens).toHaveBeenCalled()
      await server.close()
    },
  )
})
