import { scenario, type SetUpKit } from '#grader'

const client = { 'X-Client': 'app/2' }
const json = { 'Content-Type': 'application/json', ...client }

async function appAndApi({ random, origin }: SetUpKit) {
  const app = await origin('the app')
  return {
    app,
    id: String(random.integer(100, 999)),
    text: random.word(),
    environment: { APP_ORIGIN: app.url },
  }
}

/** Longer than Chromium remembers a permission that says nothing about its age: 5 s. */
export const SECONDS_BETWEEN = 5.6

export const everyday = scenario(
  'The app stores a todo, lists all, deletes it and asks for what is not there',
  {
    setUp: appAndApi,
    async record({ newPage, random }, { app, id, text }) {
      const page = await newPage()
      await page.open(app.url)
      const put = await page.fetch(`/todos/${id}`, {
        method: 'PUT',
        headers: json,
        body: JSON.stringify({ text }),
      })
      const list = await page.fetch('/todos')
      const deleted = await page.fetch(`/todos/${id}`, { method: 'DELETE' })
      const nothing = await page.fetch(`/${random.word()}`)
      return { id, text, put, list, deleted, nothing }
    },
  },
)

export const visitors = scenario(
  'A page of another origin tries the same, and clients that are no browser ask',
  {
    setUp: async (kit) => ({ ...(await appAndApi(kit)), other: await kit.origin('another page') }),
    async record({ newPage, send }, { app, other, id, text }) {
      const page = await newPage()
      await page.open(other.url)
      const put = await page.fetch(`/todos/${id}`, {
        method: 'PUT',
        headers: json,
        body: JSON.stringify({ text }),
      })
      const list = await page.fetch('/todos')
      // Every origin but the app's is a stranger, also the one that differs from it in the scheme.
      const twin = app.url.replace('http:', 'https:')
      const byTwin = await send({ path: '/todos', headers: [['Origin', twin]] })
      // What a page says that has no origin of its own: a file, a frame with sandbox.
      const byNobody = await send({ path: '/todos', headers: [['Origin', 'null']] })
      const plainItem = await send({ method: 'OPTIONS', path: `/todos/${id}` })
      return { app: app.url, other: other.url, id, put, list, twin, byTwin, byNobody, plainItem }
    },
  },
)

export const later = scenario('The app stores a todo, and again more than five seconds later', {
  setUp: appAndApi,
  async record({ newPage, wait }, { app, id, text }) {
    const page = await newPage()
    await page.open(app.url)
    // A fetch that passes the cache by passes the memory of permissions by as well.
    const store = () =>
      page.fetch(`/todos/${id}`, {
        cache: 'default',
        method: 'PUT',
        headers: json,
        body: JSON.stringify({ text }),
      })
    const first = await store()
    await wait(SECONDS_BETWEEN)
    const second = await store()
    return { first, second }
  },
})
