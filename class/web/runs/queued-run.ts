import type { Exercise } from '../../../course/types.ts'
import type { LiveRun, Purpose, RunEvent } from '../../../server/for-class.ts'
import type { Line } from '../../queue/line.ts'
import type { RunEvents } from '../../queue/run-events.ts'
import type { StoredEvent } from '../../queue/stored-event.ts'

/** A grading in the queue, as a page follows it. */
export interface QueuedRun extends LiveRun {
  /** Settles once all that is in the database by then has been heard. */
  readonly caughtUp: Promise<void>
  readonly listeners: Set<(event: RunEvent, number: number) => void>
  /** Follows it no longer. */
  stop(): void
}

export interface QueuedRunOptions {
  /** Of the submission, which is also the run's. */
  readonly id: string
  readonly exercise: Exercise
  readonly purpose: Purpose
  readonly startedAt: number
  readonly events: RunEvents
  readonly line: Line
  /** Has the judgement where the pages read runs, before they hear of the end. */
  readonly fetch: (id: string) => Promise<void>
}

const PLACE_MS = 2_000

/** Mirrors what the database tells of a grading, from its first event on. */
export function followQueuedRun(options: QueuedRunOptions): QueuedRun {
  const { id, exercise, purpose, startedAt, line, fetch } = options
  const events: RunEvent[] = []
  const listeners: QueuedRun['listeners'] = new Set()
  const caughtUp = Promise.withResolvers<void>()
  let state: LiveRun['state'] = 'waiting'
  let queue = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const emit = (event: RunEvent) => {
    const number = events.push(event) - 1
    for (const listener of listeners) listener(event, number)
  }
  const restart = () => {
    // The numbers of a page that has read up to here stay what they are.
    for (const number of events.keys()) events[number] = { type: 'waiting', ahead: 0 }
    emit({ type: 'waiting', ahead: 0, restarted: true })
  }
  const end = (event: RunEvent) => {
    state = 'over'
    clearInterval(timer)
    emit(event)
    caughtUp.resolve()
  }
  const hear = async (event: StoredEvent): Promise<void> => {
    if (state === 'over') return
    switch (event.type) {
      case 'restarted':
        return restart()
      case 'superseded':
        return end({ type: 'cancelled', replaced: event.by !== '' })
      case 'broken':
        return end(event)
      case 'kept': {
        const warning = await fetch(id).then(
          () => undefined,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        )
        const submission = purpose === 'submit' ? id : null
        return end({ type: 'kept', submission, ...(warning !== undefined && { warning }) })
      }
      default:
        state = 'running'
        emit(event)
    }
  }
  const tellPlace = async () => {
    if (state !== 'waiting') return
    const place = await line.place(id).catch(() => undefined)
    if (!place || state !== 'waiting') return
    const seconds = place.waitMs === null ? undefined : Math.round(place.waitMs / 1000)
    const last = events.at(-1)
    if (last?.type !== 'waiting' || last.ahead !== place.ahead || last.seconds !== seconds)
      emit({ type: 'waiting', ahead: place.ahead, seconds })
    caughtUp.resolve()
  }

  const unfollow = options.events.follow(id, 0, {
    onEvent: ({ event }) => (queue = queue.then(() => hear(event))),
    onOver: () =>
      (queue = queue.then(() => {
        // Its events were removed since: the report says the same.
        if (state !== 'over') end({ type: 'cancelled' })
      })),
  })
  timer = setInterval(() => void tellPlace(), PLACE_MS)
  void tellPlace()
  return {
    id,
    exercise,
    purpose,
    startedAt,
    events,
    get state() {
      return state
    },
    listeners,
    caughtUp: caughtUp.promise,
    stop() {
      clearInterval(timer)
      unfollow()
      caughtUp.resolve()
    },
  }
}
