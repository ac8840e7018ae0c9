import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { stubGrade } from '../../../testing/class/class-of-learners.ts'
import { routesInSources } from '../../../testing/class/routes-in-sources.ts'
import {
  openServedClass,
  type Member,
  type ServedClass,
} from '../../../testing/class/served-class-in-tests.ts'

// What a learner asks for that is the teacher's or another learner's is not there: over every route
// that the sources name.

const routes = routesInSources()
const teachers = routes.filter(({ path }) => path.startsWith('/class'))
const anothers = routes.filter(({ path }) => /^(\/api)?\/(runs|submissions)\/:id/.test(path))

let served: ServedClass
let ada: Member
let eve: Member
/** Of Ada: judged, and one that waits. */
let judged: string
let waiting: string
let ids: Record<string, string>
beforeAll(async () => {
  served = await openServedClass()
  ;[ada, eve] = await Promise.all([served.enter('Ada'), served.enter('Eve')])
  await write(ada, '// of Ada\n')
  const worker = await served.work(stubGrade())
  judged = await submit(ada)
  await vi.waitFor(async () => expect(await stateOf(judged)).toBe('judged'), { timeout: 20_000 })
  await worker.stop()
  waiting = await submit(ada)
  const { rows } = await served.pool.query<{ id: string }>('SELECT id::text FROM judgements')
  ids = { ':exercise': 'say-hello', ':file': 'say-hello.tar.gz', ':judgement': rows[0]!.id }
})
afterAll(() => served.close())

test('the sources name the routes that this is about', () => {
  expect(teachers.length).toBeGreaterThan(15)
  expect(anothers.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
    'GET /api/runs/:id',
    'GET /api/runs/:id/events',
    'GET /runs/:id',
    'GET /submissions/:id',
    'POST /api/runs/:id/cancel',
  ])
})

describe.each(teachers)('$method $path', ({ method, path }) => {
  const address = () => addressOf(path)

  test('is nothing to a learner', async () => {
    const before = await everything()
    const answer = await ask(eve, method, address())
    const unknown = await ask(eve, method, '/class/of-nobody')
    expect([answer.status, answer.allow, answer.text]).toEqual([404, null, unknown.text])
    for (const wrong of ['PUT', 'DELETE']) {
      const { status, allow } = await ask(eve, wrong, address())
      expect([wrong, status, allow]).toEqual([wrong, 404, null])
    }
    expect(await everything()).toEqual(before)
  })

  test('asks a stranger for a code', async () => {
    const { stranger } = served
    const answer =
      method === 'GET' ? await stranger.get(address()) : await stranger.submit(address())
    expect(answer.status).toBe(401)
  })

  test('tells the teacher its methods', async () => {
    const { status, allow } = await ask(served.teacher, 'DELETE', address())
    expect(status).toBe(405)
    expect(allow).toContain(method)
  })
})

test.each(teachers.filter(({ method }) => method === 'GET'))(
  '$path is there for the teacher',
  async ({ path }) => {
    const answer = await served.teacher.get(addressOf(path))
    expect([path, answer.status]).toEqual([path, 200])
  },
)

describe.each(anothers)('$method $path', ({ method, path }) => {
  test('is not there for another learner, nor for a teacher as if it were their own', async () => {
    for (const id of [judged, waiting]) {
      const address = path.replace(':id', id)
      for (const reader of [eve, served.teacher]) {
        const answer = await ask(reader, method, address)
        const unknown = await ask(reader, method, path.replace(':id', 'f'.repeat(16)))
        expect([address, answer.status]).toEqual([address, 404])
        expect(answer.text).toBe(unknown.text)
      }
    }
    expect(await stateOf(waiting)).toBe('waiting')
  })
})

test.each([
  ['GET', '/exercises/say-hello/run', 'POST'],
  ['PUT', '/exercises/say-hello', 'GET, HEAD'],
  ['DELETE', '/runs/0123456789abcdef', 'GET, HEAD'],
  ['GET', '/leave', 'POST'],
])('a learner is told the methods of their own addresses: %s %s', async (method, path, allow) => {
  expect(await ask(eve, method, path)).toMatchObject({ status: 405, allow })
})

test('their own they find at the same addresses', async () => {
  for (const path of [`/runs/${judged}`, `/submissions/${judged}`, `/runs/${waiting}`])
    expect([path, (await ada.get(path)).status]).toEqual([path, 200])
  expect((await ask(ada, 'GET', `/api/runs/${waiting}`)).status).toBe(200)
})

test('files are each learner’s own', async () => {
  expect(await read(eve)).toBe('// TODO\n')
  await write(eve, '// of Eve\n')
  expect([await read(ada), await read(eve)]).toEqual(['// of Ada\n', '// of Eve\n'])
  const teachersPage = await served.teacher.page(`/class/submissions/${judged}`)
  expect(teachersPage).toContain('of Ada')
  expect(teachersPage).toContain('<bdi>Ada</bdi>')
})

test('what somebody left behind is no longer theirs after they were removed', async () => {
  const zoe = await served.enter('Zoe')
  await write(zoe, '// of Zoe\n')
  const answer = await served.teacher.submit(`/class/people/${zoe.id}/remove`, { name: 'Zoe' })
  expect(answer.headers.get('location')).toBe('/class/people?done=removed')
  expect((await zoe.get('/')).status).toBe(401)
  expect((await served.teacher.get(`/class/people/${zoe.id}`)).status).toBe(404)
})

/** With Ada's ids in the place of what the route takes. */
function addressOf(path: string): string {
  return path.replace(/:\w+/g, (name) =>
    name === ':id' ? (path.includes('/people/') ? ada.id : judged) : ids[name]!,
  )
}

async function ask(reader: Member, method: string, path: string) {
  const answer = await reader.send(method, path, method === 'GET' ? undefined : {})
  return { status: answer.status, allow: answer.headers.get('allow'), text: await answer.text() }
}

async function submit(learner: Member): Promise<string> {
  const answer = await learner.send('POST', '/api/exercises/say-hello/submit', {})
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { run: string }).run
}

const FILE = '/api/exercises/say-hello/files/server.ts'

async function read(learner: Member): Promise<string> {
  await learner.get('/exercises/say-hello')
  return ((await (await learner.send('GET', FILE)).json()) as { text: string }).text
}

async function write(learner: Member, text: string): Promise<void> {
  await learner.get('/exercises/say-hello')
  const { version } = (await (await learner.send('GET', FILE)).json()) as { version: string }
  const answer = await learner.send('PUT', FILE, { text }, { 'If-Match': `"${version}"` })
  expect(answer.status).toBe(200)
}

async function stateOf(id: string): Promise<string> {
  const { rows } = await served.pool.query('SELECT state FROM submissions WHERE id = $1', [id])
  return rows[0].state
}

/** Everything that a teacher can change. */
async function everything(): Promise<unknown> {
  const tables = ['learners', 'assignments', 'extensions', 'submissions', 'judgements']
  const rows = tables.map((table) => served.pool.query(`SELECT * FROM ${table} ORDER BY 1`))
  return (await Promise.all(rows)).map((each) => each.rows)
}
