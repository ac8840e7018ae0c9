import type { Pool } from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Report } from '../../../grader/types/index.ts'
import { decodeReport } from '../../../store/decode-report.ts'
import type { Line } from '../../queue/line.ts'
import type { RunEvents, StoredRun } from '../../queue/run-events.ts'
import type { NumberedEvent, StoredEvent } from '../../queue/stored-event.ts'

/** What there is to tell about a grading since somebody last asked. */
export interface News {
  readonly state: StoredRun['state']
  readonly events: readonly NumberedEvent[]
  /** While it waits: so many are graded first; seconds until it begins, null when nobody can say. */
  readonly place?: { readonly ahead: number; readonly seconds: number | null }
  /** Once it is judged. Its run is the submission, as in the events. */
  readonly report?: Report
}

export interface NewsOptions {
  readonly pool: Pool
  readonly events: RunEvents
  readonly line: Line
}

/** Whoever waits in line is told their place so often, in milliseconds. */
const PLACE_MS = 2_000
/** A connection on which nothing moves is ended by some proxies after 30 s. */
const SILENT_MS = 15_000
/** What comes together is told together. */
const TOGETHER_MS = 150

/**
 * The events of a grading from number `from` on. Where there are none yet, it waits for some: 2
 * seconds in line, 15 while it is graded, or until `left` is aborted. Undefined for no submission.
 */
export async function readNews(
  { pool, events, line }: NewsOptions,
  id: string,
  from: number,
  left: AbortSignal,
): Promise<News | undefined> {
  let run = await events.read(id, from)
  if (run && run.events.length === 0 && isUnderWay(run)) {
    await untilMore(events, id, from, run.state === 'waiting' ? PLACE_MS : SILENT_MS, left)
    run = await events.read(id, from)
  }
  if (!run) return undefined
  const place = run.state === 'waiting' ? await line.place(id) : undefined
  const report = run.state === 'judged' ? await readReport(pool, id) : undefined
  return {
    state: run.state,
    events: run.events.map(({ number, event }) => ({ number, event: withRun(event, id) })),
    ...(place && { place: { ahead: place.ahead, seconds: inSeconds(place.waitMs) } }),
    ...(report && { report: { ...report, run: id } }),
  }
}

function isUnderWay({ state }: StoredRun): boolean {
  return state === 'waiting' || state === 'grading'
}

async function untilMore(
  events: RunEvents,
  id: string,
  from: number,
  ms: number,
  left: AbortSignal,
): Promise<void> {
  const more = Promise.withResolvers<void>()
  const stop = events.follow(id, from, {
    onEvent: () => more.resolve(),
    onOver: () => more.resolve(),
  })
  const timer = setTimeout(more.resolve, ms)
  left.addEventListener('abort', () => more.resolve(), { once: true })
  await more.promise
  clearTimeout(timer)
  stop()
  if (!left.aborted) await sleep(TOGETHER_MS)
}

async function readReport(pool: Pool, id: string): Promise<Report | undefined> {
  const { rows } = await pool.query<{ report: string }>(
    'SELECT report FROM judgements WHERE submission_id = $1 AND current',
    [id],
  )
  return rows[0] && decodeReport(rows[0].report)
}

/** A run's page is the submission's: the worker's own number of it is nowhere. */
function withRun(event: StoredEvent, run: string): StoredEvent {
  if (event.type === 'started') return { ...event, run }
  return event.type === 'finished' ? { ...event, report: { ...event.report, run } } : event
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1000)
}
