import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Queryable } from '../database.ts'
import { readGrades } from '../gradebook/gradebook.ts'

export interface RetentionOptions {
  /** So many days everything is kept. */
  readonly days: number
  /** The class's state folder on this machine; each learner's is `learners/<id>` in it. */
  readonly stateFolder: string
  /** ISO 8601, for tests; else the database's clock, and this machine's for its own files. */
  readonly now?: string
}

/** So many of each went. */
export interface Removed {
  readonly runs: number
  readonly events: number
  readonly sessions: number
  /** Copies of reports on this machine. */
  readonly folders: number
}

/** A statement is over before others wait for it. */
const AT_ONCE = 500

/**
 * Removes what is older than so many days and counts for nothing:
 *
 * - runs that were not submitted, with their files, reports and evidence;
 * - the events of gradings, which their reports repeat;
 * - sessions: whoever came in so long ago types the code again;
 * - the copies of reports that this machine keeps for the pages, which come back from the database
 *   when somebody opens one of a submission.
 *
 * Submissions stay, and what is being graded stays. Of a learner's best submission of an exercise the
 * copy stays, too. Throws what the database or the file system throws.
 */
export async function removeOld(
  database: Queryable,
  { days, stateFolder, now }: RetentionOptions,
): Promise<Removed> {
  const time = [days, now ?? null]
  const runs = await inBatches(database, OLD_RUNS, time)
  const events = await inBatches(database, OLD_EVENTS, time)
  const sessions = await inBatches(database, OLD_SESSIONS, time)
  const best = new Set((await readGrades(database)).map(({ submissionId }) => submissionId))
  const before = (now === undefined ? Date.now() : Date.parse(now)) - days * 86_400_000
  const folders = await removeFolders(join(stateFolder, 'learners'), before, best)
  return { runs, events, sessions, folders }
}

const LIMIT = `coalesce($2::timestamptz, now()) - make_interval(days => $1)`

const OLD_RUNS = `
  DELETE FROM submissions WHERE id IN (
    SELECT id FROM submissions
    WHERE purpose = 'run' AND state NOT IN ('waiting', 'grading') AND submitted_at < ${LIMIT}
    LIMIT ${AT_ONCE}
  )`

const OLD_EVENTS = `
  DELETE FROM run_events WHERE submission_id IN (
    SELECT DISTINCT submission_id FROM run_events
    LEFT JOIN submissions ON submissions.id = submission_id
    WHERE submissions.id IS NULL
      OR (state NOT IN ('waiting', 'grading') AND submitted_at < ${LIMIT})
    LIMIT ${AT_ONCE}
  )`

const OLD_SESSIONS = `
  DELETE FROM sessions WHERE token_hash IN (
    SELECT token_hash FROM sessions WHERE created_at < ${LIMIT} LIMIT ${AT_ONCE}
  )`

async function inBatches(
  database: Queryable,
  statement: string,
  values: readonly unknown[],
): Promise<number> {
  let all = 0
  for (;;) {
    const { rowCount } = await database.query(statement, values)
    if (!rowCount) return all
    all += rowCount
  }
}

async function removeFolders(
  learners: string,
  before: number,
  best: ReadonlySet<string>,
): Promise<number> {
  let removed = 0
  for (const learner of await namesIn(learners)) {
    const runs = join(learners, learner, '.roundtrip', 'runs')
    for (const run of await namesIn(runs)) {
      // A folder of another name is none of a run, apart from what a killed process left.
      if (best.has(run) || !/^(\.(new|old)-.*|[0-9a-f]{8,32})$/.test(run)) continue
      const found = await stat(join(runs, run)).catch(() => null)
      if (!found || found.mtimeMs >= before) continue
      await rm(join(runs, run), { recursive: true, force: true })
      removed++
    }
  }
  return removed
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
