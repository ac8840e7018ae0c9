import type { Pool } from 'pg'
import type { Exercise } from '../../course/types.ts'
import { queueKindOf, type QueueKind } from './queues.ts'

/** Where a submission is in line. */
export interface Place {
  /** So many are graded before it begins. */
  readonly ahead: number
  /** Milliseconds until it begins, expected; null when no worker is there to say so. */
  readonly waitMs: number | null
}

export interface Health {
  readonly waiting: Readonly<Record<QueueKind, number>>
  readonly grading: number
  /** When the one that has waited longest arrived, ISO 8601. */
  readonly oldestWaitingSince: string | null
  /** Those of the last day, also the ones that were lost. */
  readonly workers: readonly WorkerState[]
}

export interface WorkerState {
  readonly id: string
  readonly host: string
  readonly slots: Readonly<Record<QueueKind, number>>
  /** ISO 8601. */
  readonly startedAt: string
  readonly seenAt: string
  readonly isAlive: boolean
}

export interface Line {
  /** Undefined for a submission that does not wait. */
  place(submission: string): Promise<Place | undefined>
  health(): Promise<Health>
}

/** The line is read again when it was read so long ago: it is one query for all who wait. */
const FRESH_MS = 1_000
/** A worker says every few seconds that it is there. */
const ALIVE_SECONDS = 15
/** How long a grading takes, in milliseconds, before any has been seen. */
const UNKNOWN_MS: Readonly<Record<QueueKind, number>> = { untimed: 3_000, timed: 18_000 }

interface Snapshot {
  readonly places: ReadonlyMap<string, { readonly kind: QueueKind; readonly ahead: number }>
  readonly waiting: Record<QueueKind, number>
  readonly grading: Record<QueueKind, number>
  readonly slots: Record<QueueKind, number>
  readonly typicalMs: Record<QueueKind, number>
  readonly oldestWaitingSince: string | null
  readonly workers: readonly WorkerState[]
}

/**
 * The line as everybody in it may see it. `find` gives an exercise of the course; submissions of any
 * other count as untimed.
 */
export function createLine(
  pool: Pool,
  find: (exerciseId: string) => Pick<Exercise, 'gradingSeconds'> | undefined,
): Line {
  let reading: Promise<Snapshot> | undefined
  let readAt = 0
  const kindOf = (exerciseId: string): QueueKind =>
    queueKindOf(find(exerciseId) ?? { gradingSeconds: 0 })
  const latest = (): Promise<Snapshot> => {
    if (reading && performance.now() - readAt < FRESH_MS) return reading
    readAt = performance.now()
    const read = current(pool, kindOf)
    reading = read
    read.catch(() => (reading = undefined))
    return read
  }
  return {
    async place(submission) {
      const { places, grading, slots, typicalMs } = await latest()
      const found = places.get(submission)
      if (!found) return undefined
      const { kind, ahead } = found
      const free = slots[kind] - grading[kind]
      const turns = Math.max(0, ahead + 1 - free) / slots[kind]
      return { ahead, waitMs: slots[kind] === 0 ? null : Math.round(turns * typicalMs[kind]) }
    },
    async health() {
      const { waiting, grading, oldestWaitingSince, workers } = await latest()
      return { waiting, grading: grading.timed + grading.untimed, oldestWaitingSince, workers }
    },
  }
}

async function current(pool: Pool, kindOf: (exerciseId: string) => QueueKind): Promise<Snapshot> {
  const [line, durations, workers] = await Promise.all([
    pool.query<{ id: string; exercise: string; waits: boolean; since: string }>(LINE),
    pool.query<{ exercise: string; ms: number }>(DURATIONS),
    pool.query<Omit<WorkerState, 'slots'> & { untimed: number; timed: number }>(WORKERS, [
      ALIVE_SECONDS,
    ]),
  ])
  const waiting = { untimed: 0, timed: 0 }
  const grading = { untimed: 0, timed: 0 }
  const slots = { untimed: 0, timed: 0 }
  const places = new Map<string, { kind: QueueKind; ahead: number }>()
  for (const { id, exercise, waits } of line.rows) {
    const kind = kindOf(exercise)
    if (waits) places.set(id, { kind, ahead: waiting[kind]++ })
    else grading[kind]++
  }
  for (const { isAlive, untimed, timed } of workers.rows) {
    slots.untimed += isAlive ? untimed : 0
    slots.timed += isAlive ? timed : 0
  }
  const typical = (kind: QueueKind) => {
    const of = durations.rows.filter(({ exercise }) => kindOf(exercise) === kind)
    return of.length === 0 ? UNKNOWN_MS[kind] : of.reduce((sum, { ms }) => sum + ms, 0) / of.length
  }
  return {
    places,
    waiting,
    grading,
    slots,
    typicalMs: { untimed: typical('untimed'), timed: typical('timed') },
    oldestWaitingSince: line.rows.find(({ waits }) => waits)?.since ?? null,
    workers: workers.rows.map(({ untimed, timed, ...worker }) => ({
      ...worker,
      slots: { untimed, timed },
    })),
  }
}

const LINE = `
  SELECT id, exercise_id AS exercise, state = 'waiting' AS waits, submitted_at AS since
  FROM submissions WHERE state IN ('waiting', 'grading') ORDER BY submitted_at, id`

const DURATIONS = `
  SELECT exercise_id AS exercise,
    greatest(0, extract(epoch FROM judged_at - started_at) * 1000)::float8 AS ms
  FROM (
    SELECT submission_id, judged_at FROM judgements WHERE current ORDER BY id DESC LIMIT 50
  ) AS newest JOIN submissions ON submissions.id = submission_id
  WHERE started_at IS NOT NULL`

const WORKERS = `
  SELECT id, host, slots AS untimed, timed_slots AS timed, started_at AS "startedAt",
    seen_at AS "seenAt", seen_at > now() - $1 * interval '1 second' AS "isAlive"
  FROM workers ORDER BY started_at, id`
