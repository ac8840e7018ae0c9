import { cookieSent, jsonBody, scenario, setCookie, type Exchange } from '#grader'

export const roundTrip = scenario(
  'Chromium opens /login, then /whoami, then an address a few folders deep; another visitor brings cookies of others',
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
      const spaced = await send({
        path: '/whoami',
        headers: [
          [
            'Cookie',
            `a=b=c;  sessions=${random.token()};session=${random.token(30)}== ;  xsession=${decoy}`,
          ],
        ],
      })
      return {
        login: login.document,
        jar,
        whoami: whoami.document,
        deep: deep.document,
        amongOthers: amongOthers.document,
        spaced,
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
      const empty = await send({
        path: '/whoami',
        headers: [['Cookie', `session=; lang=${random.word()}`]],
      })
      return {
        adaLogin: adaLogin.document,
        benLogin: benLogin.document,
        stranger: stranger.document,
        adaAsks: adaAsks.document,
        benAsks: benAsks.document,
        empty,
      }
    },
  },
)

/** What /whoami said; undefined when it said nothing readable. */
export function reported(exchange: Exchange | null): unknown {
  const json = jsonBody(exchange?.response)
  return isObject(json) && 'cookie' in json ? json.cookie : undefined
}

export function isObject(json: unknown): json is object {
  return typeof json === 'object' && json !== null
}

/** The cookie was not found behind a space, or was reported with one. */
export function isOffBySpaces(asked: Exchange | null): boolean {
  const [sent, told] = [cookieSent(asked, 'session'), reported(asked)]
  return sent !== undefined && told !== sent && (told === null || String(told).trim() === sent)
}

/** By its own words, when it came. */
export function hasEnded(login: Exchange | null): boolean {
  const { maxAge, expires = Infinity } = setCookie(login, 'session') ?? {}
  return maxAge === undefined ? expires <= (login?.response?.startedAt ?? 0) : maxAge <= 0
}

export function sessionOf(login: Exchange | null): string {
  return setCookie(login, 'session')?.value ?? ''
}

export function pathInJar(jar: { cookies: readonly { name: string; path: string }[] }): string {
  return jar.cookies.find(({ name }) => name === 'session')?.path ?? 'another path'
}
