import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findExercise } from '../../../course/find.ts'
import { shownPath, type Paths } from '../../../course/paths.ts'
import type { Course, Exercise } from '../../../course/types.ts'
import { ensureWork, readWork, workFolder } from '../../../course/work/work-folder.ts'
import { PageError, type Purpose, type Runs } from '../../../server/for-class.ts'
import { saveRun, isRunId, readReport } from '../../../store/runs.ts'
import { cancelWaiting } from '../../queue/cancel.ts'
import { enqueue, NotOpenYet } from '../../queue/enqueue.ts'
import type { Line } from '../../queue/line.ts'
import type { Queues } from '../../queue/queues.ts'
import type { RunEvents } from '../../queue/run-events.ts'
import { followQueuedRun, type QueuedRun } from './queued-run.ts'
import { readJudged } from './read-judged.ts'

export interface QueuedRunsOptions {
  readonly learnerId: string
  readonly course: Course
  /** The learner's own folders on this server. */
  readonly paths: Paths
  readonly queues: Queues
  readonly events: RunEvents
  readonly line: Line
}

export interface QueuedRuns extends Runs {
  /** Reads the judgement of a submission again: another one counts now. */
  readAnew(id: string): Promise<void>
  /** Does that where a regrade was published since, by a command or by another server. */
  catchUp(): Promise<void>
}

/** So many that are over are kept for pages that still look at them. */
const OVER_KEPT = 10

/** The gradings that a learner starts from the page: workers do them, wherever they are. */
export function createQueuedRuns(options: QueuedRunsOptions): QueuedRuns {
  const { learnerId, course, paths, queues, events, line } = options
  const { pool } = queues
  let followed: QueuedRun[] = []

  const follow = (id: string, exercise: Exercise, purpose: Purpose, startedAt: number) => {
    const run = followQueuedRun({ id, exercise, purpose, startedAt, events, line, fetch: save })
    const over = followed.filter(({ state }) => state === 'over')
    for (const old of over.slice(0, Math.max(0, over.length - OVER_KEPT))) old.stop()
    followed = [...followed.filter((each) => !over.includes(each)), ...over.slice(-OVER_KEPT), run]
    return run
  }

  /** Has a judged grading in the folder that the pages read runs from. */
  const save = async (id: string): Promise<void> => {
    if (readReport(paths.runs, id)) return
    const judged = await readJudged(pool, learnerId, id)
    if (!judged) return
    const { report, evidence, files } = judged
    const entry = files[0]?.path ?? ''
    const place = workFolder({ id: report.exercise } as Exercise, paths)
    const program = shownPath(`${place}/${entry}`, paths.root)
    saveRun(paths.runs, { report: { ...report, run: id, program }, evidence, files })
  }

  const readAnew = async (id: string): Promise<void> => {
    if (!isRunId(id)) return
    const isKept = readReport(paths.runs, id) !== undefined
    followed.find((run) => run.id === id)?.stop()
    followed = followed.filter((run) => run.id !== id)
    if (!isKept) return
    rmSync(join(paths.runs, id), { recursive: true, force: true })
    await save(id)
  }

  // What was published before this process began to listen was not heard either.
  let seen = -1
  let catchingUp: Promise<void> | undefined
  const readRegraded = async (): Promise<void> => {
    const now = events.regrades()
    if (existsSync(paths.runs)) {
      const { rows } = await pool.query<{ id: string }>(REGRADED, [learnerId])
      for (const { id } of rows) await readAnew(id)
    }
    seen = now
  }

  /** One that this process does not follow: it was restarted since, or another one started it. */
  const findWaiting = async (where: string, value: string): Promise<QueuedRun | undefined> => {
    const { rows } = await pool.query<Waiting>(
      `SELECT id, exercise_id AS "exerciseId", purpose, submitted_at AS "submittedAt", state
       FROM submissions WHERE learner_id = $1 AND ${where} ORDER BY submitted_at DESC LIMIT 1`,
      [learnerId, value],
    )
    const [row] = rows
    const exercise = row && findExercise(course, row.exerciseId)?.exercise
    if (!exercise) return undefined
    if (row.state === 'judged') return void (await save(row.id))
    const known = followed.find(({ id }) => id === row.id)
    const run = known ?? follow(row.id, exercise, row.purpose, Date.parse(row.submittedAt))
    await run.caughtUp
    return run
  }

  return {
    async start(exercise, _lesson, purpose) {
      const { dir } = ensureWork(exercise, paths)
      const files = readWork(exercise, dir, paths.root)
      const { id, submittedAt } = await enqueue(queues, {
        learnerId,
        exercise,
        purpose,
        files,
      }).catch((error: unknown) => {
        throw error instanceof NotOpenYet ? new PageError(409, error.message) : error
      })
      return follow(id, exercise, purpose, Date.parse(submittedAt))
    },
    async find(id) {
      const known = followed.find((run) => run.id === id)
      if (known || !isRunId(id)) return known
      return findWaiting('id = $2', id)
    },
    async newest(exerciseId) {
      const known = followed.findLast(({ exercise }) => exercise.id === exerciseId)
      if (known && known.state !== 'over') return known
      const waiting = await findWaiting(
        `exercise_id = $2 AND state IN ('waiting', 'grading')`,
        exerciseId,
      )
      return waiting ?? known
    },
    cancel: (id) => cancelWaiting(queues, learnerId, id),
    follow(run, from, listener) {
      const entry = followed.find((each) => each === run)
      run.events.slice(from).forEach((event, index) => listener(event, from + index))
      entry?.listeners.add(listener)
      return () => entry?.listeners.delete(listener)
    },
    readAnew,
    async catchUp() {
      while (seen !== events.regrades())
        await (catchingUp ??= readRegraded().finally(() => (catchingUp = undefined)))
    },
    async close() {
      for (const run of followed) run.stop()
    },
  }
}

/** Submissions that were judged more than once. */
const REGRADED = `
  SELECT submissions.id FROM submissions JOIN judgements ON submission_id = submissions.id
  WHERE learner_id = $1 GROUP BY submissions.id HAVING count(*) > 1`

interface Waiting {
  readonly id: string
  readonly exerciseId: string
  readonly purpose: Purpose
  readonly submittedAt: string
  readonly state: string
}
