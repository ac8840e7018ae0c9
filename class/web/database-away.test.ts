import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { stubGrade } from '../../testing/class/class-of-learners.ts'
import { routesInSources, type Route } from '../../testing/class/routes-in-sources.ts'
import {
  openServedClass,
  type Member,
  type ServedClass,
} from '../../testing/class/served-class-in-tests.ts'
import { beginSession } from '../people/sessions.ts'

// Whatever the database says when it cannot answer, every route tells the visitor to come back.

const refusal = (code: string, message: string) =>
  Object.assign(new Error(message), { code, severity: 'FATAL' })

const errors: readonly Error[] = [
  new Error('timeout exceeded when trying to connect'),
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }),
  new Error('Connection terminated unexpectedly'),
  refusal('57P01', 'terminating connection due to administrator command'),
  refusal('57P03', 'the database system is starting up'),
  refusal('57P03', 'the database system is in recovery mode'),
  refusal('53300', 'sorry, too many clients already'),
  refusal('25006', 'cannot execute INSERT in a read-only transaction'),
  refusal('53100', 'could not extend file: No space left on device'),
]

let served: ServedClass
let ada: Member
let token: string
let ids: Record<string, string>
beforeAll(async () => {
  served = await openServedClass()
  ada = await served.enter('Ada')
  token = await beginSession(served.pool, ada.id)
  await ada.get('/exercises/say-hello')
  const worker = await served.work(stubGrade())
  const answer = await ada.send('POST', '/api/exercises/say-hello/submit', {})
  const { run } = (await answer.json()) as { run: string }
  await vi.waitFor(async () => expect((await ada.get(`/submissions/${run}`)).status).toBe(200), {
    timeout: 20_000,
  })
  await worker.stop()
  const { rows } = await served.pool.query<{ id: string }>('SELECT id::text FROM judgements')
  ids = {
    exercises: 'say-hello',
    questions: 'first-lesson/1',
    lessons: 'first-lesson',
    courses: 'small',
    people: ada.id,
    submissions: run,
    runs: run,
    name: 'server.ts',
    file: 'say-hello.tar.gz',
    exercise: 'say-hello',
    judgement: rows[0]!.id,
  }
})
afterAll(() => served.close())

let complaints: ReturnType<typeof vi.spyOn>
beforeEach(() => {
  complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

/** Every statement fails with `error`, apart from those that `passes`. */
function fail(error: Error, passes: (statement: string) => boolean = () => false): void {
  const { pool } = served
  const query = pool.query.bind(pool) as (...all: unknown[]) => unknown
  const connect = pool.connect.bind(pool) as (...all: unknown[]) => unknown
  vi.spyOn(pool, 'query').mockImplementation(((text: unknown, ...rest: unknown[]) =>
    passes(String(text)) ? query(text, ...rest) : Promise.reject(error)) as typeof pool.query)
  // The pool's own query() connects with a callback.
  vi.spyOn(pool, 'connect').mockImplementation(((...all: unknown[]) =>
    all.length > 0 ? connect(...all) : Promise.reject(error)) as typeof pool.connect)
}

function addressOf(path: string): string {
  return path
    .replace('${purpose}', 'submit')
    .replace(/\/(\w+)\/:id/, (_, of: string) => `/${of}/${ids[of] ?? 'unknown'}`)
    .replace(/:(\w+)/g, (_, name: string) => ids[name] ?? 'unknown')
}

async function ask(reader: Member, { method, path }: Route, html: boolean) {
  const accept = { Accept: html ? 'text/html' : 'application/json' }
  const answer = await reader.send(
    method,
    addressOf(path),
    method === 'GET' ? undefined : {},
    accept,
  )
  const { status, headers } = answer
  // A stream may have no end.
  const text = status >= 400 ? await answer.text() : ''
  if (status < 400) await answer.body?.cancel()
  return { status, retryAfter: headers.get('retry-after'), text }
}

const routes = routesInSources()

test('these are the routes of a class', () => {
  expect(routes.length).toBeGreaterThan(45)
})

describe.each(routes.map((route, at) => ({ ...route, error: errors[at % errors.length]! })))(
  '$method $path',
  ({ error, ...route }) => {
    test(`503 and Retry-After when nothing answers (${error.message})`, async () => {
      await ada.send('GET', '/')
      await served.teacher.send('GET', '/')
      fail(error)
      for (const [reader, html] of [
        [ada, true],
        [served.teacher, false],
      ] as const) {
        const { status, retryAfter, text } = await ask(reader, route, html)
        expect([status, retryAfter]).toEqual([503, '5'])
        expect(text).toMatch(/database/)
        expect(text).not.toContain(error.message)
      }
    })

    test('the same when it is gone after the session was read', async () => {
      const there = route.method === 'GET' ? await ask(served.teacher, route, true) : undefined
      fail(errors[(errors.indexOf(error) + 1) % errors.length]!, (text) =>
        /FROM sessions/.test(text),
      )
      const { status, retryAfter } = await ask(served.teacher, route, true)
      // What needs no database is answered as ever, or refused as ever.
      if (status !== 503) return expect(status).toBe(there?.status ?? Math.min(status, 499))
      expect(retryAfter).toBe('5')
    })
  },
)

describe.each(errors.map((error) => ({ error, message: error.message })))(
  '$message',
  ({ error }) => {
    test('is 503 and Retry-After to programs, and to somebody who comes in', async () => {
      fail(error)
      const api = (path: string, body?: unknown) =>
        fetch(`${served.url}/api/class${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
      const answers = await Promise.all([
        api('/sessions', { code: ada.code }),
        api('/submissions', { exercise: 'say-hello' }),
        api(`/submissions/${ids['submissions']}`),
        served.stranger.submit('/access', { code: ada.code, token: '' }),
        ada.submit('/leave'),
        ada.get('/nothing-is-here'),
      ])
      for (const answer of answers)
        expect([answer.url, answer.status, answer.headers.get('retry-after')]).toEqual([
          answer.url,
          503,
          '5',
        ])
      expect(complaints).toHaveBeenCalledTimes(answers.length)
    })

    test('loses no submission: it was kept whole, or not at all and its sender knows', async () => {
      const count = async () =>
        (await served.pool.query<{ n: number }>('SELECT count(*) AS n FROM submissions')).rows[0]!.n
      const before = await count()
      fail(error, (text) => /FROM sessions/.test(text))
      const refused = await ada.send('POST', '/api/exercises/say-hello/submit', {})
      expect(refused.status).toBe(503)
      vi.restoreAllMocks()
      expect(await count()).toBe(before)
      const taken = await ada.send('POST', '/api/exercises/say-hello/submit', {})
      expect(taken.status).toBe(202)
      expect(await count()).toBe(before + 1)
    })
  },
)
