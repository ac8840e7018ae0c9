import { randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { VerdictRecord } from '../course/progress/progress.ts'
import type { WorkFile } from '../course/work/work-folder.ts'
import type { Report, Verdict } from '../grader/types/index.ts'
import { decodeReport } from './decode-report.ts'
import { step, type SqlDatabase } from './sql.ts'

/** A run that is to be kept for good. */
export interface NewSubmission {
  readonly report: Report
  /** As `encodeEvidence` gives it. */
  readonly evidence: string
  readonly files: readonly WorkFile[]
}

export interface SubmissionSummary {
  readonly id: string
  readonly exerciseId: string
  /** ISO 8601. */
  readonly submittedAt: string
  readonly verdict: Verdict
  readonly passedChecks: number
  readonly totalChecks: number
  /** Id of the run. */
  readonly run: string
}

export interface Submission extends SubmissionSummary {
  readonly report: Report
  readonly files: readonly WorkFile[]
}

/** What was handed in, and how it was judged. What waits to be judged is not among it. */
export interface Submissions {
  /** Keeps a run. A run is kept once: doing it again gives the submission that is there. */
  addSubmission(submission: NewSubmission): Promise<SubmissionSummary>
  submission(id: string): Promise<Submission | undefined>
  /** The evidence of a submission, as it was handed in. */
  submissionEvidence(id: string): Promise<string | undefined>
  /** Newest first: of one exercise, or all. */
  submissions(exerciseId?: string): Promise<SubmissionSummary[]>
  /** The best submission of each exercise, by the exercise's id. */
  bestVerdicts(): Promise<Map<string, VerdictRecord>>
  /** Ids of the runs that were submitted, which are never pruned. */
  submittedRuns(): Promise<Set<string>>
}

/** The part of the store that keeps a learner's submissions. */
export function keepSubmissions(database: SqlDatabase, learnerId: string): Submissions {
  const { query } = database
  const submissions: Submissions['submissions'] = (exerciseId) =>
    exerciseId === undefined
      ? query(`${select()} ORDER BY ${newestFirst}`, [learnerId])
      : query(`${select()} AND s.exercise_id = $2 ORDER BY ${newestFirst}`, [learnerId, exerciseId])
  return {
    addSubmission: (submission) => addSubmission(database, learnerId, submission),
    async submission(id) {
      const [row] = await query<SubmissionSummary & { report: string }>(
        `${select(', j.report')} AND s.id = $2`,
        [learnerId, id],
      )
      if (!row) return undefined
      const files = await query<WorkFile>(
        'SELECT path, content FROM submission_files WHERE submission_id = $1 ORDER BY position',
        [id],
      )
      return { ...row, report: decodeReport(row.report), files }
    },
    async submissionEvidence(id) {
      const [row] = await query<{ evidence: Uint8Array }>(
        `SELECT j.evidence_gz AS evidence ${fromJudged} AND s.id = $2`,
        [learnerId, id],
      )
      return row && gunzipSync(row.evidence).toString('utf8')
    },
    submissions,
    bestVerdicts: async () =>
      best(
        await query(`SELECT ${verdictColumns} ${fromJudged} ORDER BY ${oldestFirst}`, [learnerId]),
      ),
    async submittedRuns() {
      const rows = await query<{ run: string }>(`SELECT j.run ${fromJudged}`, [learnerId])
      return new Set(rows.map(({ run }) => run))
    },
  }
}

// A regrade's judgement that is not published yet does not count.
const fromJudged = `FROM submissions s JOIN judgements j ON j.submission_id = s.id AND j.current
  WHERE s.learner_id = $1 AND s.purpose = 'submit'`

// Of two within one millisecond the one that was judged later is the newer one.
const newestFirst = 's.submitted_at DESC, j.id DESC'
const oldestFirst = 's.submitted_at, j.id'

const verdictColumns = `s.exercise_id AS "exerciseId", s.submitted_at AS "submittedAt", j.verdict,
  j.passed_checks AS "passedChecks", j.total_checks AS "totalChecks"`

function select(more = ''): string {
  return `SELECT s.id, ${verdictColumns}, j.run${more} ${fromJudged}`
}

function addSubmission(
  database: SqlDatabase,
  learnerId: string,
  { report, evidence, files }: NewSubmission,
): Promise<SubmissionSummary> {
  const evidenceGz = gzipSync(evidence)
  const summary: SubmissionSummary = {
    id: randomBytes(8).toString('hex'),
    exerciseId: report.exercise,
    submittedAt: new Date().toISOString(),
    verdict: report.verdict,
    passedChecks: report.checks.filter((check) => check.outcome === 'passed').length,
    totalChecks: report.checks.length,
    run: report.run,
  }
  return database.transaction(function* () {
    const [there] = yield* step<SubmissionSummary>(`${select()} AND j.run = $2`, [
      learnerId,
      report.run,
    ])
    if (there) return there
    const { id, exerciseId, submittedAt, verdict, passedChecks, totalChecks, run } = summary
    yield* step(
      'INSERT INTO submissions (id, learner_id, exercise_id, submitted_at) VALUES ($1, $2, $3, $4)',
      [id, learnerId, exerciseId, submittedAt],
    )
    // By which version of the checks is not known here: a regrade counts as another one.
    yield* step(
      `INSERT INTO judgements (submission_id, checks_version, verdict, passed_checks, total_checks, run, report,
        evidence_gz, judged_at, current)
      VALUES ($1, '', $2, $3, $4, $5, $6, $7, $8, TRUE)`,
      [
        id,
        verdict,
        passedChecks,
        totalChecks,
        run,
        JSON.stringify(report),
        evidenceGz,
        submittedAt,
      ],
    )
    for (const [position, { path, content }] of files.entries())
      yield* step(
        'INSERT INTO submission_files (submission_id, position, path, content) VALUES ($1, $2, $3, $4)',
        [id, position, path, content],
      )
    return summary
  })
}

const rank: Record<Verdict, number> = { errored: 0, failed: 1, passed: 2 }

function best(oldestFirst: readonly VerdictRecord[]): Map<string, VerdictRecord> {
  const verdicts = new Map<string, VerdictRecord>()
  for (const { exerciseId, verdict, passedChecks, totalChecks, submittedAt } of oldestFirst) {
    const before = verdicts.get(exerciseId)
    const better = !before || rank[verdict] > rank[before.verdict]
    const asGood = !better && verdict === before.verdict && passedChecks >= before.passedChecks
    const bestYet = better || asGood ? { exerciseId, verdict, passedChecks, totalChecks } : before
    verdicts.set(exerciseId, { ...bestYet, submittedAt })
  }
  return verdicts
}
