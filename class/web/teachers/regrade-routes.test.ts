import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findExercise } from '../../../course/find.ts'
import { encodeEvidence } from '../../../grader/index.ts'
import { stubGrade, stubReport } from '../../../testing/class/class-of-learners.ts'
import {
  openServedClass,
  type Member,
  type ServedClass,
} from '../../../testing/class/served-class-in-tests.ts'
import { addJudgement } from '../../queue/finish.ts'

let served: ServedClass
let ada: Member
let bob: Member
/** Of Ada and of Bob, judged by the checks of before. */
let [adas, bobs] = ['', '']
beforeAll(async () => {
  const authoring = JSON.stringify(resolve(import.meta.dirname, '../../../grader/authoring.ts'))
  const checks = `import { check, scenario } from ${authoring}
const opened = scenario('Chromium opens it', {
  record: async ({ newPage }) => ({ first: await (await newPage()).open('/') }),
  facts: () => ({}),
})
export default { works: check('It works', opened, { verify() {} }) }
`
  served = await openServedClass({ files: { 'exercises/say-hello/checks.ts': checks } })
  ;[ada, bob] = await Promise.all([served.enter('Ada'), served.enter('Bob')])
  adas = await failed(ada)
  bobs = await failed(bob)
})
afterAll(() => served.close())

const PAGE = '/class/regrade?exercise=say-hello&which=latest'
const CHOICE = { exercise: 'say-hello', which: 'latest' }

test('without a choice it offers what was submitted; of nothing else there is a page', async () => {
  const page = await served.teacher.page('/class/regrade')
  expect(page).toContain('<option value="say-hello">Say hello (2 learners)</option>')
  expect((await served.teacher.get('/class/regrade?exercise=nothing')).status).toBe(404)
  expect((await served.teacher.submit('/class/regrade', { exercise: 'nothing' })).status).toBe(404)
})

test('what changes is shown while it goes on, and counts only when it is published', async () => {
  expect(await served.teacher.page(PAGE)).toContain('Judge 2 submissions again')
  expect(await served.teacher.page(PAGE)).not.toContain('Publish')
  // Ada reads her verdict of before.
  expect(await ada.page(`/submissions/${adas}`)).toContain('Not yet')
  expect(await ada.page(`/runs/${adas}`)).toContain('Not yet')

  const started = await served.teacher.submit('/class/regrade', CHOICE)
  expect(started.headers.get('location')).toBe(`${PAGE}&started=yes`)
  // Nothing was recorded of these, so they are in line.
  await shows('2 are in line to be graded again')
  expect(await served.teacher.page(PAGE)).toContain('data-refresh="3"')
  await served.work((job, options) =>
    stubGrade(0, job.run === adas ? 'passed' : 'failed')(job, options),
  )
  await shows('2 of 2 judged')
  const done = await served.teacher.page(PAGE)
  expect(rowsOf(done)).toEqual(['Ada 2 of 3 passed better'])
  expect(done).toContain('1 submission without a change')
  expect(done).toContain('1 better, 0 worse')
  expect(await gradesOf('Ada')).toContain('2 of 3')
  expect(await ada.page(`/submissions/${adas}`)).toContain('Not yet')

  const version = /name="version" value="(\w+)"/.exec(done)![1]!
  for (const [fields, status] of [
    [{ version }, 422],
    [{ version: 'of before', sure: 'yes' }, 409],
    [{ sure: 'yes' }, 409],
  ] as const)
    expect((await publish(fields)).status).toBe(status)
  expect(await gradesOf('Ada')).toContain('2 of 3')

  const published = await publish({ version, sure: 'yes' })
  expect(published.headers.get('location')).toBe(`${PAGE}&published=2`)
  expect(await served.teacher.page(`${PAGE}&published=2`)).toContain(
    'Published: 2 submissions count by the new verdict. The old ones are kept.',
  )
  expect(await gradesOf('Ada')).toContain('passed')
  for (const path of [`/submissions/${adas}`, `/runs/${adas}`])
    expect([path, await ada.page(path)]).toEqual([path, expect.stringContaining('Passed')])
  expect((await publish({ version, sure: 'yes' })).headers.get('location')).toBe(
    `${PAGE}&published=0`,
  )
})

test('the judgements of before can still be read, by the teacher alone', async () => {
  const page = await served.teacher.page(`/class/submissions/${adas}`)
  expect(page).toContain('Every judgement that is kept')
  expect(page).toMatch(/passed, 3 of 3 \(counts\), shown here/)
  const before = new RegExp(`/class/submissions/${adas}/judgements/\\d+`).exec(page)![0]
  const old = await served.teacher.page(before)
  expect(old).toContain('Not yet')
  expect(old).toMatch(/: 2 of 3, shown here/)
  expect((await ada.get(before)).status).toBe(404)
  expect((await served.teacher.get(before.replace(adas, bobs))).status).toBe(404)
})

test('checks that do not load are told, and nothing changes', async () => {
  const { exercise } = findExercise(served.course, 'say-hello')!
  const file = join(exercise.dir, 'checks.ts')
  const whole = readFileSync(file, 'utf8')
  const gone = await failed(await served.enter('Cy'))
  writeFileSync(file, 'export default this is no module\n')
  await served.teacher.submit('/class/regrade', CHOICE)
  await shows('The regrade stopped')
  writeFileSync(file, whole)
  expect(await served.teacher.page(`/class/submissions/${gone}`)).toContain('Not yet')
})

/** Submitted, and judged by checks of before. */
async function failed({ id: learner }: Member): Promise<string> {
  const id = (++serial).toString(16).padStart(16, '0')
  await served.pool.query(
    "INSERT INTO submissions (id, learner_id, exercise_id, purpose) VALUES ($1, $2, 'say-hello', 'submit')",
    [id, learner],
  )
  await served.pool.query(
    "INSERT INTO submission_files (submission_id, position, path, content) VALUES ($1, 0, 'server.ts', '')",
    [id],
  )
  await addJudgement(
    served.pool,
    id,
    {
      report: stubReport('say-hello', id, 'failed'),
      checksVersion: 'of before',
      evidenceGz: gzipSync(encodeEvidence([])),
    },
    true,
  )
  return id
}
let serial = 0

async function shows(words: string): Promise<void> {
  await vi.waitFor(async () => expect(await served.teacher.page(PAGE)).toContain(words), {
    timeout: 20_000,
    interval: 100,
  })
}

function publish(fields: Record<string, string>): Promise<Response> {
  return served.teacher.submit('/class/regrade/publish', { ...CHOICE, ...fields })
}

async function gradesOf(name: string): Promise<string> {
  return rowsOf(await served.teacher.page('/class/gradebook')).find((row) => row.startsWith(name))!
}

/** The first table's rows as their words. */
function rowsOf(page: string): string[] {
  const body = /<tbody>(.*?)<\/tbody>/s.exec(page)?.[1] ?? ''
  return body
    .split('</tr>')
    .map((row) =>
      row
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .filter(Boolean)
}
