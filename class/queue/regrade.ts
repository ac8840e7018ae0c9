import { gunzipSync } from 'node:zlib'
import { inTransaction } from '../../store/postgres/in-transaction.ts'
import type { FoundExercise } from '../../course/find.ts'
import {
  decodeEvidence,
  isJudgeable,
  replayKept,
  type Report,
  type Verdict,
} from '../../grader/index.ts'
import { decodeReport } from '../../store/decode-report.ts'
import { checksVersion } from './checks-version.ts'
import { addJudgement } from './finish.ts'
import { PRIORITY, queueKindOf, sendJob, type Queues } from './queues.ts'
import { QUEUE_CHANNEL, REGRADE_CHANNEL } from './stored-event.ts'

/** Which submission of each learner: the newest, or the one that counts most. */
export type Which = 'latest' | 'best'

export interface Regrading {
  /** Of the checks as they are now. */
  readonly checksVersion: string
  /** So many were judged again from what was recorded. */
  readonly replayed: number
  /** So many are in line, because the checks need what was not recorded. */
  readonly queued: number
}

export interface RegradeRow {
  readonly submission: string
  readonly learnerId: string
  readonly learner: string
  readonly before: Score
  /** Null: it is still in line. `errored`: it could not be judged, and what was before stays. */
  readonly after: Score | null
}

export interface Score {
  readonly verdict: Verdict
  readonly passedChecks: number
  readonly totalChecks: number
}

/**
 * Judges an exercise's submissions by the checks as they are now, without changing what counts: the
 * new judgements stand beside those of before until `publishRegrade`. What was recorded is judged
 * at once; only where it is not enough is a submission graded again, behind everything that a learner
 * waits for. Doing it again does what is left. @throws GraderError when the checks do not load
 */
export async function regrade(
  queues: Queues,
  found: Pick<FoundExercise, 'exercise' | 'lesson'>,
  which: Which,
): Promise<Regrading> {
  const { exercise } = found
  const version = await checksVersion(exercise)
  await queues.pool.query(FORGET_ERRED, [exercise.id, version])
  const { rows } = await queues.pool.query<{ submission: string }>(
    `${CANDIDATES[which]}
     SELECT submission FROM candidates WHERE NOT EXISTS (
       SELECT FROM judgements WHERE submission_id = submission AND checks_version = $2
     )`,
    [exercise.id, version],
  )
  let replayed = 0
  const lacking: string[] = []
  // One at a time: evidence may be large.
  for (const { submission } of rows) {
    if (await replayOne(queues, found, submission, version)) replayed++
    else lacking.push(submission)
  }
  return {
    checksVersion: version,
    replayed,
    queued: await queueAll(queues, found, lacking, version),
  }
}

/** What a regrade has changed so far, by the learners' names. */
export async function regradeTable(
  { pool }: Pick<Queues, 'pool'>,
  exerciseId: string,
  version: string,
  which: Which,
): Promise<readonly RegradeRow[]> {
  const { rows } = await pool.query(
    `${CANDIDATES[which]}
     SELECT submission, learners.id AS "learnerId", learners.name AS learner,
       before.verdict, before.passed_checks AS passed, before.total_checks AS total,
       after.verdict AS "newVerdict", after.passed_checks AS "newPassed",
       after.total_checks AS "newTotal"
     FROM candidates
     JOIN learners ON learners.id = learner_id
     JOIN judgements AS before ON before.submission_id = submission AND before.current
     LEFT JOIN judgements AS after
       ON after.submission_id = submission AND after.checks_version = $2
     ORDER BY learners.name, learners.id`,
    [exerciseId, version],
  )
  return rows.map(({ submission, learnerId, learner, ...row }) => ({
    submission,
    learnerId,
    learner,
    before: { verdict: row.verdict, passedChecks: row.passed, totalChecks: row.total },
    after:
      row.newVerdict === null
        ? null
        : { verdict: row.newVerdict, passedChecks: row.newPassed, totalChecks: row.newTotal },
  }))
}

/**
 * Lets the judgements of a regrade count, all at once. Those of before are kept. A submission that
 * could not be judged keeps what it had. Gives how many changed.
 */
