import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../testing/class/test-database.ts'
import { StoreError } from '../store-error.ts'
import { migrateClass } from './migrate-class.ts'
import { openPool } from './open-pool.ts'
import { steps } from './steps.ts'

let database: TestDatabase
beforeEach(async () => void (database = await openTestDatabase()))
afterEach(() => database.close())

const tables = async () =>
  (
    await database.pool.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
    )
  ).rows.map(({ name }) => name)
const errorOf = async () => {
  const error = await migrateClass(database.pool).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StoreError)
  return error as StoreError
}

test('an empty database gets its tables, and keeps what they hold the next time', async () => {
  await migrateClass(database.pool)
  expect(await tables()).toEqual([
    'answers',
    'assignments',
    'check_results',
    'extensions',
    'hints_revealed',
    'judgements',
    'learners',
    'lesson_reads',
    'run_events',
    'schema_version',
    'sessions',
    'settings',
    'submission_files',
    'submissions',
    'workers',
  ])
  await database.pool.query("INSERT INTO settings VALUES ('title', 'Class 7b')")
  await migrateClass(database.pool)
  expect((await database.pool.query('SELECT value FROM settings')).rows).toEqual([
    { value: 'Class 7b' },
  ])
  expect((await database.pool.query('SELECT version FROM schema_version')).rows).toEqual([
    { version: steps.length },
  ])
})

test('a database of any earlier version gets the same tables, and keeps what it holds', async () => {
  await migrateClass(database.pool)
  const now = await tables()
  for (let version = 1; version < steps.length; version++) {
    await database.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    await database.pool.query('CREATE TABLE schema_version (version integer NOT NULL)')
    for (const step of steps.slice(0, version)) await database.pool.query(step)
    await database.pool.query('INSERT INTO schema_version VALUES ($1)', [version])
    await database.pool.query("INSERT INTO learners (id, name, role) VALUES ('a', 'A', 'learner')")
    await migrateClass(database.pool)
    expect(await tables()).toEqual(now)
    expect((await database.pool.query('SELECT id FROM learners')).rows).toEqual([{ id: 'a' }])
  }
})

test('six processes may do it at once', async () => {
  const pools = Array.from({ length: 6 }, () => openPool(database.url))
  try {
    await Promise.all(pools.map((pool) => migrateClass(pool)))
  } finally {
    await Promise.all(pools.map((pool) => pool.end()))
  }
  expect(await tables()).toContain('judgements')
  expect((await database.pool.query('SELECT version FROM schema_version')).rows).toHaveLength(1)
})

test('a database of a newer Roundtrip is refused and left as it is', async () => {
  await migrateClass(database.pool)
  await database.pool.query('UPDATE schema_version SET version = 99')
  const error = await errorOf()
  expect([error.kind, error.message]).toEqual([
    'newer-version',
    `The class's database was written by a newer Roundtrip: it has version 99, and this one knows ${steps.length}.`,
  ])
  expect((await database.pool.query('SELECT version FROM schema_version')).rows).toEqual([
    { version: 99 },
  ])
})

test('one with tables of something else is refused and left as it is', async () => {
  await database.pool.query('CREATE TABLE sessions (a int)')
  const error = await errorOf()
  expect([error.kind, error.message]).toEqual([
    'not-a-database',
    'The database holds tables of something else: relation "sessions" already exists.',
  ])
  expect(error.remedy).toBe('Name an empty database in DATABASE_URL.')
  expect(await tables()).toEqual(['sessions'])
})

test('one judgement of a submission counts', async () => {
  await migrateClass(database.pool)
  const judge = (version: string, current: boolean) =>
    database.pool.query(
      `INSERT INTO judgements (submission_id, checks_version, verdict, passed_checks, total_checks, run, report, evidence_gz, current)
       VALUES ('s', $1, 'passed', 1, 1, 'r', '{}', '', $2)`,
      [version, current],
    )
  await database.pool.query("INSERT INTO learners (id, name, role) VALUES ('a', 'Ada', 'learner')")
  await database.pool.query(
    "INSERT INTO submissions (id, learner_id, exercise_id) VALUES ('s', 'a', 'x')",
  )
  await judge('1', true)
  await judge('2', false)
  await expect(judge('3', true)).rejects.toThrow('judgement_that_counts')
  await expect(judge('2', false)).rejects.toThrow('judgements_submission_id_checks_version_key')
  await database.pool.query('DELETE FROM learners')
  expect((await database.pool.query('SELECT 1 FROM judgements')).rows).toEqual([])
})

test('times come as ISO 8601 text, and counts as numbers', async () => {
  await migrateClass(database.pool)
  const at = '2026-11-22T10:15:03.007Z'
  await database.pool.query("INSERT INTO assignments VALUES ('x', NULL, $1)", [at])
  await database.pool.query("SET timezone = 'Asia/Kolkata'")
  const { rows } = await database.pool.query(
    'SELECT opens_at, due_at, (SELECT count(*) FROM assignments) AS count FROM assignments',
  )
  expect(rows).toEqual([{ opens_at: null, due_at: at, count: 1 }])
})
