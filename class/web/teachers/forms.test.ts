import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { stubGrade } from '../../../testing/class/class-of-learners.ts'
import {
  openServedClass,
  type Member,
  type ServedClass,
} from '../../../testing/class/served-class-in-tests.ts'

let served: ServedClass
let ada: Member
let complaints: ReturnType<typeof vi.spyOn>
beforeAll(async () => {
  served = await openServedClass()
  ada = await served.enter('Ada')
})
afterAll(() => served.close())
beforeEach(() => {
  complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => complaints.mockRestore())

const forms = [
  ['/class/people', { names: 'Mallory' }],
  ['/class/assignments/say-hello', { due: '2026-01-01T00:00' }],
  ['/class/regrade', { exercise: 'say-hello', which: 'latest' }],
  ['/class/regrade/publish', { exercise: 'say-hello', which: 'latest', sure: 'yes' }],
  ['/leave', {}],
] as const

describe.each(forms)('the form of %s changes nothing', (path, fields) => {
  test.each([
    ['without a token', { token: '' }, {}],
    ['with a token of another visitor', {}, {}],
    ['from another site', {}, { Origin: 'https://evil.example' }],
    ['from a page without an origin', {}, { Origin: 'null' }],
    ['across sites', {}, { 'Sec-Fetch-Site': 'cross-site' }],
  ])('%s', async (name, without, headers) => {
    const token = name.includes('another visitor')
      ? /name="token" content="([^"]+)"/.exec(await ada.page('/'))![1]!
      : undefined
    const before = await everything()
    const answer = await served.teacher.submit(
      path,
      { ...fields, ...without, ...(token !== undefined && { token }) },
      headers,
    )
    expect(answer.status).toBe(403)
    expect(await everything()).toEqual(before)
    expect((await served.teacher.get('/class')).status).toBe(200)
  })
})

test('names with markup, formulas and every direction stay names', async () => {
  const names = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://evil.example","x")',
    'O’Brien & Söhne',
    'محمد عبد الله',
    '\u202Eevil',
    '{{constructor}} ${x}',
  ]
  const answer = await served.teacher.submit('/class/people', { names: names.join('\n') })
  const cards = await answer.text()
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(cards.match(/<code>[0-9A-Z]{4}-[0-9A-Z]{4}<\/code>/g)).toHaveLength(names.length)
  const { rows } = await served.pool.query<{ id: string; name: string }>(
    "SELECT id, name FROM learners WHERE name ~ 'script|img'",
  )
  expect(rows).toHaveLength(2)
  const pages = [
    cards,
    ...(await Promise.all(
      [
        '/class/people',
        '/class/gradebook',
        '/class/assignments',
        `/class/people/${rows[0]!.id}`,
      ].map(served.teacher.page),
    )),
  ]
  for (const page of pages) {
    expect(page).not.toMatch(/<script>alert|<img src=x/)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  }
  const csv = await served.teacher.page('/class/gradebook.csv')
  expect(csv).toContain(`"'=HYPERLINK(`)
})

describe('assignments', () => {
  test.each([
    [{ opens: '2026-05-02T10:00', due: '2026-05-01T10:00' }, 'it would be due before it opens'],
    [{ due: '31 May' }, '“31 May” isn’t a time'],
    [{ opens: '2026-02-31T10:00' }, 'isn’t a time'],
  ])('%j is refused in words', async (fields, words) => {
    const answer = await served.teacher.submit('/class/assignments/say-hello', fields)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain(words)
    expect((await served.pool.query('SELECT FROM assignments')).rowCount).toBe(0)
  })

  test('of no exercise of the course: 404', async () => {
    const answer = await served.teacher.submit('/class/assignments/nothing', {})
    expect(answer.status).toBe(404)
    const extension = { exercise: 'say-hello', learner: 'f'.repeat(16), due: '2026-05-01T10:00' }
    expect((await served.teacher.submit('/class/extensions', extension)).status).toBe(404)
  })
})

