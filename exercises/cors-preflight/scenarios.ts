import {
  fields,
  matching,
  nearField,
  scenario,
  sentField,
  type Exchange,
  type Fetched,
  type SetUpKit,
} from '#grader'

export const ORIGIN = 'Access-Control-Allow-Origin'
export const METHODS = 'Access-Control-Allow-Methods'
export const FIELDS = 'Access-Control-Allow-Headers'
export const MAX_AGE = 'Access-Control-Max-Age'

/** Longer than Chromium remembers a permission that does not say how long it holds: 5 s. */
export const SECONDS_BETWEEN = 5.6

export const everyday = scenario(
  'The app stores a todo, lists all, deletes it and requests a path that does not exist',
  {
    setUp: appAndTodo,
    async record({ newPage, random }, { app, id, text }) {
      const page = await newPage()
      await page.open(app.url)
      const put = await page.fetch(`/todos/${id}`, putting(text))
      const list = await page.fetch('/todos')
      const deleted = await page.fetch(`/todos/${id}`, { method: 'DELETE' })
      const missing = await page.fetch(`/${random.word()}`)
      return { text, put, list, deleted, missing }
    },
    facts: ({ text, put, list, deleted, missing }) => ({
      text,
      put: asAttempt(put),
      list: asAttempt(list),
      deleted: asAttempt(deleted),
      missing: asAttempt(missing),
    }),
  },
)

export const strangers = scenario(
  'A page from another origin tries the same, then clients that are not browsers ask',
  {
    setUp: async (kit) => ({ ...(await appAndTodo(kit)), other: await kit.origin('another page') }),
    async record({ newPage, send }, { app, other, id, text }) {
      const page = await newPage()
      await page.open(other.url)
      const put = await page.fetch(`/todos/${id}`, putting(text))
      const list = await page.fetch('/todos')
      // Every origin but the app's is a stranger, also the one that differs from it in the scheme.
      const twin = app.url.replace('http:', 'https:')
      const byTwin = await send({ path: '/todos', headers: [['Origin', twin]] })
      // What a page sends that has no origin of its own: a file, a frame with sandbox.
      const byNull = await send({ path: '/todos', headers: [['Origin', 'null']] })
      const withoutOrigin = await send({ method: 'OPTIONS', path: `/todos/${id}` })
      return { app: app.url, other: other.url, twin, put, list, byTwin, byNull, withoutOrigin }
    },
    facts: ({ put, list, ...rest }) => ({ ...rest, put: asAttempt(put), list: asAttempt(list) }),
  },
)

export const twice = scenario('The app stores a todo, and again more than five seconds later', {
  setUp: appAndTodo,
  async record({ newPage, wait }, { app, id, text }) {
    const page = await newPage()
    await page.open(app.url)
    // A fetch that bypasses the cache bypasses the memory of permissions as well.
    const store = () => page.fetch(`/todos/${id}`, { ...putting(text), cache: 'default' })
    const first = await store()
    await wait(SECONDS_BETWEEN)
    const second = await store()
    return { first, second }
  },
  facts: ({ first, second }) => ({ first: asAttempt(first), second: asAttempt(second) }),
})

async function appAndTodo({ random, origin }: SetUpKit) {
  const app = await origin('the app')
  return {
    app,
    id: String(random.integer(100, 999)),
    text: random.word(),
    environment: { APP_ORIGIN: app.url },
  }
}

function putting(text: string) {
  return {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', 'X-Client': 'app/2' },
    body: JSON.stringify({ text }),
  }
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
  /** What fetch() threw: `Failed to fetch`. */
  readonly error: string | null
}

function asAttempt({ preflight, exchange, seen, corsError, error }: Fetched): Attempt {
  const reason = corsError ?? error ?? 'no answer'
  return {
    preflight,
    exchange,
    sent: exchange ? 'sent it' : `did not send it (${reason})`,
    seen: seen ? `status ${seen.status}` : `nothing (${reason})`,
    refusal: corsError,
    error: error?.replace(/^TypeError: /, '') ?? null,
  }
}

/** The preflight, when this is Chromium's reason for refusing what was asked. */
export function refusedFor(reason: string, { preflight, refusal }: Attempt): Exchange | null {
  return refusal === reason ? preflight : null
}

/** What a page saw of an answer that Chromium withheld. */
export const nothing = matching('nothing', (seen: string) => seen.startsWith('nothing'))
/** What Chromium did with a request that was refused. */
export const notSent = matching('did not send it', (sent: string) => sent !== 'sent it')

/** The methods in Allow. */
export const putAndDelete = matching(
  'PUT and DELETE among them',
  (methods: readonly string[]) => methods.includes('PUT') && methods.includes('DELETE'),
)

/** The list of todos, with this one among them. */
export function listWith(text: string) {
  return matching(
    `a list with the todo "${text}"`,
    (todos: unknown) =>
      Array.isArray(todos) && JSON.stringify(todos).includes(JSON.stringify(text)),
  )
}

/** What an answer says to pages of that origin; `none` when it does not let them read. */
export function permission(answer: Exchange | null, origin: string): string {
  const origins = fields(answer, ORIGIN)
  return origins.includes('*') || origins.includes(origin) ? origins.join(', ') : 'none'
}

/** The names in Access-Control-Request-Headers, as Chromium sent them. */
export function requestedFields(preflight: Exchange): string {
  return sentField(preflight, 'Access-Control-Request-Headers') ?? 'no fields'
}

/** `your answer said Access-Control-Allow-Methods: GET`, or had no such field. */
export function said(answer: Exchange | null, name: string): string {
  const values = fields(answer, name)
  if (values.length > 0) return `your answer said ${name}: ${values.join(', ')}`
  const near = nearField(answer?.response?.headers ?? [], name)
  return `your answer had no ${name}${near === undefined ? '' : `; ${near} is another name`}`
}

/** Whether a list of the answer has that name, in capitals or not. */
export function lists(answer: Exchange | null, name: string, wanted: string): boolean {
  return listed(answer, name).some((item) => item.toLowerCase() === wanted)
}

/** The items of a list, from all fields of that name (RFC 9110 §5.6.1). */
export function listed(answer: Exchange | null, name: string): string[] {
  return fields(answer, name)
    .flatMap((value) => value.split(/[\s,]+/))
    .filter((item) => item !== '')
}
