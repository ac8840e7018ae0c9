import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findByCode } from '../class/people/roster.ts'
import { beginSession } from '../class/people/sessions.ts'
import { checksVersion } from '../class/queue/checks-version.ts'
import { enqueue } from '../class/queue/enqueue.ts'
import { openQueues } from '../class/queue/queues.ts'
import { findExercise } from '../course/find.ts'
import { loadUsableCourse } from '../course/load-course.ts'
import { resolvePaths } from '../course/paths.ts'
import { stubGrade } from '../testing/class/class-of-learners.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import {
  serveRestartable,
  type RestartableClass,
} from '../testing/class/restarted-class-in-tests.ts'
import { createLearnerHome, type LearnerHome } from './learner-home.ts'
import { runCommand } from './run-command.ts'

/** What it records is nowhere in the evidence of a stub, so each is graded again. */
const CHECKS = `
import { check, present, scenario } from ${JSON.stringify(resolvePaths({}).project + '/grader/authoring.ts')}
const start = scenario('Start', {
  record: async ({ send }) => ({ exchange: await send('/') }),
  facts: ({ exchange }) => ({ exchange: present(exchange, 'GET /') }),
})
export default [
  check('Answers', start, {
    verify: ({ exchange }, expect) => expect(exchange, 'GET /').toHaveStatus(200),
    diagnose: {},
  }),
]
`

let folder: string
// It is served meanwhile: the commands work beside it.
let group: RestartableClass
let home: LearnerHome
beforeAll(async () => {
  folder = writeFixtureCourse({ 'exercises/say-hello/checks.ts': CHECKS })
  group = await serveRestartable(folder)
  home = await createLearnerHome()
})
afterAll(async () => {
  await home.remove()
  await group.close()
  rmSync(folder, { recursive: true })
})

const run = (words: string[], env: NodeJS.ProcessEnv = {}) =>
  runCommand(home, ['class', ...words], {
    env: {
      ROUNDTRIP_COURSE: folder,
      DATABASE_URL: group.url,
      ROUNDTRIP_SECRET: group.secret,
      INIT_CWD: home.dir,
      ...env,
    },
  })

test('roster adds people, and their cards come in; nobody twice; nothing is overwritten', async () => {
  writeFileSync(
    join(home.dir, 'names.csv'),
    'name,id\nAda Lovelace,017\n"Hopper, Grace",018\n,019\n',
  )
  const first = await run(['roster', 'names.csv', '--out', 'cards.csv'])
  expect(first).toMatchObject({ code: 0, stdout: '' })
  expect(first.stderr).toMatch(
    /^Line 4 has no name\.\n2 people were added\. Their cards are in cards/,
  )
  const file = join(home.dir, 'cards.csv')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const cards = parse(readFileSync(file, 'utf8'), { columns: true }) as Record<string, string>[]
  expect(cards.map(({ name, id }) => [name, id])).toEqual([
    ['Ada Lovelace', '017'],
    ['Hopper, Grace', '018'],
  ])
  expect(await findByCode(group.pool, cards[1]!['code']!, group.secret)).toMatchObject({
    name: 'Hopper, Grace',
    role: 'learner',
  })

  writeFileSync(join(home.dir, 'more.csv'), 'name,id\nAda Lovelace,017\nAlan,020\n')
  const there = await run(['roster', 'more.csv', '--out', 'cards.csv'])
  expect(there).toMatchObject({ code: 2, stdout: '' })
  expect(there.stderr).toMatch(/^cards\.csv is there already/)
  const second = await run(['roster', 'more.csv'])
  expect(second.stdout).toMatch(/^name,id,code\nAlan,020,\w{4}-\w{4}\n$/)
  expect(second.stderr).toBe(
    'Ada Lovelace is in the class already and keeps their code.\n1 person was added.\n',
  )
})

test('roster adds a teacher', async () => {
  const { code, stdout } = await run(['roster', '--teacher', 'Barbara Liskov'])
  expect(code).toBe(0)
  const [card] = parse(stdout, { columns: true }) as Record<string, string>[]
  expect(await findByCode(group.pool, card!['code']!, group.secret)).toMatchObject({
    name: 'Barbara Liskov',
    role: 'teacher',
  })
})

