import {
  deletesCookie,
  field,
  hasStatus,
  fields,
  matching,
  scenario,
  sentField,
  setCookies,
  type Exchange,
  type Fetched,
  type SetUpKit,
} from '#grader'

export const ORIGIN = 'Access-Control-Allow-Origin'
export const CREDENTIALS = 'Access-Control-Allow-Credentials'
export const METHODS = 'Access-Control-Allow-Methods'
export const FIELDS = 'Access-Control-Allow-Headers'
export const EXPOSED = 'Access-Control-Expose-Headers'

const withCookies = { credentials: 'include' } as const
const asJson = { 'Content-Type': 'application/json' }

export const friends = scenario(
  'A page of the first friend logs in, reads /me and changes it; both friends fetch /public',
  {
    setUp: threeFriends,
    async record({ newPage, send, random }, { first, second, user, environment }) {
      const renamed = random.word()
      const page = await newPage()
      await page.open(first.url)
      const login = await page.fetch(`/login?user=${user}`, { ...withCookies, method: 'POST' })
      const jar = await page.jar()
      const me = await page.fetch('/me', withCookies)
      const patch = await page.fetch('/me', {
        ...withCookies,
        method: 'PATCH',
        headers: asJson,
        body: JSON.stringify({ user: renamed }),
      })
      const meAfter = await page.fetch('/me', withCookies)
      const cached = { ...withCookies, cache: 'default' } as const
      const publicForFirst = await page.fetch('/public', cached)
      const other = await newPage()
      await other.open(second.url)
      const publicForSecond = await other.fetch('/public', cached)
      const plainPublic = await send('/public')
      return {
        list: environment.FRIENDS,
        first: first.url,
        second: second.url,
        user,
        renamed,
        login,
        jar,
        me,
        patch,
        meAfter,
        publicForFirst,
        publicForSecond,
        plainPublic,
      }
    },
    facts: ({ login, me, patch, meAfter, publicForFirst, publicForSecond, ...rest }) => ({
      ...rest,
      login: asAttempt(login),
      session: sessionCookie(login.exchange)?.name ?? 'session',
      me: asAttempt(me),
      withheld: [login, me].find(({ corsError }) => corsError === 'InvalidAllowCredentials'),
      totalSeen: fieldSeen(me, 'X-Total'),
      patch: asAttempt(patch),
      meAfter: asAttempt(meAfter),
      publicForFirst: asAttempt(publicForFirst),
      publicForSecond: asAttempt(publicForSecond),
    }),
  },
)

export const strangers = scenario(
  'Origins that look like friends, a stranger’s page, a sandboxed frame and a client without an Origin',
  {
    setUp: async (kit) => ({
      ...(await threeFriends(kit)),
      stranger: await kit.origin('a stranger'),
    }),
    async record({ newPage, send, address, random }, { first, far, stranger, user }) {
      const page = await newPage()
      await page.open(stranger.url)
      const read = await page.fetch('/public', withCookies)
      const framed = await page.evaluate(fetchInSandbox(`${address}/public`))
      const askedBy = async (origin: string) => ({
        origin,
        answer: await send({ path: '/public', headers: [['Origin', origin]] }),
      })
      const preflightBy = async (origin: string) => ({
        origin,
        answer: await send({
          method: 'OPTIONS',
          path: '/me',
          headers: [
            ['Origin', origin],
            ['Access-Control-Request-Method', 'PATCH'],
            ['Access-Control-Request-Headers', 'content-type'],
          ],
        }),
      })
      const asked = await Promise.all([
        ...[...lookAlikes(far, first.url), 'null'].map(askedBy),
        ...[`${far}.evil.test`, stranger.url].map(preflightBy),
      ])
      const byFriend = await askedBy(far)
      const plainLogin = await send({ method: 'POST', path: `/login?user=${user}` })
      const { name, value } = sessionCookie(plainLogin) ?? { name: 'session', value: '' }
      const plainMe = await send({ path: '/me', headers: [['Cookie', `${name}=${value}`]] })
      const plainPublic = await send('/public')
      const withoutSession = [
        await send('/me'),
        await send({ path: '/me', headers: [['Cookie', `${name}=${random.token(32)}`]] }),
        await send({
          method: 'PATCH',
          path: '/me',
          headers: Object.entries(asJson),
          body: JSON.stringify({ user: random.word() }),
        }),
      ]
      return {
        far,
        stranger: stranger.url,
        user,
        read,
        framed,
        asked,
        byFriend: byFriend.answer,
        plainLogin,
        plainMe,
        plainPublic,
        withoutSession,
      }
    },
    facts: ({ read, framed, asked, withoutSession, ...rest }) => ({
      ...rest,
      read: asAttempt(read),
      framed: framed.error === null ? 'an answer' : 'nothing',
      asked,
      /** The strange origins that got permission. */
      letIn: asked
        .filter(({ origin, answer }) => permission(answer, origin) !== 'none')
        .map(({ origin }) => origin),
      withoutSession,
      /** The first request without a session that was not answered with 401. */
      notRefused: withoutSession.find((exchange) => !hasStatus(401)(exchange)),
    }),
  },
)