describe('submitting', () => {
  const submit = async () =>
    ada.send('POST', '/api/exercises/say-hello/submit', {}).then(async (answer) => ({
      status: answer.status,
      body: (await answer.json()) as { run: string; error: string },
    }))
  const due = (opens: string, end: string) =>
    served.pool.query(
      `INSERT INTO assignments VALUES ('say-hello', now() + $1::interval, now() + $2::interval)
       ON CONFLICT (exercise_id) DO UPDATE SET opens_at = excluded.opens_at, due_at = excluded.due_at`,
      [opens, end],
    )
  afterEach(() => served.pool.query('DELETE FROM assignments; DELETE FROM submissions'))

  test('from two tabs at once: the newer one is graded, the other page is told so', async () => {
    const both = await Promise.all([submit(), submit()])
    expect(both.map(({ status }) => status)).toEqual([202, 202])
    const ids = both.map(({ body }) => body.run)
    expect(new Set(ids).size).toBe(2)
    const { rows } = await served.pool.query<{ id: string; state: string }>(
      'SELECT id, state FROM submissions ORDER BY state',
    )
    expect(rows.map(({ state }) => state)).toEqual(['superseded', 'waiting'])
    await vi.waitFor(async () =>
      expect(await ada.page(`/runs/${rows[0]!.id}`)).toContain('A newer one has taken its place'),
    )
    const worker = await served.work(stubGrade())
    await vi.waitFor(
      async () => expect((await ada.get(`/submissions/${rows[1]!.id}`)).status).toBe(200),
      { timeout: 20_000 },
    )
    await worker.stop()
    expect(await served.teacher.page(`/class/submissions/${rows[0]!.id}`)).toContain(
      'sent a newer one before it was graded',
    )
  })

  test('whose worker was lost: graded again, and the page says that it begins anew', async () => {
    const { body } = await submit()
    const lost = await served.work(stubGrade(60_000))
    await vi.waitFor(async () => {
      const answer = await ada.send('GET', `/api/runs/${body.run}`)
      expect(await answer.json()).toMatchObject({ state: 'running' })
    })
    await lost.stop(0)
    const found = await served.work(stubGrade())
    await vi.waitFor(
      async () => expect((await ada.get(`/submissions/${body.run}`)).status).toBe(200),
      { timeout: 20_000 },
    )
    await found.stop()
    const events = await ada.send('GET', `/api/runs/${body.run}/events?after=0`)
    expect(await events.text()).toMatch(/Grading restarted\..*Passed/s)
  })

  test('after a deadline that passed since the page was read: taken, and late', async () => {
    await due('-2 days', '1 day')
    expect(await ada.page('/exercises/say-hello')).toMatch(/Due on <time/)
    await due('-2 days', '-1 second')
    const { status, body } = await submit()
    expect(status).toBe(202)
    expect(await ada.page('/exercises/say-hello')).toContain('marked as late')
    const worker = await served.work(stubGrade())
    await vi.waitFor(
      async () =>
        expect(await served.teacher.page('/class/gradebook')).toContain('<span class="late">late'),
      { timeout: 20_000 },
    )
    await worker.stop()
    expect(await served.teacher.page(`/class/submissions/${body.run}`)).toContain('late</span>')
    expect(await served.teacher.page(`/class/people/${ada.id}`)).toContain('class="late"')
    // More time for this learner makes it one in time.
    await served.pool.query(
      `INSERT INTO extensions VALUES ($1, 'say-hello', now() + interval '1 hour')`,
      [ada.id],
    )
    expect(await served.teacher.page('/class/gradebook')).not.toContain('class="late"')
  })

  test('before an exercise opens: refused, files are kept and runs go on', async () => {
    await due('1 hour', '1 day')
    await ada.get('/exercises/say-hello')
    expect(await submit()).toMatchObject({
      status: 409,
      body: { error: 'This exercise is not open yet. Nothing was submitted.' },
    })
    const form = await ada.submit('/exercises/say-hello/submit')
    expect(form.status).toBe(409)
    expect((await served.pool.query('SELECT FROM submissions')).rowCount).toBe(0)
    expect((await ada.send('GET', '/api/exercises/say-hello/files/server.ts')).status).toBe(200)
    expect((await ada.send('POST', '/api/exercises/say-hello/run', {})).status).toBe(202)
  })
})

test('the database away: 503 and Retry-After on every kind of request, and all is well after', async () => {
  await ada.get('/exercises/say-hello')
  await ada.submit('/exercises/say-hello/hints', { count: '9' })
  await served.database.cut()
  const answers = await Promise.all([
    ada.get('/'),
    ada.get('/exercises/say-hello'),
    served.teacher.get('/class'),
    served.teacher.get('/class/gradebook.csv'),
    served.stranger.submit('/access', { code: ada.code, next: '/', token: '' }),
    ada.send('POST', '/api/exercises/say-hello/submit', {}),
    ada.send('PUT', '/api/exercises/say-hello/files/server.ts', { text: '// lost?' }),
  ])
  for (const answer of answers) {
    expect([answer.url, answer.status]).toEqual([answer.url, 503])
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await answer.text()).toContain('database does not answer')
  }
  // What the server could not answer was no guess, so nobody is locked out by it.
  const tries = Array.from({ length: 101 }, () =>
    served.stranger.submit('/access', { code: ada.code, token: '' }),
  )
  for (const { status } of await Promise.all(tries)) expect(status).toBe(503)
  await served.database.restore()
  await vi.waitFor(async () => expect((await ada.get('/')).status).toBe(200), { timeout: 10_000 })
  expect((await served.stranger.submit('/access', { code: ada.code, token: '' })).status).toBe(303)
})

/** Everything that a form of the teacher's changes. */
async function everything(): Promise<unknown> {
  const tables = ['learners', 'assignments', 'extensions', 'judgements', 'sessions']
  const rows = tables.map((table) => served.pool.query(`SELECT * FROM ${table} ORDER BY 1`))
  return (await Promise.all(rows)).map((each) => each.rows)
}
