import type { WorkFile } from '../../course/work/work-folder.ts'
import {
  affectedBy,
  MOST_RETRIES,
  type JobAttempt,
  type JobData,
  type QueueKind,
  type Queues,
} from './queues.ts'
import type { Queryable } from '../database.ts'
import { firstNumber, RESTARTED, RUN_CHANNEL } from './stored-event.ts'
import { asBossDatabase, inTransactionOrNot, RollBack } from './transaction.ts'

/** A job that this worker holds, and what is to be graded. */
export interface Claim {
  readonly kind: QueueKind
  readonly job: JobAttempt
  readonly submission: string
  readonly exerciseId: string
  readonly files: readonly WorkFile[]
  /** Which grading of the submission this is, from 1. A regrade is none: 0. */
  readonly attempt: number
  /** Of a regrade: the version of the checks that is wanted. */
  readonly regrade?: string
  /** It was graded before, and that was our fault. */
  readonly erredBefore: boolean
  /** When it is lost now, it is given up. */
  readonly isLastAttempt: boolean
}

export interface Claimed {
  readonly claims: readonly Claim[]
  /** How many jobs were taken from the line, with those that nobody wants any more. */
  readonly taken: number
}

/**
 * Claims at most so many jobs, and one of a learner at a time. Claiming them and beginning their
 * attempts is one transaction: a worker that is lost before its end has claimed nothing.
 */
export async function claim(queues: Queues, kind: QueueKind, most: number): Promise<Claimed> {
  const { boss, pool } = queues
  const claimed = await inTransactionOrNot(pool, async (transaction) => {
    const db = asBossDatabase(transaction)
    const jobs = await boss.fetch<JobData>(kind, { batchSize: most, groupConcurrency: 1, db })
    if (jobs.length === 0) throw new RollBack()
    const rows = await begin(transaction, jobs)
    const claims = jobs.flatMap(({ id, retryCount, data }): Claim[] => {
      const row = rows.get(data.submission)
      if (!row || row.isRegrade !== (data.regrade !== undefined)) return []
      return [
        {
          kind,
          job: { id, retryCount },
          submission: data.submission,
          exerciseId: row.exerciseId,
          files: row.files,
          attempt: row.attempt,
          isLastAttempt: retryCount >= MOST_RETRIES,
          erredBefore: row.isRegrade ? retryCount > 0 : row.erredBefore,
          ...(data.regrade !== undefined && { regrade: data.regrade }),
        },
      ]
    })
    const wanted = new Set(claims.map(({ job }) => job.id))
    // Superseded since, or its learner was erased.
    const unwanted = jobs.filter(({ id }) => !wanted.has(id))
    if (unwanted.length > 0) await boss.complete(kind, unwanted, null, { db })
    return { claims, taken: jobs.length }
  })
  return claimed ?? { claims: [], taken: 0 }
}

interface Row {
  readonly id: string
  readonly exerciseId: string
  readonly attempt: number
  readonly erredBefore: boolean
  readonly isRegrade: boolean
  files: readonly WorkFile[]
}

async function begin(
  transaction: Queryable,
  jobs: readonly { readonly data: JobData }[],
): Promise<Map<string, Row>> {
  const ids = (regrades: boolean) =>
    jobs.flatMap(({ data }) => ((data.regrade !== undefined) === regrades ? [data.submission] : []))
  const { rows } = await transaction.query<
    Omit<Row, 'files'> & { paths: string[] | null; contents: Buffer[] | null }
  >(BEGIN, [ids(false), ids(true)])
  const restarted = rows.filter(({ attempt }) => attempt > 1)
  if (restarted.length > 0)
    await transaction.query(RESTART, [
      restarted.map(({ id }) => id),
      restarted.map(({ attempt }) => firstNumber(attempt)),
      JSON.stringify(RESTARTED),
    ])
  return new Map(
    rows.map(({ paths, contents, ...row }) => [
      row.id,
      {
        ...row,
        files: (paths ?? []).map((path, at) => ({ path, content: contents![at]! })),
      },
    ]),
  )
}

const BEGIN = `
  WITH begun AS (
    UPDATE submissions SET state = 'grading', attempt = attempt + 1, started_at = now()
    WHERE id = ANY ($1) AND state IN ('waiting', 'grading')
    RETURNING id, exercise_id, attempt, trouble IS NOT NULL AS erred, false AS regrade
  ), every AS (
    SELECT * FROM begun
    UNION ALL
    SELECT id, exercise_id, 0, false, true FROM submissions WHERE id = ANY ($2)
  )
  SELECT id, exercise_id AS "exerciseId", attempt, erred AS "erredBefore", regrade AS "isRegrade",
    paths, contents
  FROM every LEFT JOIN LATERAL (
    SELECT array_agg(path ORDER BY position) AS paths, array_agg(content ORDER BY position) AS contents
    FROM submission_files WHERE submission_id = every.id
  ) AS files ON true`

/** The first event of an attempt is numbered as this one: see `stored-event.ts`. */
const RESTART = `
  WITH gone AS (DELETE FROM run_events WHERE submission_id = ANY ($1)),
  told AS (
    INSERT INTO run_events (submission_id, number, event)
    SELECT id, number, $3 FROM unnest($1::text[], $2::integer[]) AS each (id, number)
    ON CONFLICT DO NOTHING RETURNING submission_id
  )
  SELECT pg_notify('${RUN_CHANNEL}', submission_id) FROM told`

/**
 * Tells the database that these are still being worked on. Gives those that are no longer this
 * worker's.
 */
export async function keepClaims(
  { boss }: Queues,
  kind: QueueKind,
  claims: readonly Claim[],
): Promise<Claim[]> {
  if (claims.length === 0) return []
  const touch = async (some: readonly Claim[]) =>
    affectedBy(
      await boss.touch(
        kind,
        some.map(({ job }) => job),
      ),
    )
  if ((await touch(claims)) === claims.length) return []
  const lost: Claim[] = []
  for (const each of claims) if ((await touch([each])) === 0) lost.push(each)
  return lost
}
