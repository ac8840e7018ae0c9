import type { Pool, PoolClient } from 'pg'
import { canvasCsv, plainCsv } from '../../class/gradebook/gradebook-csv.ts'
import { readGrades } from '../../class/gradebook/gradebook.ts'
import { readHealth } from '../../class/health/health.ts'
import { listPeople } from '../../class/people/roster.ts'
import { createLine } from '../../class/queue/line.ts'
import { readStuckBoard } from '../../class/stuck-board/stuck-board.ts'
import { enrolClass, findAny } from '../../testing/class/class-of-learners.ts'
import { median } from '../time-process.ts'

const LEARNERS = 10_000
const SUBMISSIONS = 100_000
const EXERCISES = 66
const ROUNDS = 5
const ON_A_PAGE = 200
const STUCK_DAYS = 14

/** Milliseconds of what a teacher's pages ask of a large class. */
export async function measureTeacherQueries(
  pool: Pool,
): Promise<readonly (readonly [what: string, ms: number])[]> {
  const learners = await enrolClass(pool, LEARNERS)
  const client = await pool.connect()
  await client.query('SET statement_timeout = 0')
  await fill(client).finally(() => client.release(true))
  const columns = Array.from({ length: EXERCISES }, (_, at) => ({
    exerciseId: `exercise-${at}`,
    title: `Exercise ${at}`,
  }))
  const line = createLine(pool, (id) => findAny(id).exercise)
  const people = await listPeople(pool)
  const grades = await readGrades(pool)
  const onPage = learners.slice(0, ON_A_PAGE)
  const measured: [string, () => unknown][] = [
    [`grades of all, ${grades.length} of them`, () => readGrades(pool)],
    [`grades of a page, ${ON_A_PAGE} learners`, () => readGrades(pool, onPage)],
    ['everybody’s names', () => listPeople(pool)],
    ['the CSV for Canvas, written', () => written(canvasCsv(people, columns, grades))],
    ['the CSV with everything, written', () => written(plainCsv(people, columns, grades))],
    [`the stuck board of ${STUCK_DAYS} days`, () => readStuckBoard(pool, STUCK_DAYS)],
    ['the overview', () => readHealth(pool, line)],
  ]
  const results: (readonly [string, number])[] = []
  for (const [what, action] of measured) results.push([what, await timeOf(action)])
  return results
}

/** Each learner has begun four exercises; half of them have passed one; all within four weeks. */
async function fill(client: PoolClient): Promise<void> {
  await client.query(
    `INSERT INTO assignments (exercise_id, due_at)
     SELECT 'exercise-' || at, now() - at * interval '1 day' FROM generate_series(0, $1 - 1) AS at`,
    [EXERCISES],
  )
  await client.query(
    `INSERT INTO extensions (learner_id, exercise_id, due_at)
     SELECT lpad(to_hex(at), 16, '0'), 'exercise-' || at % $1, now()
     FROM generate_series(0, 999) AS at`,
    [EXERCISES],
  )
  await client.query(
    `INSERT INTO submissions (id, learner_id, exercise_id, purpose, submitted_at)
     SELECT lpad(to_hex(at), 16, '0'), lpad(to_hex(at % $2), 16, '0'),
       'exercise-' || (at % $2 * 7 + at / $2 / 3) % $3,
       CASE WHEN at % 5 = 0 THEN 'run' ELSE 'submit' END,
       now() - interval '28 days' * (1 - at::float / $1)
     FROM generate_series(0, $1 - 1) AS at`,
    [SUBMISSIONS, LEARNERS, EXERCISES],
  )
  // As wide as real ones, which PostgreSQL keeps outside of the row.
  await client.query(
    `INSERT INTO judgements (submission_id, checks_version, verdict, passed_checks, total_checks, run, report, evidence_gz, current)
     SELECT id, 'version-1', CASE WHEN abs(hashtext(id)) % 6 = 0 THEN 'passed' ELSE 'failed' END,
       CASE WHEN abs(hashtext(id)) % 6 = 0 THEN 6 ELSE abs(hashtext(id)) % 6 END, 6, id,
       (SELECT string_agg(md5(id || part), '') FROM generate_series(1, 70) AS part), '', true
     FROM submissions`,
  )
  await client.query(
    `INSERT INTO check_results (judgement_id, check_id, position, title, outcome, diagnosis)
     SELECT id, 'check-' || place, place, 'It does what check ' || place || ' says',
       CASE WHEN place < passed_checks THEN 'passed' WHEN place = passed_checks THEN 'failed' ELSE 'skipped' END,
       CASE WHEN place = passed_checks THEN 'forgotten' END
     FROM judgements, generate_series(0, 5) AS place`,
  )
  await client.query('VACUUM ANALYZE')
}

async function written(csv: AsyncIterable<string>): Promise<number> {
  let length = 0
  for await (const piece of csv) length += piece.length
  return length
}

async function timeOf(action: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now()
    await action()
    times.push(performance.now() - startedAt)
  }
  return median(times)
}
