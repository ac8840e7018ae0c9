import { header, headers, scenario, type Exchange, type Fetched, type SetUpKit } from '#grader'

const withCookies = { credentials: 'include' } as const
const json = { 'Content-Type': 'application/json' }

async function threeFriends({ origin, random }: SetUpKit) {
  const [first, second] = [await origin('the first friend'), await origin('the second friend')]
  // Visited by no browser; in a list of three, one stands in the middle.
  const far = `https://${random.word()}.test`
  return {
    first,
    second,
    far,
    user: random.word(),
    environment: { FRIENDS: [first.url, far, second.url].join(',') },
  }
}

export const friends = scenario(
  'A page of the first friend logs in, reads /me and changes it; both friends fetch /public',
  {
    setUp: threeFriends,
    async record({ newPage, random }, { first, second, user, environment }) {
      const renamed = random.word()
      const page = await newPage()
      await page.open(first.url)
      const login = await page.fetch(`/login?user=${user}`, withCookies)
      const jar = await page.jar()
      const me = await page.fetch('/me', withCookies)
      const patch = await page.fetch('/me', {
        ...withCookies,
        method: 'PATCH',
        headers: json,
        body: JSON.stringify({ user: renamed }),
      })
      const after = await page.fetch('/me', withCookies)
      const kept = { ...withCookies, cache: 'default' } as const
      const publicForFirst = await page.fetch('/public', kept)
      const other = await newPage()
      await other.open(second.url)
      const publicForSecond = await other.fetch('/public', kept)
      return {
        friends: environment.FRIENDS,
        first: first.url,
        second: second.url,
        user,
        renamed,
        login,
        jar,
        me,
        patch,
        after,
        publicForFirst,
        publicForSecond,
      }
    },
  },
)

export const strangers = scenario(
  'Origins that look like friends ask, a stranger’s page and a sandboxed frame, and a client without an Origin',
  {
    setUp: async (kit) => ({
      ...(await threeFriends(kit)),
      stranger: await kit.origin('a stranger'),
    }),
    async record({ newPage, send, address, random }, { first, far, stranger, user }) {
      const page = await newPage()
      await page.open(stranger.url)
      const read = await page.fetch('/public', withCookies)
      const framed = await page.evaluate(inSandbox(`${address}/public`))
      const host = far.slice('https://'.length)
      const lookAlikes = [
        `${far}.evil.test`,
        `https://evil${host}`,
        `https://evil.${host}`,
        far.replace('https:', 'http:'),
        `${far}:8443`,
        far.slice(0, -1),
        first.url.slice(0, -1),
        `${first.url}0`,
        'null',
      ]
      const asked = await Promise.all(
        lookAlikes.map(async (origin) => ({
          origin,
          answer: await send({ path: '/public', headers: [['Origin', origin]] }),
        })),
      )
      const preflighted = await Promise.all(
        [`${far}.evil.test`, stranger.url].map(async (origin) => ({
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
        })),
      )
      const byFriend = await send({ path: '/public', headers: [['Origin', far]] })
      const plainLogin = await send(`/login?user=${user}`)
      const cookie = headers(plainLogin?.response?.headers ?? [], 'Set-Cookie')
        .map((line) => line.split(';', 1)[0]!)
        .join('; ')
      const plainMe = await send({
        path: '/me',
        headers: cookie === '' ? [] : [['Cookie', cookie]],
      })
      const plainPublic = await send('/public')
      const nobody = await send('/me')
      const invented = await send({
        path: '/me',
        headers: [['Cookie', cookie.replace(/=.*/, `=${random.token(32)}`) || 'session=x']],
      })
      const renaming = await send({
        method: 'PATCH',
        path: '/me',
        headers: Object.entries(json),
        body: JSON.stringify({ user: random.word() }),
      })
      return {
        first: first.url,
        far,
        stranger: stranger.url,
        user,
        read,
        framed,
        asked: [...asked, ...preflighted],
        byFriend,
        plainLogin,
        plainMe,
        plainPublic,
        nobody,
        invented,
        renaming,
      }
    },
  },
)

/** A fetch in a frame whose origin is null; it gives what the frame could read, or throws. */
function inSandbox(url: string): string {
  const script = `fetch(${JSON.stringify(url)}, { credentials: 'include', cache: 'no-store' }).then((answer) => answer.text()).then((text) => parent.postMessage({ text }, '*'), (error) => parent.postMessage({ error: String(error) }, '*'))`
  return `new Promise((resolve, reject) => {
  addEventListener('message', ({ data }) => ('text' in data ? resolve(data.text) : reject(new Error(data.error))), { once: true })
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-scripts')
  frame.srcdoc = ${JSON.stringify(`<script>${script}</script>`).replaceAll('</', '<\\/')}
  document.body.append(frame)
})`
}

export function allowOrigin(exchange: Exchange | null): string {
  return headers(exchange?.response?.headers ?? [], 'Access-Control-Allow-Origin').join(', ')
}

export function allowCredentials(exchange: Exchange | null): string | undefined {
  return header(exchange?.response?.headers ?? [], 'Access-Control-Allow-Credentials')
}

/** The origin that an answer lets read, as the field says it. */
export function permission(exchange: Exchange | null, origin: string): string {
  const value = allowOrigin(exchange)
  return value === '*' || value.split(/,\s*/).includes(origin) ? value : 'none'
}

export function gotIn(asked: readonly { origin: string; answer: Exchange | null }[]): string[] {
  return asked
    .filter(({ origin, answer }) => permission(answer, origin) !== 'none')
    .map(({ origin }) => origin)
}

export function varies(exchange: Exchange | null): boolean {
  return headers(exchange?.response?.headers ?? [], 'Vary')
    .join(',')
    .toLowerCase()
    .split(/[\s,]+/)
    .some((name) => name === 'origin' || name === '*')
}

/** What the page's script got of an answer. */
export function seen({ seen, corsError, error }: Fetched): string {
  return seen ? `status ${seen.status}` : `nothing (${corsError ?? error ?? 'no answer'})`
}

export function xTotal({ seen }: Fetched): string {
  return seen?.headers.find(([name]) => name.toLowerCase() === 'x-total')?.[1].trim() ?? 'not there'
}

export function ofPreflight({ preflight }: Fetched, name: string): string[] {
  return headers(preflight?.response?.headers ?? [], name)
}

export function saidInPreflight(fetched: Fetched, name: string): string {
  const values = ofPreflight(fetched, name)
  return values.length === 0 ? `had no ${name}` : `said ${name}: ${values.join(', ')}`
}