export async function publishRegrade(
  { pool }: Pick<Queues, 'pool'>,
  exerciseId: string,
  version: string,
): Promise<number> {
  return inTransaction(pool, async (transaction) => {
    // One judgement of a submission counts at each moment, so the old one steps back first.
    const { rows } = await transaction.query<{ id: string }>(
      `UPDATE judgements SET current = false FROM judgements AS newer, submissions
       WHERE submissions.id = newer.submission_id AND submissions.exercise_id = $1
         AND newer.checks_version = $2 AND newer.verdict <> 'errored' AND NOT newer.current
         AND judgements.submission_id = newer.submission_id AND judgements.current
       RETURNING newer.id`,
      [exerciseId, version],
    )
    const newer = rows.map(({ id }) => id)
    await transaction.query('UPDATE judgements SET current = true WHERE id = ANY ($1)', [newer])
    await transaction.query(`SELECT pg_notify('${REGRADE_CHANNEL}', $1)`, [exerciseId])
    return newer.length
  })
}

/** Those that a learner handed in and that were judged. */
const CANDIDATES: Readonly<Record<Which, string>> = {
  latest: candidates('submitted_at DESC'),
  best: candidates(
    `(verdict = 'passed') DESC, passed_checks::float8 / greatest(1, total_checks) DESC, submitted_at DESC`,
  ),
}

function candidates(order: string): string {
  return `WITH candidates AS (
    SELECT DISTINCT ON (learner_id) learner_id, submissions.id AS submission
    FROM submissions JOIN judgements ON submission_id = submissions.id AND current
    WHERE exercise_id = $1 AND purpose = 'submit' AND state = 'judged'
    ORDER BY learner_id, ${order}
  )`
}

const FORGET_ERRED = `
  DELETE FROM judgements USING submissions
  WHERE submissions.id = submission_id AND exercise_id = $1 AND checks_version = $2
    AND verdict = 'errored' AND NOT current`

/** False when what was recorded is not enough. */
async function replayOne(
  { pool }: Queues,
  found: Pick<FoundExercise, 'exercise' | 'lesson'>,
  submission: string,
  version: string,
): Promise<boolean> {
  const { rows } = await pool.query<{ report: string; evidenceGz: Buffer }>(
    `SELECT report, evidence_gz AS "evidenceGz" FROM judgements
     WHERE submission_id = $1 AND current`,
    [submission],
  )
  const [kept] = rows
  if (!kept) return true
  const report = await replayed(found, decodeReport(kept.report), kept.evidenceGz)
  if (report === null) return false
  const { evidenceGz } = kept
  await addJudgement(pool, submission, { report, checksVersion: version, evidenceGz }, false)
  return true
}

async function replayed(
  found: Pick<FoundExercise, 'exercise' | 'lesson'>,
  report: Report,
  evidenceGz: Uint8Array,
): Promise<Report | null> {
  const evidence = gunzipSync(evidenceGz).toString('utf8')
  if (!isJudgeable(evidence)) return null
  const again = await replayKept({ ...found, report, evidence: decodeEvidence(evidence) })
  // A check that was skipped for what is missing could have passed: it would cost the learner.
  return again.missing.length > 0 || again.report.verdict === 'errored' ? null : again.report
}

/** Puts those in line that are not there already. */
async function queueAll(
  queues: Queues,
  { exercise }: Pick<FoundExercise, 'exercise'>,
  submissions: readonly string[],
  version: string,
): Promise<number> {
  const waiting = await queues.pool.query<{ submission: string }>(
    `SELECT data ->> 'submission' AS submission FROM pgboss.job
     WHERE name = $1 AND state < 'completed' AND data ->> 'regrade' = $2`,
    [queueKindOf(exercise), version],
  )
  const isThere = new Set(waiting.rows.map(({ submission }) => submission))
  await inTransaction(queues.pool, async (transaction) => {
    for (const submission of submissions.filter((each) => !isThere.has(each)))
      await sendJob(
        queues,
        exercise,
        { submission, regrade: version },
        { priority: PRIORITY.regrade, db: transaction },
      )
    await transaction.query(`SELECT pg_notify('${QUEUE_CHANNEL}', $1)`, [queueKindOf(exercise)])
  })
  return submissions.length
}
