import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

let server: FixtureServer
beforeAll(async () => {
  server = await startFixtureServer()
})
afterAll(() => server.close())

const opening = async (cookie?: string) =>
  (await (await server.get('/', cookie === undefined ? {} : { Cookie: cookie })).text()).slice(
    0,
    400,
  )
const pressed = async (cookie: string) => {
  const html = await (await server.get('/', { Cookie: cookie })).text()
  return [...html.matchAll(/value="(\w+)" aria-pressed="true"/g)].map(([, theme]) => theme)
}

describe('the colours of a page', () => {
  test('are left to the browser where nothing was chosen', async () => {
    expect(await opening()).toContain('<html lang="en">')
    expect(await opening()).toContain('<meta name="color-scheme" content="light dark">')
    expect(await pressed('')).toEqual(['system'])
  })

  test.each(['light', 'dark'])('are in the page from its first byte on: %s', async (theme) => {
    expect(await opening(`theme=${theme}`)).toContain(`<html lang="en" data-theme="${theme}">`)
    expect(await opening(`theme=${theme}`)).toContain(
      `<meta name="color-scheme" content="${theme}">`,
    )
    expect(await pressed(`theme=${theme}`)).toEqual([theme])
  })

  test.each(['theme=pink', 'theme=%22%3E%3Cscript%3E', 'theme=__proto__', 'theme=j%3A%7B%7D'])(
    'take no other word: %s',
    async (cookie) => {
      expect(await opening(cookie)).toContain('<html lang="en">')
    },
  )
})

describe('a choice sent by the form', () => {
  test('is kept for a year and leads back to where it was made', async () => {
    const answer = await server.submit(
      '/theme',
      { theme: 'dark' },
      { Referer: `${server.url}/lessons/first-lesson?a=b` },
    )
    expect(answer.status).toBe(303)
    expect(answer.headers.get('Location')).toBe('/lessons/first-lesson?a=b')
    expect(answer.headers.get('Set-Cookie')).toMatch(
      /^theme=dark; Max-Age=31536000; Path=\/; Expires=[^;]+; SameSite=Lax$/,
    )
  })

  test('of the system forgets the one before', async () => {
    const answer = await server.submit('/theme', { theme: 'system' })
    expect(answer.headers.get('Location')).toBe('/')
    expect(answer.headers.get('Set-Cookie')).toMatch(/^theme=; Path=\/; Expires=Thu, 01 Jan 1970/)
  })

  test.each(['http://elsewhere.example//elsewhere.example/', 'nonsense'])(
    'never leads to another host: %s',
    async (referrer) => {
      const answer = await server.submit('/theme', { theme: 'light' }, { Referer: referrer })
      expect(answer.headers.get('Location')).toBe('/')
    },
  )

  test('that is none is refused', async () => {
    expect((await server.submit('/theme', { theme: 'pink' })).status).toBe(400)
  })
})