test('codes of another secret would not work, so nobody is added', async () => {
  const before = await group.pool.query('SELECT 1 FROM learners')
  const { code, stderr, stdout } = await run(['roster', '--teacher', 'Mallory'], {
    ROUNDTRIP_SECRET: 'another secret than the class has, of 40 characters',
  })
  expect(stderr).toMatch(/^Codes made here would not work.*\nRun this where the class runs/)
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect((await group.pool.query('SELECT 1 FROM learners')).rowCount).toBe(before.rowCount)
})

test('nobody is added whose card cannot be written', async () => {
  writeFileSync(join(home.dir, 'unlucky.csv'), 'Unlucky\n')
  const { code, stderr } = await run(['roster', 'unlucky.csv', '--out', 'no/such/folder.csv'])
  expect(stderr).toMatch(/folder\.csv/)
  expect(code).not.toBe(0)
  const { rowCount } = await group.pool.query("SELECT 1 FROM learners WHERE name = 'Unlucky'")
  expect(rowCount).toBe(0)
})

test('export and regrade of what somebody submitted', async () => {
  const { id } = await group.add('Edsger')
  await group.pool.query("UPDATE learners SET roster_id = '042' WHERE id = $1", [id])
  const { exercise } = findExercise(await loadUsableCourse(folder), 'say-hello')!
  const none = await run(['regrade', 'say-hello'])
  expect(none).toMatchObject({ code: 0, stdout: 'Nobody has submitted this exercise yet.\n' })
  const queues = await openQueues(group.pool, () => {})
  const files = [{ path: 'server.ts', content: Buffer.from('// mine\n') }]
  await enqueue(queues, { learnerId: id, exercise, purpose: 'submit', files })
  await queues.close()
  const stop = await group.work(stubGrade(0, 'failed'))
  await expect
    .poll(async () => (await group.pool.query('SELECT state FROM submissions')).rows)
    .toEqual([{ state: 'judged' }])
  await stop()

  const [canvas, plain, person, unknown] = await Promise.all([
    run(['export']),
    run(['export', '--plain']),
    run(['export', '--person', '042']),
    run(['export', '--person', 'Edsger']),
  ])
  expect(canvas.stdout).toMatch(/^\uFEFFStudent,ID,SIS User ID,SIS Login ID,Section,/)
  expect(canvas.stdout).toMatch(/^Edsger,,,042,,67\r$/m)
  expect(plain.stdout).toMatch(/^Edsger,042,say-hello,Say hello,failed,2,3,67,/m)
  expect(JSON.parse(person.stdout)).toMatchObject({
    person: { name: 'Edsger', rosterId: '042' },
    submissions: [{ exercise: 'say-hello', files: [{ path: 'server.ts', text: '// mine\n' }] }],
  })
  expect(unknown.stderr).toMatch(/identifier "Edsger"\. Somebody of that name has: 042\n$/)
  expect(unknown.code).toBe(2)
  const archive = await run(['export', '--work', 'say-hello', '--out', 'all.tar.gz'])
  expect(archive).toMatchObject({ code: 0, stderr: 'Written: all.tar.gz\n' })
  const listed = execFileSync('tar', ['-tzf', join(home.dir, 'all.tar.gz')], { encoding: 'utf8' })
  expect(listed).toBe(`say-hello/Edsger-${id.slice(0, 6)}/server.ts\n`)

  const waits = await run(['regrade', 'say-hello', '--latest', '--publish'])
  expect(waits.stderr).toBe('')
  expect(waits.stdout).toMatch(/1 of 1 need to be graded again, and are in line for the workers\./)
  expect(waits.stdout).toMatch(/npm run class -- regrade say-hello --latest --publish/)
  expect(waits.code).toBe(3)

  // The learner reads the verdict of before, and the server keeps the page.
  const cookie = `roundtrip_session=${await beginSession(group.pool, id)}`
  const { rows } = await group.pool.query<{ id: string }>('SELECT id FROM submissions')
  const runPage = async () =>
    (await fetch(`${group.origin}/runs/${rows[0]!.id}`, { headers: { cookie } })).text()
  expect(await runPage()).toContain('It was forgotten.')
  const verdicts = async () =>
    (await group.pool.query('SELECT verdict, current FROM judgements ORDER BY id')).rows
  const stopAgain = await group.work(stubGrade(0, 'passed'), checksVersion)
  await expect.poll(verdicts).toHaveLength(2)
  await stopAgain()
  expect(await verdicts()).toMatchObject([{ current: true }, { current: false }])
  const published = await run(['regrade', 'say-hello', '--latest', '--publish'])
  expect(published).toMatchObject({ code: 0, stderr: '' })
  expect(published.stdout).toMatch(
    /^ {2}Edsger: failed 2\/3 → passed 3\/3\n1 judged again, 1 of them differently\.\n1 verdict counts now\./,
  )
  expect(await verdicts()).toEqual([
    { verdict: 'failed', current: false },
    { verdict: 'passed', current: true },
  ])
  await expect.poll(runPage).not.toContain('It was forgotten.')
  expect((await run(['export'])).stdout).toMatch(/^Edsger,,,042,,100\r$/m)
  const twice = await run(['regrade', 'say-hello', '--latest', '--publish'])
  expect(twice).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 verdicts count now/m) })

  // Published while the class does not run: heard by nobody, and shown all the same.
  await group.stop()
  await group.pool.query('UPDATE judgements SET current = false WHERE current')
  await group.pool.query("UPDATE judgements SET current = true WHERE verdict = 'failed'")
  await group.restart()
  expect(await runPage()).toContain('It was forgotten.')
})

