import type { Report } from '../../grader/types/index.ts'
import type { Queryable } from '../database.ts'
import type { Claim } from './claim.ts'
import { affectedBy, type Queues } from './queues.ts'
import { firstNumber, RUN_CHANNEL, type NumberedEvent, type StoredEvent } from './stored-event.ts'
import { asBossDatabase, inTransactionOrNot, RollBack } from './transaction.ts'

/** What a grading has come to. */
export interface Judged {
  readonly report: Report
  /** As `encodeEvidence` gives it, gzipped. */
  readonly evidenceGz: Uint8Array
  /** Of the checks by which it was judged. */
  readonly checksVersion: string
}

/**
 * Keeps a judgement and ends its job, both or neither. False when the claim was lost: another worker
 * grades it, or has, and nothing was written. `events` are those that were not yet written.
 */
export async function finishJudged(
  queues: Queues,
  claim: Claim,
  judged: Judged,
  events: readonly NumberedEvent[],
): Promise<boolean> {
  return ofClaim(queues, async (transaction, { boss }) => {
    const db = asBossDatabase(transaction)
    requireClaim(await boss.complete(claim.kind, [claim.job], null, { db }))
    await addJudgement(transaction, claim.submission, judged, claim.regrade === undefined)
    if (claim.regrade !== undefined) return
    await endRun(transaction, claim, { state: 'judged', trouble: null }, events, {
      type: 'kept',
      submission: claim.submission,
    })
  })
}

/**
 * Ends the attempt of a grading that failed for a fault of ours. The first time it goes back in line;
 * the second time the submission errs, and `reason` is told to the teacher. False when the claim was
 * lost.
 */
export async function finishErred(
  queues: Queues,
  claim: Claim,
  reason: string,
  events: readonly NumberedEvent[],
): Promise<boolean> {
  return ofClaim(queues, async (transaction, { boss }) => {
    const options = { db: asBossDatabase(transaction) }
    const message = { message: reason }
    if (!claim.erredBefore) {
      requireClaim(await boss.fail(claim.kind, [claim.job], message, options))
      if (claim.regrade !== undefined) return
      await transaction.query(
        `UPDATE submissions SET state = 'waiting', trouble = $2 WHERE id = $1`,
        [claim.submission, reason],
      )
      return
    }
    requireClaim(await boss.complete(claim.kind, [claim.job], message, options))
    if (claim.regrade !== undefined) {
      await addErredRegrade(transaction, claim.submission, claim.regrade, reason)
      return
    }
    await endRun(transaction, claim, { state: 'errored', trouble: reason }, events, {
      type: 'broken',
      error: reason,
    })
  })
}

/**
 * Gives a job back that was not finished, at the place in line which it had, and as if it had not
 * been claimed: a worker that is stopped costs no attempt. Its grading has to be over, or, with
 * `isUntouched`, never to have begun.
 */
export async function giveBack(
  queues: Queues,
  claim: Claim,
  isUntouched = false,
): Promise<boolean> {
  return ofClaim(queues, async (transaction) => {
    // pg-boss does this itself (its function restore()), but does not offer it.
    const { rowCount } = await transaction.query(
      `UPDATE pgboss.job SET state = 'created', started_on = NULL, heartbeat_on = NULL
       WHERE name = $1 AND id = $2 AND state = 'active' AND retry_count = $3`,
      [claim.kind, claim.job.id, claim.job.retryCount],
    )
    if (rowCount !== 1) throw new RollBack()
    if (claim.regrade !== undefined) return
    await transaction.query(
      `UPDATE submissions SET state = 'waiting', attempt = attempt - $2
       WHERE id = $1 AND state = 'grading'`,
      [claim.submission, isUntouched ? 1 : 0],
    )
  })
}

/** Adds a judgement and the results of its checks, unless there is one by the same checks. */
export async function addJudgement(
  database: Queryable,
  submission: string,
  { report, checksVersion, evidenceGz }: Judged,
  isCurrent: boolean,
): Promise<void> {
  const { checks } = report
  await database.query(ADD_JUDGEMENT, [
    submission,
    checksVersion,
    report.verdict,
    checks.filter(({ outcome }) => outcome === 'passed').length,
    checks.length,
    report.run,
    JSON.stringify(report),
    evidenceGz,
    isCurrent,
    checks.map(({ id }) => id),
    checks.map(({ title }) => title),
    checks.map(({ outcome }) => outcome),
    checks.map(({ diagnosis }) => diagnosis?.id ?? null),
  ])
}

const ADD_JUDGEMENT = `
  WITH judgement AS (
    INSERT INTO judgements (submission_id, checks_version, verdict, passed_checks, total_checks, run,
      report, evidence_gz, current)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (submission_id, checks_version) DO NOTHING RETURNING id
  )
  INSERT INTO check_results (judgement_id, check_id, title, outcome, diagnosis, position)
  SELECT judgement.id, result.id, title, outcome, diagnosis, place - 1 FROM judgement,
    unnest($10::text[], $11::text[], $12::text[], $13::text[]) WITH ORDINALITY
      AS result (id, title, outcome, diagnosis, place)`

/**
 * Keeps that a regrade came to nothing, beside the judgement that stays. Its report is that of
 * before, without results.
 */
export async function addErredRegrade(
  database: Queryable,
  submission: string,
  checksVersion: string,
  reason: string,
): Promise<void> {
  const { rows } = await database.query<{ report: string; evidenceGz: Buffer }>(
    `SELECT report, evidence_gz AS "evidenceGz" FROM judgements WHERE submission_id = $1 AND current`,
    [submission],
  )
  for (const { report, evidenceGz } of rows) {
    const before = JSON.parse(report) as Report
    const erred: Report = { ...before, verdict: 'errored', checks: [], error: reason }
    await addJudgement(database, submission, { report: erred, checksVersion, evidenceGz }, false)
  }
}

/** What a submission has come to, and its last events, in one statement. */
async function endRun(
  database: Queryable,
  { submission, attempt }: Claim,
  { state, trouble }: { readonly state: string; readonly trouble: string | null },
  events: readonly NumberedEvent[],
  last: StoredEvent,
): Promise<void> {
  const all = [...events, { number: firstNumber(attempt + 1) - 1, event: last }]
  await database.query(
    `WITH ended AS (UPDATE submissions SET state = $4, trouble = $5 WHERE id = $1 RETURNING id),
     told AS (SELECT pg_notify('${RUN_CHANNEL}', id) FROM ended)
     INSERT INTO run_events (submission_id, number, event)
     SELECT $1, each.number, each.event
     FROM told, unnest($2::integer[], $3::text[]) AS each (number, event)
     ON CONFLICT DO NOTHING`,
    [
      submission,
      all.map(({ number }) => number),
      all.map(({ event }) => JSON.stringify(event)),
      state,
      trouble,
    ],
  )
}

async function ofClaim(
  queues: Queues,
  action: (transaction: Queryable, queues: Queues) => Promise<void>,
): Promise<boolean> {
  const done = await inTransactionOrNot(queues.pool, async (transaction) => {
    await action(transaction, queues)
    return true
  })
  return done ?? false
}

/** pg-boss leaves a job alone that was claimed again since. */
function requireClaim(response: object): void {
  if (affectedBy(response) !== 1) throw new RollBack()
}
