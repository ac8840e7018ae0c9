import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { migrateClass } from '../../store/postgres/migrate-class.ts'
import { openTestDatabase } from './test-database.ts'

/** A class with nobody in it, for one test file. */
export interface TestClass {
  readonly pool: Pool
  /** Adds somebody and gives their id. */
  addLearner(name: string, role?: 'learner' | 'teacher'): Promise<string>
  /** Adds a judged submission and gives its id. */
  addJudged(judged: Judged): Promise<string>
  close(): Promise<void>
}

export interface Judged {
  readonly learner: string
  readonly exercise: string
  readonly purpose?: 'run' | 'submit'
  /** ISO 8601. */
  readonly at?: string
  readonly verdict?: 'passed' | 'failed' | 'errored'
  /** Outcomes of the checks, in their order. */
  readonly checks?: readonly JudgedCheck[]
}

export interface JudgedCheck {
  readonly id: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly diagnosis?: string
}

export async function openTestClass(): Promise<TestClass> {
  const { pool, close } = await openTestDatabase()
  await migrateClass(pool)
  return {
    pool,
    close,
    async addLearner(name, role = 'learner') {
      const id = randomBytes(8).toString('hex')
      await pool.query('INSERT INTO learners (id, name, role) VALUES ($1, $2, $3)', [
        id,
        name,
        role,
      ])
      return id
    },
    async addJudged({
      learner,
      exercise,
      purpose = 'submit',
      at,
      verdict = 'failed',
      checks = [],
    }) {
      const id = randomBytes(8).toString('hex')
      await pool.query(
        `INSERT INTO submissions (id, learner_id, exercise_id, purpose, submitted_at)
         VALUES ($1, $2, $3, $4, coalesce($5::timestamptz, now()))`,
        [id, learner, exercise, purpose, at ?? null],
      )
      const passed = checks.filter(({ outcome }) => outcome === 'passed').length
      const { rows } = await pool.query<{ id: number }>(
        `INSERT INTO judgements (submission_id, checks_version, verdict, passed_checks, total_checks, run, report, evidence_gz, current)
         VALUES ($1, 'one', $2, $3, $4, $1, '{}', '', true) RETURNING id`,
        [id, verdict, passed, checks.length],
      )
      for (const [position, check] of checks.entries())
        await pool.query(
          `INSERT INTO check_results (judgement_id, check_id, position, title, outcome, diagnosis)
           VALUES ($1, $2, $3, $4, $5, $6)`,
          [
            rows[0]!.id,
            check.id,
            position,
            `Title of ${check.id}`,
            check.outcome,
            check.diagnosis ?? null,
          ],
        )
      return id
    },
  }
}