async function threeFriends({ origin, random }: SetUpKit) {
  const first = await origin('the first friend')
  const second = await origin('the second friend')
  // No browser visits it; in a list of three, one has to be in the middle.
  const far = `https://${random.word()}.test`
  return {
    first,
    second,
    far,
    user: random.word(),
    environment: { FRIENDS: [first.url, far, second.url].join(',') },
  }
}

function lookAlikes(far: string, first: string): string[] {
  const host = far.slice('https://'.length)
  return [
    `${far}.evil.test`,
    `https://evil${host}`,
    `https://evil.${host}`,
    far.replace('https:', 'http:'),
    `${far}:8443`,
    far.slice(0, -1),
    first.slice(0, -1),
    `${first}0`,
  ]
}

/** A fetch in a frame whose origin is null; it gives what the frame could read, or throws. */
function fetchInSandbox(url: string): string {
  const script = `fetch(${JSON.stringify(url)}, { credentials: 'include', cache: 'no-store' }).then((answer) => answer.text()).then((text) => parent.postMessage({ text }, '*'), (error) => parent.postMessage({ error: String(error) }, '*'))`
  return `new Promise((resolve, reject) => {
  addEventListener('message', ({ data }) => ('text' in data ? resolve(data.text) : reject(new Error(data.error))), { once: true })
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-scripts')
  frame.srcdoc = ${JSON.stringify(`<script>${script}</script>`).replaceAll('</', '<\\/')}
  document.body.append(frame)
})`
}

/** A fetch() of a page, and what Chromium made of it. */
export interface Attempt {
  readonly preflight: Exchange | null
  /** The request itself; null when Chromium did not send it. */
  readonly exchange: Exchange | null
  /** What Chromium did with the request: `sent it`. */
  readonly sent: string
  /** What the page's script got of the answer: `status 200`. */
  readonly seen: string
  /** Chromium's reason for not sending the request or withholding its answer. */
  readonly refusal: string | null
}

function asAttempt({ preflight, exchange, seen, corsError, error }: Fetched): Attempt {
  const reason = corsError ?? error ?? 'no answer'
  return {
    preflight,
    exchange,
    sent: exchange ? 'sent it' : `did not send it (${reason})`,
    seen: seen ? `status ${seen.status}` : `nothing (${reason})`,
    refusal: corsError,
  }
}

/** The cookie that a login gave out; a cookie that it deletes does not count. */
function sessionCookie(login: Exchange | null) {
  return setCookies(login).find(({ name }) => !deletesCookie(name)(login))
}

/** A field of the answer, as the page's script could read it. */
function fieldSeen({ seen }: Fetched, name: string): string | undefined {
  return seen?.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
}

/** The preflight, when this is Chromium's reason for refusing the request. */
export function refusedFor(reason: string, { preflight, refusal }: Attempt): Exchange | null {
  return refusal === reason ? preflight : null
}

/** What a page saw of an answer that Chromium withheld. */
export const nothing = matching('nothing', (seen: string) => seen.startsWith('nothing'))

/** The origins in an answer's permission, whoever asked. */
export function permitted(answer: Exchange | null): string {
  return fields(answer, ORIGIN).join(', ') || 'none'
}

/** What an answer says to pages of that origin; `none` when it does not let them read. */
export function permission(answer: Exchange | null, origin: string): string {
  const origins = permitted(answer)
  return origins === '*' || origins.split(/,\s*/).includes(origin) ? origins : 'none'
}

/** A list of field names with this one or a star: for the value of Vary. */
export function naming(name: string) {
  const isNamed = (item: string) => item === name.toLowerCase() || item === '*'
  return matching(name, (value: string) =>
    value.split(',').some((item) => isNamed(item.trim().toLowerCase())),
  )
}

/** Whether caches keep copies of an answer for different origins apart. */
export function varies(answer: Exchange | null): boolean {
  return fields(answer, 'Vary').some(naming('Origin').test)
}

/** The cookie of a request without a session: that there was none, or that it was made up. */
export function cookieOf(exchange: Exchange): string {
  const cookie = sentField(exchange, 'Cookie')
  return cookie === undefined ? 'no cookie' : 'a session that the client made up'
}

/** JSON with whatever in it. */
export const anyJson = matching('JSON of any kind', () => true)

/** A cache may keep the answer, for a minute. */
export const oneMinute = matching(
  'max-age=60',
  (value: string) =>
    /(?:^|[\s,])max-age=60(?:[\s,]|$)/i.test(value) && !/no-store|no-cache/i.test(value),
)

/** `Access-Control-Allow-Methods: GET`, or that the answer had no such field. */
export function said(answer: Exchange | null, name: string): string {
  const values = fields(answer, name)
  if (values.length === 0) return `your answer had no ${name}`
  return `your answer said ${name}: ${values.join(', ')}`
}

/** Whether the answer's field of that name is a star. */
export function isStar(answer: Exchange | null, name: string): boolean {
  return field(answer, name)?.trim() === '*'
}

/** The number of logins so far, with or without blanks around it. */
export const oneLogin = matching('1, for one login so far', (total: string) => total.trim() === '1')
