import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findExercise } from '../../course/find.ts'
import { loadCourseStrictly } from '../../course/load-course.ts'
import { resolvePaths } from '../../course/paths.ts'
import {
  closeBrowser,
  encodeEvidence,
  gradeExercise,
  programOf,
  type Grading,
} from '../../grader/index.ts'
import { openTestClass, stubReport, type TestClass } from '../../testing/class/class-of-learners.ts'
import { startWorker } from '../worker/start-worker.ts'
import { addJudgement } from './finish.ts'
import { openQueues, type Queues } from './queues.ts'
import { publishRegrade, regrade, regradeTable } from './regrade.ts'

const found = findExercise(await loadCourseStrictly(resolvePaths({}).root), 'first-exchange')!
let database: TestClass
let queues: Queues
let grading: Grading

beforeAll(async () => {
  database = await openTestClass(4)
  queues = await openQueues(database.pool, () => {})
  const solution = join(found.exercise.dir, 'solution')
  grading = await gradeExercise({
    ...found,
    program: programOf(found.exercise, solution, 'server.ts'),
    kept: [
      {
        path: found.exercise.files[0],
        content: readFileSync(join(solution, found.exercise.files[0])),
      },
    ],
  })
  expect(grading.report.verdict).toBe('passed')
})
afterAll(async () => {
  await queues.close()
  await database.close()
  await closeBrowser()
})

const WHOLE = () => gzipSync(encodeEvidence(grading.evidence))
const NOTHING = () => gzipSync(encodeEvidence([]))

/** Judged by the checks of before, which were too strict. */
async function judged(learner: number, evidenceGz: Buffer, purpose = 'submit'): Promise<string> {
  const id = `${learner}${(serial++).toString(16)}`.padStart(16, '0')
  await database.pool.query(
    `INSERT INTO submissions (id, learner_id, exercise_id, purpose, submitted_at)
     VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second')`,
    [id, database.learners[learner], found.exercise.id, purpose, serial],
  )
  const [first, ...others] = grading.report.checks
  const report = {
    ...grading.report,
    run: id,
    verdict: 'failed' as const,
    checks: [first!, ...others.map((check) => ({ ...check, outcome: 'failed' as const }))],
  }
  await addJudgement(database.pool, id, { report, checksVersion: 'of before', evidenceGz }, true)
  return id
}
let serial = 0

test('what was recorded is judged again, the rest is graded again, and nothing counts before it is published', async () => {
  const { pool } = database
  const older = await judged(0, WHOLE())
  const newer = await judged(0, WHOLE())
  const lacking = await judged(1, NOTHING())
  const erring = await judged(2, NOTHING())
  await judged(3, WHOLE(), 'run')

  const first = await regrade(queues, found, 'latest')
  expect(first).toMatchObject({ replayed: 1, queued: 2 })
  const version = first.checksVersion
  const table = () => regradeTable(queues, found.exercise.id, version, 'latest')
  const total = grading.report.checks.length
  const before = { verdict: 'failed', passedChecks: 1, totalChecks: total }
  const passed = { verdict: 'passed', passedChecks: total, totalChecks: total }
  expect(await table()).toMatchObject([
    { submission: newer, before, after: passed },
    { submission: lacking, before, after: null },
    { submission: erring, before, after: null },
  ])
  expect(await regrade(queues, found, 'latest')).toMatchObject({ replayed: 0, queued: 2 })
  const jobs = await pool.query(`SELECT priority FROM pgboss.job WHERE state = 'created'`)
  expect(jobs.rows).toEqual([{ priority: 0 }, { priority: 0 }])

  const worker = await startWorker({
    pool,
    slots: { untimed: 1, timed: 1 },
    find: () => found,
    async grade({ run }) {
      if (run === erring) throw new Error('The browser did not start.')
      return {
        report: { ...stubReport(found.exercise.id, run), checks: grading.report.checks },
        evidenceGz: WHOLE(),
      }
    },
  })
  await vi.waitFor(
    async () => expect((await table()).every(({ after }) => after)).toBe(true),
    20_000,
  )
  await worker.stop()
  expect(await table()).toMatchObject([
    { after: passed },
    { submission: lacking, before, after: passed },
    { submission: erring, before, after: { verdict: 'errored' } },
  ])
  const states = await pool.query('SELECT DISTINCT state, attempt FROM submissions')
  expect(states.rows).toEqual([{ state: 'judged', attempt: 0 }])
  const counting = () =>
    pool
      .query<{ id: string; verdict: string }>(
        'SELECT submission_id AS id, verdict FROM judgements WHERE current ORDER BY id',
      )
      .then(({ rows }) => rows.map(({ id, verdict }) => [id, verdict]))
  expect((await counting()).map(([, verdict]) => verdict)).toEqual(Array(5).fill('failed'))

  expect(await publishRegrade(queues, found.exercise.id, version)).toBe(2)
  expect(await publishRegrade(queues, found.exercise.id, version)).toBe(0)
  const now = new Map((await counting()) as [string, string][])
  expect([older, newer, lacking, erring].map((id) => now.get(id))).toEqual([
    'failed',
    'passed',
    'passed',
    'failed',
  ])
  const kept = await pool.query(
    `SELECT count(*) AS n FROM judgements WHERE checks_version = 'of before'`,
  )
  expect(kept.rows[0].n).toBe(5)

  // What erred is tried again; what was judged is left as it is.
  expect(await regrade(queues, found, 'latest')).toMatchObject({ replayed: 0, queued: 1 })
})

test('the best is the one with the most checks passed, and the newest of equals', async () => {
  await database.anew()
  const ids = [await judged(0, WHOLE()), await judged(0, WHOLE()), await judged(0, WHOLE())]
  await database.pool.query(
    `UPDATE judgements SET passed_checks = CASE submission_id WHEN $1 THEN 2 WHEN $2 THEN 2 ELSE 1 END`,
    ids.slice(0, 2),
  )
  const best = await regradeTable(queues, found.exercise.id, 'any', 'best')
  const latest = await regradeTable(queues, found.exercise.id, 'any', 'latest')
  expect(best.map(({ submission }) => submission)).toEqual([ids[1]])
  expect(latest.map(({ submission }) => submission)).toEqual([ids[2]])
})
