import { randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { VerdictRecord } from '../course/progress/progress.ts'
import type { WorkFile } from '../course/work/work-folder.ts'
import type { Report, Verdict } from '../grader/types/index.ts'
import type { Database } from './database.ts'
import { decodeReport } from './decode-report.ts'

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

export interface Submissions {
  /** Keeps a run. A run is kept once: doing it again gives the submission that is there. */
  addSubmission(submission: NewSubmission): SubmissionSummary
  submission(id: string): Submission | undefined
  /** The evidence of a submission, as it was handed in. */
  submissionEvidence(id: string): string | undefined
  /** Newest first: of one exercise, or all. */
  submissions(exerciseId?: string): SubmissionSummary[]
  /** The best submission of each exercise, by the exercise's id. */
  bestVerdicts(): Map<string, VerdictRecord>
  /** Ids of the runs that were submitted, which are never pruned. */
  submittedRuns(): Set<string>
}

/** The part of the store that keeps submissions. */
export function keepSubmissions(database: Database): Submissions {
  return {
    addSubmission: (submission) => addSubmission(database, submission),
    submission: (id) =>
      database.read((db) => {
        const row = db
          .prepare(`SELECT ${summaryColumns}, report FROM submissions WHERE id = ?`)
          .get(id)
        if (!row) return undefined
        const files = db
          .prepare(
            'SELECT path, content FROM submission_files WHERE submission_id = ? ORDER BY rowid',
          )
          .all(id)
        const { report, ...summary } = row
        return {
          ...(summary as unknown as SubmissionSummary),
          report: decodeReport(String(report)),
          files: files.map((file) => ({
            path: String(file.path),
            content: file.content as Uint8Array,
          })),
        }
      }),
    submissionEvidence: (id) =>
      database.read((db) => {
        const row = db.prepare('SELECT evidence_gz FROM submissions WHERE id = ?').get(id)
        return row && gunzipSync(row.evidence_gz as Uint8Array).toString('utf8')
      }),
    submissions: (exerciseId) =>
      database.read((db) => {
        const rows =
          exerciseId === undefined
            ? db.prepare(`SELECT ${summaryColumns} FROM submissions ORDER BY rowid DESC`).all()
            : db
                .prepare(
                  `SELECT ${summaryColumns} FROM submissions WHERE exercise_id = ? ORDER BY rowid DESC`,
                )
                .all(exerciseId)
        return rows.map((row) => ({ ...(row as unknown as SubmissionSummary) }))
      }),
    bestVerdicts: () =>
      database.read((db) =>
        best(
          db
            .prepare(`SELECT ${summaryColumns} FROM submissions ORDER BY rowid`)
            .all() as unknown as SubmissionSummary[],
        ),
      ),
    submittedRuns: () =>
      database.read(
        (db) =>
          new Set(
            db
              .prepare('SELECT run FROM submissions')
              .all()
              .map((row) => String(row.run)),
          ),
      ),
  }
}

const summaryColumns = `id, exercise_id AS exerciseId, submitted_at AS submittedAt, verdict, passed_checks AS passedChecks,
  total_checks AS totalChecks, run`

function addSubmission(
  database: Database,
  { report, evidence, files }: NewSubmission,
): SubmissionSummary {
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
  return database.write((db) => {
    const there = db
      .prepare(`SELECT ${summaryColumns} FROM submissions WHERE run = ?`)
      .get(report.run)
    if (there) return { ...(there as unknown as SubmissionSummary) }
    db.prepare(`
      INSERT INTO submissions (id, exercise_id, submitted_at, verdict, passed_checks, total_checks, run, report, evidence_gz)
      VALUES (:id, :exerciseId, :submittedAt, :verdict, :passedChecks, :totalChecks, :run, :report, :evidenceGz)
    `).run({ ...summary, report: JSON.stringify(report), evidenceGz })
    const addFile = db.prepare(
      'INSERT INTO submission_files (submission_id, path, content) VALUES (?, ?, ?)',
    )
    for (const file of files) addFile.run(summary.id, file.path, file.content)
    return summary
  })
}

const rank: Record<Verdict, number> = { errored: 0, failed: 1, passed: 2 }

function best(oldestFirst: readonly SubmissionSummary[]): Map<string, VerdictRecord> {
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
