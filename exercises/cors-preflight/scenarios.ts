import { scenario, type SetUpKit } from '#grader'
import { asAttempt } from './permissions.ts'

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