test.each([
  [['roster'], /^Who\? A file with a name on each line/],
  [['roster', 'names.csv', '--teacher', 'Ada'], /^Who\?/],
  [['roster', 'nothing.csv'], /nothing\.csv/],
  [['export', '--work', 'say-helo', '--out', 'x'], /Did you mean "say-hello"/],
  [['export', '--work', 'say-hello', '--person', '1'], /cannot be used with/],
  [['regrade'], /^Which exercise\? npm run class -- regrade <exercise> /],
])('%j is wrong usage', async (words, says) => {
  const { code, stderr, stdout } = await run(words)
  expect(stderr).toMatch(says)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})

describe('a class that cannot be served', () => {
  test('on a port that is taken: by whom, and the command for the next free one', async () => {
    const taken = await run([], { PORT: String(group.port) })
    expect({ code: taken.code, stdout: taken.stdout }).toEqual({ code: 3, stdout: '' })
    expect(taken.stderr).toMatch(
      new RegExp(
        `^Port ${group.port} is taken by .+\\.\\nStart on the next free port: PORT=\\d+ npm run class -- --course \\S+\\n$`,
      ),
    )
    const shared = await run([], {
      PORT: String(group.port),
      ROUNDTRIP_ORIGIN: `http://192.0.2.7:${group.port}`,
    })
    expect(shared.code).toBe(3)
    expect(shared.stderr).toMatch(
      /free port: ROUNDTRIP_ORIGIN=http:\/\/192\.0\.2\.7:(\d+) PORT=\1 npm run class/,
    )
  })

  test('on the port where it is served already: that, and where', async () => {
    const env = { PORT: String(group.port), ROUNDTRIP_HOME: group.home }
    const origin = 'https://course.example'
    expect(await run([], { ...env, ROUNDTRIP_ORIGIN: origin })).toMatchObject({
      code: 3,
      stdout: '',
      stderr: `This class is served already, at ${group.origin}.\nRead it there, or end that server first (process ${process.pid}).\n`,
    })
  })

  test.each<[NodeJS.ProcessEnv, number, RegExp]>([
    [{ PORT: 'web' }, 2, /PORT is "web", which isn't a port number/],
    [{ ROUNDTRIP_ORIGIN: 'course.example' }, 2, /which isn't an origin/],
    [{ ROUNDTRIP_SECRET: 'short' }, 2, /shorter than 32 characters/],
    [{ DATABASE_URL: 'mysql://localhost/x' }, 3, /DATABASE_URL is not the address/],
    [{ DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x' }, 3, /No PostgreSQL answers at 127/],
  ])('%j: the reason, and no fault of ours', async (env, code, says) => {
    const ended = await run([], env)
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' })
    expect(ended.stderr).toMatch(says)
    expect(ended.stderr).not.toMatch(/fault of ours|secret@|^\s+at /m)
  })
})
