import type { Pool } from 'pg'
import { listen } from './listener.ts'
import {
  REGRADE_CHANNEL,
  RUN_CHANNEL,
  type NumberedEvent,
  type StoredEvent,
} from './stored-event.ts'

/** A submission's grading as it is in the database. */
export interface StoredRun {
  readonly state: 'waiting' | 'grading' | 'judged' | 'errored' | 'superseded'
  /** From the number that was asked for, in order. */
  readonly events: readonly NumberedEvent[]
}

export interface RunEvents {
  /** What is there now, from event number `from` on; undefined for no submission of this id. */
  read(submission: string, from: number): Promise<StoredRun | undefined>
  /**
   * Calls `onEvent` for every event from number `from` on, those of the past first, until the last
   * one or until the way to stop is called, which this gives. `onOver` is called after the last, also
   * where the events were removed since.
   */
  follow(submission: string, from: number, follower: Follower): () => void
  /** Changes when a regrade was published, by whichever process, or may have been unheard. */
  regrades(): number
  close(): Promise<void>
}

export interface Follower {
  readonly onEvent: (event: NumberedEvent) => void
  readonly onOver: () => void
}

const AGAIN_MS = 1_000

/**
 * The events of gradings, as they are written by whichever worker. One connection of the process
 * listens for all that are followed; when it breaks, each follower reads what came meanwhile.
 */
export function openRunEvents(pool: Pool, onError: (error: Error) => void): RunEvents {
  const wakers = new Map<string, Set<() => void>>()
  const wake = (submission: string) => wakers.get(submission)?.forEach((each) => each())
  let regrades = 0
  const listener = listen(pool.options, {
    channels: { [RUN_CHANNEL]: wake, [REGRADE_CHANNEL]: () => regrades++ },
    onReconnect() {
      regrades++
      ;[...wakers.keys()].forEach(wake)
    },
    onError,
  })
  const read = (submission: string, from: number) => readRun(pool, submission, from)

  return {
    read,
    regrades: () => regrades,
    follow(submission, from, { onEvent, onOver }) {
      let next = from
      let isStale = true
      let isReading = false
      let isStopped = false
      const stop = () => {
        isStopped = true
        clearTimeout(timer)
        const own = wakers.get(submission)
        own?.delete(changed)
        if (own?.size === 0) wakers.delete(submission)
      }
      let timer: NodeJS.Timeout | undefined
      const catchUp = async () => {
        isReading = true
        try {
          while (isStale && !isStopped) {
            isStale = false
            const run = await read(submission, next)
            for (const each of run?.events ?? []) {
              if (isStopped) return
              next = each.number + 1
              onEvent(each)
            }
            if (isStopped) return
            if (!run || isOver(run)) {
              stop()
              onOver()
            }
          }
        } finally {
          isReading = false
        }
      }
      const changed = () => {
        isStale = true
        if (isReading || isStopped) return
        catchUp().catch((error: Error) => {
          onError(error)
          if (!isStopped) timer = setTimeout(changed, AGAIN_MS)
        })
      }
      wakers.set(submission, (wakers.get(submission) ?? new Set()).add(changed))
      // What is written before it listens would wake nobody.
      void listener.ready.then(changed)
      return stop
    },
    close: () => listener.close(),
  }
}

function isOver({ state }: StoredRun): boolean {
  return state !== 'waiting' && state !== 'grading'
}

async function readRun(
  pool: Pool,
  submission: string,
  from: number,
): Promise<StoredRun | undefined> {
  // One statement: where the state says that it is over, its last event is among these.
  const { rows } = await pool.query<{
    state: StoredRun['state']
    number: number | null
    event: string | null
  }>(
    `SELECT state, number, event FROM submissions
     LEFT JOIN run_events ON submission_id = id AND number >= $2
     WHERE id = $1 ORDER BY number`,
    [submission, Math.min(Math.max(0, from), 2 ** 31 - 1)],
  )
  const [first] = rows
  if (!first) return undefined
  return {
    state: first.state,
    events: rows.flatMap(({ number, event }) =>
      number === null ? [] : [{ number, event: JSON.parse(event!) as StoredEvent }],
    ),
  }
}

/**
 * Removes the events of gradings that have been over for an hour, because their reports say the same,
 * and of submissions that were erased.
 */
export async function pruneRunEvents(pool: Pool): Promise<void> {
  await pool.query(
    `DELETE FROM run_events WHERE NOT EXISTS (
       SELECT FROM submissions WHERE id = submission_id AND (state IN ('waiting', 'grading')
         OR coalesce(started_at, submitted_at) > now() - interval '1 hour')
     )`,
  )
}
