import { gunzipSync } from 'node:zlib'
import type { WorkFile } from '../../../course/work/work-folder.ts'
import { decodeReport } from '../../../store/decode-report.ts'
import type { Run } from '../../../store/runs.ts'
import type { Queryable } from '../../database.ts'

/** A learner's grading, run or submission, that was judged; undefined when there is none. */
export async function readJudged(
  database: Queryable,
  learnerId: string,
  id: string,
): Promise<Run | undefined> {
  const [judged, files] = await Promise.all([
    database.query<{ report: string; evidence: Uint8Array }>(
      `SELECT report, evidence_gz AS evidence FROM judgements j JOIN submissions s ON s.id = submission_id
       WHERE s.id = $1 AND learner_id = $2 AND current`,
      [id, learnerId],
    ),
    database.query<WorkFile>(
      'SELECT path, content FROM submission_files WHERE submission_id = $1 ORDER BY position',
      [id],
    ),
  ])
  const [row] = judged.rows
  if (!row) return undefined
  return {
    report: decodeReport(row.report),
    evidence: gunzipSync(row.evidence).toString('utf8'),
    files: files.rows,
  }
}
