import type { RunEvent } from '../../server/index.ts'

/** What a page reads of a submission's grading: the events of a run, and what only a queue knows. */
export type StoredEvent =
  | Exclude<RunEvent, { type: 'waiting' | 'cancelled' }>
  /** A further attempt begins. What came before it no longer counts. */
  | { readonly type: 'restarted'; readonly say: string }
  /** The last event of a submission that a newer one took the place of. */
  | { readonly type: 'superseded'; readonly by: string }

export interface NumberedEvent {
  /** Counts up, with gaps: attempts begin at multiples of a million. */
  readonly number: number
  readonly event: StoredEvent
}

/** Carries the id of a submission that has new events. */
export const RUN_CHANNEL = 'roundtrip_run'
/** Carries the id of an exercise whose regrade counts now. */
export const REGRADE_CHANNEL = 'roundtrip_regrade'
/** Carries the name of a queue that has a new job. */
export const QUEUE_CHANNEL = 'roundtrip_queue'

export const RESTARTED: StoredEvent = { type: 'restarted', say: 'Grading restarted.' }

const PER_ATTEMPT = 1_000_000

/**
 * The number of an attempt's first event; attempts count from 1. Each has a range of its own, so what
 * a worker of before still writes never takes the place of anything, and a page that has read up to
 * some number misses nothing of the next attempt.
 */
export function firstNumber(attempt: number): number {
  return (attempt - 1) * PER_ATTEMPT
}
