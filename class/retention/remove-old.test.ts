import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestClass, type TestClass } from '../../testing/class/class-in-tests.ts'
import { beginSession, visitorOfSession } from '../people/sessions.ts'
import { removeOld } from './remove-old.ts'

let group: TestClass
let stateFolder: string
let ada: string
beforeAll(async () => {
  group = await openTestClass()
  stateFolder = mkdtempSync(join(tmpdir(), 'roundtrip-retention-'))
})
afterAll(async () => {
  rmSync(stateFolder, { recursive: true })
  await group.close()
})
beforeEach(async () => {
  await group.pool.query('TRUNCATE learners, run_events CASCADE')
  rmSync(join(stateFolder, 'learners'), { recursive: true, force: true })
  ada = await group.addLearner('Ada')
})

const NOW = '2027-03-01T12:00:00.000Z'
/** Days before that. */
const ago = (days: number) => new Date(Date.parse(NOW) - days * 86_400_000).toISOString()
const remove = (days = 30) => removeOld(group.pool, { days, stateFolder, now: NOW })
const idsIn = async (table: string, column: string) =>
  (await group.pool.query(`SELECT DISTINCT ${column} AS id FROM ${table}`)).rows.map(({ id }) => id)

async function addEvents(submission: string): Promise<void> {
  await group.pool.query(
    `INSERT INTO run_events (submission_id, number, event) VALUES ($1, 0, '{}'), ($1, 1, '{}')`,
    [submission],
  )
}

test('runs go after so many days, submissions never', async () => {
  const run = (days: number) =>
    group.addJudged({
      learner: ada,
      exercise: 'x',
      purpose: 'run',
      at: ago(days),
      checks: [{ id: 'starts', outcome: 'passed' }],
    })
  const submit = (days: number, verdict: 'passed' | 'failed') =>
    group.addJudged({ learner: ada, exercise: 'x', at: ago(days), verdict })
  const old = await run(30.01)
  const kept = [await run(29.99), await submit(400, 'passed'), await submit(300, 'failed')]
  expect(await remove()).toMatchObject({ runs: 1 })
  expect((await idsIn('submissions', 'id')).toSorted()).toEqual(kept.toSorted())
  expect(await idsIn('judgements', 'submission_id')).not.toContain(old)
  expect((await group.pool.query('SELECT 1 FROM check_results')).rowCount).toBe(1)
})

test.each(['waiting', 'grading'])(
  'a run that is still %s stays, with its events',
  async (state) => {
    const id = await group.addJudged({ learner: ada, exercise: 'x', purpose: 'run', at: ago(90) })
    await group.pool.query('UPDATE submissions SET state = $1', [state])
    await addEvents(id)
    expect(await remove()).toEqual({ runs: 0, events: 0, sessions: 0, folders: 0 })
    expect(await idsIn('submissions', 'id')).toEqual([id])
  },
)

test('events go with their run, with an old submission, and where nothing is left of either', async () => {
  const recent = await group.addJudged({ learner: ada, exercise: 'x', at: ago(1) })
  const old = await group.addJudged({ learner: ada, exercise: 'x', at: ago(31) })
  const run = await group.addJudged({ learner: ada, exercise: 'x', purpose: 'run', at: ago(31) })
  for (const id of [recent, old, run, 'of-somebody-erased']) await addEvents(id)
  expect(await remove()).toMatchObject({ runs: 1, events: 6 })
  expect(await idsIn('run_events', 'submission_id')).toEqual([recent])
  expect((await idsIn('submissions', 'id')).toSorted()).toEqual([recent, old].toSorted())
})

test('who came in so long ago types the code again', async () => {
  const [old, recent] = [await beginSession(group.pool, ada), await beginSession(group.pool, ada)]
  await group.pool.query('UPDATE sessions SET expires_at = $1', ['2099-01-01T00:00:00Z'])
  await group.pool.query(
    `UPDATE sessions SET created_at = CASE WHEN token_hash = sha256($1) THEN $2::timestamptz ELSE $3 END`,
    [Buffer.from(old), ago(8), ago(6)],
  )
  expect(await remove(7)).toMatchObject({ sessions: 1 })
  expect(await visitorOfSession(group.pool, old)).toBeUndefined()
  expect(await visitorOfSession(group.pool, recent)).toBeDefined()
})

test('of the copies on the disk go the old ones, and never that of a best submission or a file of the learner', async () => {
  const best = await group.addJudged({
    learner: ada,
    exercise: 'x',
    at: ago(90),
    verdict: 'passed',
  })
  const other = await group.addJudged({ learner: ada, exercise: 'x', at: ago(80) })
  const root = join(stateFolder, 'learners', ada)
  const make = (path: string, days: number) => {
    const folder = join(root, path)
    mkdirSync(folder, { recursive: true })
    const at = new Date(ago(days))
    utimesSync(folder, at, at)
    return folder
  }
  const gone = [
    make(`.roundtrip/runs/${other}`, 80),
    make('.roundtrip/runs/00000000000000aa', 31),
    make('.roundtrip/runs/.new-abc', 31),
  ]
  const kept = [
    make(`.roundtrip/runs/${best}`, 90),
    make('.roundtrip/runs/00000000000000bb', 29),
    make('.roundtrip/runs/something-else', 90),
    make('.roundtrip/base/x', 90),
    make('work/x', 90),
  ]
  expect(await remove()).toMatchObject({ folders: 3 })
  expect(gone.filter((folder) => existsSync(folder))).toEqual([])
  expect(kept.filter((folder) => !existsSync(folder))).toEqual([])
  expect(await idsIn('submissions', 'id')).toContain(other)
})

test('more than go at once', async () => {
  await group.pool.query(
    `INSERT INTO submissions (id, learner_id, exercise_id, purpose, submitted_at)
     SELECT 'run-' || number, $1, 'x', 'run', $2 FROM generate_series(1, 1201) AS number`,
    [ada, ago(60)],
  )
  expect(await remove()).toMatchObject({ runs: 1201 })
  expect(await remove()).toMatchObject({ runs: 0 })
})
