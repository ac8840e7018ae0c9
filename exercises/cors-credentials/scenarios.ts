import { hasStatus, scenario, type SetUpKit } from '#grader'
import { asAttempt, fieldSeen, permission, sessionCookie } from './permissions.ts'

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
