import { gzipSync } from 'node:zlib'
import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { FoundExercise } from '../../course/find.ts'
import type { Exercise } from '../../course/types.ts'
import { encodeEvidence, type CheckResult, type Report, type Verdict } from '../../grader/index.ts'
import type { GradeSubmission } from '../../class/worker/grade-job.ts'
import { migrateClass } from '../../store/postgres/migrate-class.ts'
import { openTestDatabase, type TestDatabase } from './test-database.ts'

export interface TestClass extends TestDatabase {
  readonly learners: readonly string[]
  /** Removes everything that was submitted since, and puts the learners back. */
  anew(): Promise<void>
}

/** For tests: a database with a class of so many learners, whose ids these are. */
export async function openTestClass(count: number): Promise<TestClass> {
  const database = await openTestDatabase()
  const learners = await enrolClass(database.pool, count)
  return {
    ...database,
    learners,
    async anew() {
      await database.pool.query('TRUNCATE learners, assignments, run_events, workers CASCADE')
      await database.pool.query('DELETE FROM pgboss.job')
      await enrolClass(database.pool, count)
    },
  }
}

/** For tests: makes a class's tables when they are not there, and so many learners. Gives their ids. */
export async function enrolClass(pool: Pool, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, at) => at.toString(16).padStart(16, '0'))
  await migrateClass(pool)
  await pool.query(
    `INSERT INTO learners (id, name, role)
     SELECT id, 'Learner ' || id, 'learner' FROM unnest($1::text[]) AS id ON CONFLICT DO NOTHING`,
    [ids],
  )
  return ids
}

/** For tests: an exercise that is nowhere on the disk. */
export function namedExercise(id: string, gradingSeconds = 1): FoundExercise['exercise'] {
  return {
    id,
    title: id,
    lesson: 'a-lesson',
    kind: 'server',
    level: 1,
    minutes: 10,
    gradingSeconds,
    hints: [],
    task: '',
    dir: `/nowhere/${id}`,
    files: ['server.ts'],
  } satisfies Exercise
}

/** For tests: finds every exercise. Those whose id begins with `timed` are. */
export function findAny(id: string): Pick<FoundExercise, 'exercise' | 'lesson'> {
  return {
    exercise: namedExercise(id, id.startsWith('timed') ? 15 : 1),
    lesson: {
      id: 'a-lesson',
      title: 'A lesson',
      minutes: 5,
      objectives: [],
      needs: [],
      primer: false,
      markdown: '',
      headings: [],
      questions: [],
      terms: {},
      exercises: [],
      file: '/nowhere/a-lesson.md',
    },
  }
}

/** For tests: a report of three checks. */
export function stubReport(exercise: string, run: string, verdict: Verdict = 'passed'): Report {
  const check = (
    id: string,
    title: string,
    outcome: CheckResult['outcome'] = 'passed',
  ): CheckResult => ({
    id,
    title,
    outcome,
    findings: [],
    exhibits: [],
    reproduce: [],
    atMs: 1,
    ...(outcome === 'failed' && { diagnosis: { id: 'forgotten', say: 'It was forgotten.' } }),
  })
  return {
    exercise,
    title: exercise,
    verdict,
    checks: [
      check('starts', 'It starts'),
      check('answers', 'It answers'),
      check('ends', 'It ends', verdict === 'passed' ? 'passed' : 'failed'),
    ],
    startedAt: new Date().toISOString(),
    durationMs: 5,
    run,
    program: 'server.ts',
    notes: [],
    ...(verdict === 'errored' && { error: 'The browser did not start.' }),
  }
}

const NO_EVIDENCE = gzipSync(encodeEvidence([]))

/** For tests: grades without a program, in so many milliseconds. */
export function stubGrade(ms = 0, verdict: Verdict = 'passed'): GradeSubmission {
  return async ({ exercise, run }, { onEvent, signal }) => {
    const report = stubReport(exercise.id, run, verdict)
    onEvent({
      type: 'started',
      run,
      exercise: exercise.id,
      title: exercise.title,
      program: report.program,
      checks: report.checks,
    })
    if (ms > 0) await wait(ms, undefined, { signal })
    signal.throwIfAborted()
    for (const result of report.checks) onEvent({ type: 'check', result })
    onEvent({ type: 'finished', report })
    return { report, evidenceGz: NO_EVIDENCE }
  }
}
