import {
  cookiesSent,
  json,
  matching,
  present,
  scenario,
  setCookie,
  setCookies,
  status,
  text,
  type ConsoleResult,
  type Exchange,
  type SetCookie,
} from '#grader'

export const threeViews = scenario(
  'Chromium logs in; the wire, the jar and the console are compared, then a script writes both cookies',
  {
    async record({ newPage }) {
      const page = await newPage()
      const { document } = await page.open('/login')
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
        document,
        seen,
        store,
        storage,
        jar,
        me: me.exchange,
        themed,
        meAgain: meAgain.exchange,
        scripted: scripted.exchange,
        scriptSaw: scripted.seen?.headers ?? [],
      }
    },
    facts: ({ document, ...views }) => {
      const login = present(document, 'GET /login')
      const session = setCookie(login, 'session')
      return {
        ...views,
        login,
        session,
        theme: setCookie(login, 'theme'),
        onlyCookie: onlyCookie(login),
        leak: session && whereElse(session, login, views.seen),
        sentAgain: sessionsSent(views.meAgain),
      }
    },
  },
)

export const goodbye = scenario('The visitor logs out, and somebody replays the old session', {
  async record({ newPage, send }) {
    const page = await newPage()
    const { document } = await page.open('/login')
    const copied = { path: '/me', headers: [['Cookie', `session=${sessionIn(document)}`]] } as const
    const before = await send(copied)
    const logout = await page.fetch('/logout', { method: 'POST' })
    const jar = await page.jar()
    const me = await page.fetch('/me')
    const replay = await send(copied)
    return { document, before, logout: logout.exchange, jar, me: me.exchange, replay }
  },
  facts: ({ document, logout, ...rest }) => {
    const login = present(document, 'GET /login')
    const given = setCookie(login, 'session')
    return { ...rest, logout, given, taken: setCookie(logout, 'session') }
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
    facts: ({ adaLogin, benLogin, ...asked }) => ({
      ...asked,
      first: idFrom(present(adaLogin, 'GET /login')),
      second: idFrom(present(benLogin, 'the second GET /login')),
    }),
  },
)

export const plantedId = scenario(
  'A visitor logs in whose browser brings an id that somebody planted there',
  {
    async record({ newPage, send, random }) {
      const planted = random.token(32)
      const page = await newPage()
      await page.plant({ session: planted })
      const { document } = await page.open('/login')
      const thief = await send({ path: '/me', headers: [['Cookie', `session=${planted}`]] })
      return { planted, document, thief }
    },
    facts: ({ planted, document, thief }) => {
      const login = present(document, 'GET /login')
      return { planted, login, given: sessionIn(login), thief }
    },
  },
)

/** The id that a login gave out. */
export interface GivenId {
  readonly exchange: Exchange
  /** Empty when it set no session. */
  readonly value: string
}

function idFrom(login: Exchange): GivenId {
  return { exchange: login, value: sessionIn(login) }
}

function sessionIn(login: Exchange | null): string {
  return setCookie(login, 'session')?.value ?? ''
}

function sessionsSent(asked: Exchange | null): string[] {
  const sessions = cookiesSent(asked).filter(({ name }) => name === 'session')
  return sessions.map(({ value }) => value)
}

/** The one cookie that the login set, where it is one of the two. */
function onlyCookie(login: Exchange): SetCookie | undefined {
  const [only, ...others] = setCookies(login)
  const isOurs = only && ['session', 'theme'].includes(only.name) && !only.line.includes(',')
  return isOurs && others.length === 0 ? only : undefined
}

/** Where a script reads the value, although the cookie is not listed. */
function whereElse({ value }: SetCookie, login: Exchange, seen: ConsoleResult): string | undefined {
  if (value === '') return undefined
  if (String(seen.value).includes(value)) return 'document.cookie under another name'
  return text(login).includes(value) ? 'the page itself' : undefined
}

/** Whether /me let this request in, with a user. */
export function isLetIn(asked: Exchange | null): boolean {
  return status(asked) === 200 && hasUser(json(asked))
}

/** `{"user": …}` with somebody in it. */
export const someUser = matching('{"user": …}', hasUser)

function hasUser(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('user' in answer)) return false
  return answer.user !== null && answer.user !== undefined
}

/** For what cookieStore lists: `name=value` for each cookie. */
export const withoutSession = matching(
  'a list without session',
  (list: unknown) =>
    Array.isArray(list) && !list.some((item) => String(item).startsWith('session=')),
)

/** `Http-Only`, as it was written. */
export function misspeltHttpOnly({ attributes }: SetCookie): string | undefined {
  return attributes.map(({ name }) => name).find((name) => /^http[^a-z]+only$/i.test(name))
}

export function pathInWords({ path }: SetCookie): string {
  return path === undefined ? 'no Path' : `Path=${path}`
}
