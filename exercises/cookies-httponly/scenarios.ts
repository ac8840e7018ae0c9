import {
  bodyText,
  jsonBody,
  scenario,
  setCookie,
  setCookies,
  table,
  type ConsoleResult,
  type Cookie,
  type Exchange,
  type Jar,
} from '#grader'

export const threeViews = scenario(
  'Chromium logs in; the wire, the jar and the console are compared, then a script writes both cookies',
  {
    async record({ newPage }) {
      const page = await newPage()
      const { document: login } = await page.open('/login')
      const seen = await page.evaluate('document.cookie')
      const store = await page.evaluate(
        'cookieStore.getAll().then((list) => list.map(({ name, value }) => `${name}=${value}`))',
      )
      const storage = await page.evaluate('Object.keys(localStorage)')
      const jar = await page.jar()
      const me = await page.fetch('/me')
      await page.evaluate("document.cookie = 'theme=light'")
      const themed = await page.evaluate('document.cookie')
      await page.evaluate("document.cookie = 'session=stolen'")
      const meAgain = await page.fetch('/me')
      const scripted = await page.fetch('/login')
      return {
        login,
        seen,
        store,
        storage,
        jar,
        me: me.exchange,
        themed,
        meAgain: meAgain.exchange,
        scriptSaw: scripted.seen?.headers ?? [],
      }
    },
  },
)

export const goodbye = scenario('The visitor logs out, and somebody replays the old session', {
  async record({ newPage, send }) {
    const page = await newPage()
    const { document: login } = await page.open('/login')
    const session = setCookie(login, 'session')?.value ?? ''
    const before = await send({ path: '/me', headers: [['Cookie', `session=${session}`]] })
    const logout = await page.fetch('/logout', { method: 'POST' })
    const jar = await page.jar()
    const me = await page.fetch('/me')
    const replay = await send({ path: '/me', headers: [['Cookie', `session=${session}`]] })
    return { login, before, logout: logout.exchange, jar, me: me.exchange, replay }
  },
})

export const twoPeople = scenario(
  'Two visitors log in, others try /me without an id of yours, and the first visitor logs out',
  {
    async record({ newPage, send, random }) {
      const ada = await newPage('the first visitor')
      const ben = await newPage('the second visitor')
      const { document: adaLogin } = await ada.open('/login')
      const { document: benLogin } = await ben.open('/login')
      const stranger = await send('/me')
      const invented = await send({
        path: '/me',
        headers: [['Cookie', `session=${random.token(32)}`]],
      })
      const { exchange: adaAsks } = await ada.fetch('/me')
      await ada.fetch('/logout', { method: 'POST' })
      const { exchange: benAsks } = await ben.fetch('/me')
      return { adaLogin, benLogin, stranger, invented, adaAsks, benAsks }
    },
  },
)

export const plantedId = scenario(
  'A visitor logs in whose browser brings an id that somebody planted there',
  {
    async record({ newPage, send, random }) {
      const planted = random.token(32)
      const page = await newPage()
      await page.plant({ session: planted })
      const { document: login } = await page.open('/login')
      const thief = await send({ path: '/me', headers: [['Cookie', `session=${planted}`]] })
      return { planted, login, thief }
    },
  },
)

/**
 * What a page about one jar shows beside each other: the wire, the browser's own list, the console.
 */
export function viewsOfOneJar(
  login: Exchange | null,
  jar: Jar,
  seen: ConsoleResult,
  scriptSaw: readonly (readonly [string, string])[],
) {
  const rows = ['session', 'theme'].map((name) => [
    name,
    onTheWire(login, name),
    inTheJar(jar.cookies, name),
    inTheConsole(seen, name),
  ])
  const fetched = scriptSaw.some(([field]) => field === 'set-cookie')
    ? 'headers list Set-Cookie'
    : 'headers list no Set-Cookie'
  return table(
    'Three views of one jar',
    ['cookie', 'on the wire', "in Chromium's jar", 'in document.cookie'],
    [...rows, ['fetch()', `${setCookies(login).length} Set-Cookie fields`, '', fetched]],
  )
}

function onTheWire(login: Exchange | null, name: string): string {
  const cookie = setCookie(login, name)
  return cookie ? cookie.line.replace(cookie.value, brief(cookie.value)) : 'not set'
}

function inTheJar(cookies: readonly Cookie[], name: string): string {
  const cookie = cookies.find((each) => each.name === name)
  if (!cookie) return 'not there'
  return [
    `${name}=${brief(cookie.value)}`,
    cookie.httpOnly ? 'HttpOnly' : 'readable',
    cookie.sameSite ? `SameSite=${cookie.sameSite}` : 'no SameSite',
  ].join(', ')
}

export function inTheConsole(seen: ConsoleResult, name: string): string {
  const value = String(seen.value)
    .split('; ')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)
  return value === undefined ? 'not listed' : `${name}=${brief(value)}`
}

/** Enough of a long value to recognise it. */
export function brief(value: string): string {
  return value.length > 12 ? `${value.slice(0, 8)}…` : value
}

export function userOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'user' in json ? (json.user ?? null) : null
}

/** Whom /me let in; null when nobody. */
export function userIn(exchange: Exchange | null): unknown {
  return exchange?.response?.status === 200 ? userOf(jsonBody(exchange.response)) : null
}

/** `Http-Only`, as it was written. */
export function misspelt(login: Exchange | null): string | undefined {
  return setCookie(login, 'session')?.attributes.find(({ name }) => /^http[^a-z]+only$/i.test(name))
    ?.name
}

export function sessionOf(login: Exchange | null): string {
  return setCookie(login, 'session')?.value ?? ''
}

/** Where a script reads the value, although the cookie is not listed. */
export function whereElse(login: Exchange | null, seen: ConsoleResult): string | null {
  const value = sessionOf(login)
  if (value === '') return null
  if (String(seen.value).includes(value)) return 'document.cookie under another name'
  return login?.response && bodyText(login.response).includes(value) ? 'the page itself' : null
}

export function pathWords(exchange: Exchange | null): string {
  const path = setCookie(exchange, 'session')?.path
  return path === undefined ? 'no Path' : `Path=${path}`
}
