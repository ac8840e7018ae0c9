import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exerciseVersion } from '../../../course/exercise-version.ts'
import { stubGrade } from '../../../testing/class/class-of-learners.ts'
import { writeFixtureCourse } from '../../../testing/sample-course.ts'
import {
  serveRestartable,
  type RestartableClass,
} from '../../../testing/class/restarted-class-in-tests.ts'
import { setAssignment } from '../../assignments/assignments.ts'
import { issueNewCode, revokeCode } from '../../people/roster.ts'

let folder: string
let group: RestartableClass
beforeAll(async () => {
  folder = writeFixtureCourse()
  group = await serveRestartable(folder)
})
afterAll(async () => {
  await group.close()
  rmSync(folder, { recursive: true })
})

interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

async function ask(
  path: string,
  {
    token,
    body,
    headers,
  }: { token?: string; body?: unknown; headers?: Readonly<Record<string, string>> } = {},
): Promise<Asked> {
  const response = await fetch(`${group.origin}/api/class${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const { status, headers: answered } = response
  return { status, headers: answered, body: await response.json() }
}

async function enter(name: string): Promise<{ id: string; code: string; token: string }> {
  const { id, code } = await group.add(name)
  const { body } = await ask('/sessions', { body: { code } })
  return { id, code, token: body.token }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const work = (files = [{ path: 'server.ts', base64: base64('// mine\n') }]) => ({
  exercise: 'say-hello',
  version: exerciseVersion({ dir: `${folder}/exercises/say-hello` }),
  files,
})

test('says to everybody what it is, and nothing else', async () => {
  expect((await ask('')).body).toEqual({ server: 'roundtrip', class: 1 })
  expect((await ask('/people')).status).toBe(404)
})

test('a code begins a session like any other, which ends with the code', async () => {
  const { id, token } = await enter('Ada')
  const { rows } = await group.pool.query('SELECT 1 FROM sessions WHERE learner_id = $1', [id])
  expect(rows.length).toBe(1)
  const page = await fetch(`${group.origin}/`, {
    headers: { Cookie: `roundtrip_session=${token}` },
  })
  expect(page.status).toBe(200)
  await issueNewCode(group.pool, id, group.secret)
  const over = await ask('/submissions', { token, body: work() })
  expect(over).toMatchObject({ status: 401, body: { refusal: 'session' } })
  expect(over.headers.get('WWW-Authenticate')).toMatch(/^Bearer /)
})

test('what was handed in is kept as it came, byte for byte, and graded', async () => {
  const { id: learner, token } = await enter('Grace')
  const bytes = Buffer.from([0xff, 0x00, 0x0d, 0x0a, 0xc3])
  const files = [{ path: 'server.ts', base64: bytes.toString('base64') }]
  const { status, body } = await ask('/submissions', { token, body: work(files) })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    name: 'Grace',
    superseded: 0,
    dueAt: null,
    isLate: false,
    isSameVersion: true,
  })
  const kept = await group.pool.query(
    `SELECT learner_id, purpose, path, content FROM submissions s
     JOIN submission_files ON submission_id = s.id WHERE s.id = $1`,
    [body.id],
  )
  expect(kept.rows).toEqual([
    { learner_id: learner, purpose: 'submit', path: 'server.ts', content: bytes },
  ])

  const waiting = await ask(`/submissions/${body.id}?from=0`, { token })
  expect(waiting.body).toMatchObject({ state: 'waiting', events: [], place: { ahead: 0 } })
  const stop = await group.work(stubGrade(0, 'failed'))
  let news = waiting.body
  const seen: any[] = []
  while (news.state !== 'judged') {
    const from = seen.length === 0 ? 0 : seen.at(-1).number + 1
    news = (await ask(`/submissions/${body.id}?from=${from}`, { token })).body
    seen.push(...news.events)
  }
  await stop()
  expect(seen.map(({ event }) => event.type)).toEqual([
    'started',
    ...Array(3).fill('check'),
    'finished',
    'kept',
  ])
  // The worker's own number of the run has no page.
  expect(news.report).toMatchObject({ verdict: 'failed', run: body.id })
  expect(seen[0].event.run).toBe(body.id)
})

test("another's submission is not there", async () => {
  const ada = await enter('Ada again')
  const { body } = await ask('/submissions', { token: ada.token, body: work() })
  const other = await enter('Mallory')
  expect(await ask(`/submissions/${body.id}`, { token: other.token })).toMatchObject({
    status: 404,
    body: { refusal: 'unknown' },
  })
  expect((await ask(`/submissions/${body.id}`)).status).toBe(401)
  expect((await ask(`/submissions/${body.id}`, { token: 'x' })).status).toBe(401)
})

test('no cookie is read, so no page can act for somebody', async () => {
  const { token } = await enter('Alan')
  const headers = { Cookie: `roundtrip_session=${token}` }
  expect((await ask('/submissions', { body: work(), headers })).status).toBe(401)
})

test.each<[string, (good: any) => unknown, number]>([
  [
    'a file that the exercise does not list',
    (good) => ({ ...good, files: [...good.files, { path: 'more.ts', base64: '' }] }),
    422,
  ],
  ['a path', (good) => ({ ...good, files: [{ path: '../server.ts', base64: '' }] }), 422],
  ['the same file twice', (good) => ({ ...good, files: [...good.files, ...good.files] }), 422],
  ['no file', (good) => ({ ...good, files: [] }), 400],
  ['a link', (good) => ({ ...good, files: [{ path: 'server.ts', link: '/etc/passwd' }] }), 400],
  [
    'a link beside the content',
    (good) => ({ ...good, files: [{ ...good.files[0], link: 'x' }] }),
    400,
  ],
  [
    'text instead of Base64',
    (good) => ({ ...good, files: [{ path: 'server.ts', base64: '// mine' }] }),
    400,
  ],
  [
    'more than 200 kB',
    (good) => ({ ...good, files: [{ path: 'server.ts', base64: base64('x'.repeat(200_001)) }] }),
    422,
  ],
  [
    'far more',
    (good) => ({ ...good, files: [{ path: 'server.ts', base64: base64('x'.repeat(400_000)) }] }),
    413,
  ],
  ['another exercise', (good) => ({ ...good, exercise: 'say-helo' }), 404],
  ['a name that objects have', (good) => ({ ...good, exercise: '__proto__' }), 404],
  ['a list', () => [], 400],
  ['no JSON', () => '{"exercise":', 400],
])('%s is refused, and nothing is kept', async (_, change, status) => {
  const { id, token } = await enter(`Refused ${Math.random()}`)
  const answer = await ask('/submissions', { token, body: change(work()) })
  expect({ status: answer.status, error: answer.body.error }).toEqual({
    status,
    error: expect.any(String),
  })
  const { rows } = await group.pool.query('SELECT 1 FROM submissions WHERE learner_id = $1', [id])
  expect(rows).toEqual([])
})

test('exactly 200 kB are taken', async () => {
  const { token } = await enter('Barbara')
  const files = [{ path: 'server.ts', base64: base64('x'.repeat(200_000)) }]
  expect((await ask('/submissions', { token, body: work(files) })).status).toBe(201)
})

test('before it opens nothing is taken; after the deadline it is late; a newer one supersedes', async () => {
  const { token } = await enter('Edsger')
  const hours = (number: number) => new Date(Date.now() + number * 3_600_000).toISOString()
  const exerciseId = 'say-hello'
  await setAssignment(group.pool, { exerciseId, opensAt: hours(1), dueAt: null })
  expect(await ask('/submissions', { token, body: work() })).toMatchObject({
    status: 409,
    body: { refusal: 'not-open', opensAt: expect.stringMatching(/Z$/) },
  })
  await setAssignment(group.pool, { exerciseId, opensAt: null, dueAt: hours(-1) })
  const late = await ask('/submissions', { token, body: work() })
  expect(late.body).toMatchObject({ isLate: true, superseded: 0 })
  const newer = await ask('/submissions', { token, body: { ...work(), version: 'old' } })
  expect(newer.body).toMatchObject({ superseded: 1, isSameVersion: false })
  expect((await ask(`/submissions/${late.body.id}`, { token })).body).toMatchObject({
    state: 'superseded',
    events: [{ event: { type: 'superseded', by: newer.body.id } }],
  })
  await setAssignment(group.pool, { exerciseId, opensAt: null, dueAt: null })
})

test('guesses here and in the page are limited together; a session goes on', async () => {
  const { id, token } = await enter('Donald')
  const guess = (code: string) => ask('/sessions', { body: { code } })
  const inPage = (code = 'AAAA-AAAA') =>
    fetch(`${group.origin}/access`, {
      method: 'POST',
      headers: { Origin: group.origin },
      body: new URLSearchParams({ code }),
    })
  for (const number of Array(50).keys()) expect((await inPage(`page ${number}`)).status).toBe(401)
  for (const number of Array(50).keys()) expect((await guess(`${number}`)).status).toBe(401)
  expect(await guess('AAAA-AAAA')).toMatchObject({
    status: 429,
    body: { error: expect.stringMatching(/^Too many wrong codes/) },
  })
  expect((await inPage()).status).toBe(429)
  expect((await ask('/submissions', { token, body: work() })).status).toBe(201)
  await revokeCode(group.pool, id)
  expect((await ask('/submissions', { token, body: work() })).status).toBe(401)
})
