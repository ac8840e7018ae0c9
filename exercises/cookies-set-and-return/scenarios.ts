import {
  cookieSent,
  held,
  json,
  matching,
  present,
  scenario,
  setCookie,
  status,
  type Exchange,
  type Jar,
  type Matcher,
  type SetCookie,
} from '#grader'

export const roundTrip = scenario(
  'Chromium opens /login, /whoami and a deeper address; then comes a visitor with other cookies',
  {
    async record({ newPage, send, random }) {
      const page = await newPage()
      const login = await page.open('/login')
      const jar = await page.jar()
      const whoami = await page.open('/whoami')
      const deep = await page.open(`/${random.word()}/${random.word()}/${random.word()}`)
      const decoy = random.token()
      const other = await newPage('a visitor with other cookies')
      // In the jar before the login: of cookies with equally long paths the older one is sent first
      // (RFC 6265bis §5.8.3).
      await other.plant({ xsession: decoy, a: 'b=c' })
      await other.open('/login')
      const amongOthers = await other.open('/whoami')
      const own = `session=${random.token(30)}== `
      const cookies = `a=b=c;  sessions=${random.token()};${own};  xsession=${decoy}`
      const spaced = await send({ path: '/whoami', headers: [['Cookie', cookies]] })
      return {
        login: login.document,
        jar,
        whoami: whoami.document,
        deep: deep.document,
        amongOthers: amongOthers.document,
        spaced,
      }
    },
    facts: ({ login: document, ...rest }) => {
      const login = present(document, 'GET /login')
      return {
        ...rest,
        login,
        session: setCookie(login, 'session'),
        onlyFor: narrowPath(rest.jar),
        misread: firstMisread(rest.amongOthers, rest.spaced),
      }
    },
  },
)

export const twoVisitors = scenario(
  'A second visitor comes with an empty jar, logs in too, and both ask /whoami',
  {
    async record({ newPage, send, random }) {
      const ada = await newPage('the first visitor')
      const ben = await newPage('the second visitor')
      const adaLogin = await ada.open('/login')
      const stranger = await ben.open('/whoami')
      const benLogin = await ben.open('/login')
      const adaAsks = await ada.open('/whoami')
      const benAsks = await ben.open('/whoami')
      const cookies = `session=; lang=${random.word()}`
      const empty = await send({ path: '/whoami', headers: [['Cookie', cookies]] })
      return {
        adaLogin: adaLogin.document,
        benLogin: benLogin.document,
        stranger: stranger.document,
        adaAsks: adaAsks.document,
        benAsks: benAsks.document,
        empty,
      }
    },
    facts: ({ adaLogin, benLogin, ...asked }) => ({
      ...asked,
      first: sessionOf(present(adaLogin, 'GET /login')),
      second: sessionOf(present(benLogin, 'the second GET /login')),
      misread: firstMisread(asked.adaAsks, asked.benAsks, asked.empty),
    }),
  },
)

/** What a login gave out. */
export interface Session {
  readonly exchange: Exchange
  /** Empty when it set no session. */
  readonly value: string
}

function sessionOf(login: Exchange): Session {
  return { exchange: login, value: setCookie(login, 'session')?.value ?? '' }
}

/**
 * The path for which alone Chromium keeps session; undefined when it does so for the whole site.
 */
function narrowPath(jar: Jar): string | undefined {
  const { path = '/' } = held(jar, 'session') ?? {}
  return path === '/' ? undefined : path
}

/** A request to /whoami that did not get the answer it should. */
export interface Misread {
  readonly exchange: Exchange
  /** The value of session in the request; undefined when it has none. */
  readonly sent: string | undefined
  /**
   * The value in the answer: a string, null, whatever it is; undefined when nothing is readable.
   */
  readonly reported: unknown
}

function firstMisread(...asked: readonly (Exchange | null)[]): Misread | undefined {
  const exchange = asked.find((each) => status(each) !== 200 || !isAsSent(each))
  if (!exchange) return undefined
  return { exchange, sent: cookieSent(exchange, 'session'), reported: reported(exchange) }
}

/** The JSON that /whoami owes this request. */
export function asSent(asked: Exchange | null): Matcher<unknown> {
  const sent = cookieSent(asked, 'session') ?? null
  return matching(JSON.stringify({ cookie: sent }), () => isAsSent(asked))
}

/** Percent-encoding may be undone: cookie-parser does so. */
function isAsSent(asked: Exchange | null): boolean {
  const sent = cookieSent(asked, 'session') ?? null
  const answer = reported(asked)
  return answer === sent || (sent !== null && answer === decode(sent))
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** What /whoami answered; undefined when it said nothing readable. */
export function reported(asked: Exchange | null): unknown {
  const answer = json(asked)
  return isObject(answer) && 'cookie' in answer ? answer.cookie : undefined
}

export function isObject(answer: unknown): answer is object {
  return typeof answer === 'object' && answer !== null
}

/** Whether the answer is nothing but the part of the value before its first =. */
export function isCutAtEquals({ sent, reported }: Misread): boolean {
  return reported !== sent && sent?.split('=', 1)[0] === reported
}

/** Whether the cookie was not found because of a space, or was reported with one. */
export function isOffBySpaces({ sent, reported }: Misread): boolean {
  if (sent === undefined || reported === sent) return false
  return reported === null || String(reported).trim() === sent
}

/** Whether the cookie ended with the answer that set it, by its own words. */
export function hasEnded({ maxAge, expires = Infinity }: SetCookie, login: Exchange): boolean {
  return maxAge === undefined ? expires <= (login.response?.startedAt ?? 0) : maxAge <= 0
}
