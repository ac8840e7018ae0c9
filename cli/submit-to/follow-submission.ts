import { setTimeout as sleep } from 'node:timers/promises'
import type { GradeEvent, Report } from '../../grader/index.ts'
import { askClass, ClassAway } from './ask-class.ts'

export interface FollowOptions {
  readonly origin: string
  readonly token: string
  /** Of the submission. */
  readonly id: string
  readonly signal: AbortSignal
  readonly onEvent: (event: GradeEvent) => void
  /** While it waits; `seconds` until it begins, null when nobody can say. */
  readonly onPlace: (ahead: number, seconds: number | null) => void
  /** What came so far no longer counts. */
  readonly onRestart: () => void
  /** Once each time that the class is away. */
  readonly onAway: () => void
}

/** How a submission ended. */
export type Outcome =
  | { readonly type: 'judged'; readonly report: Report }
  /** A newer one took its place; empty when it was taken back in the page. */
  | { readonly type: 'superseded'; readonly by: string }
  | { readonly type: 'broken'; readonly reason: string }
  /** The class asks for the code again, or has forgotten the submission. */
  | { readonly type: 'lost'; readonly reason: string }

/** Questions that are answered at once are asked no more often. */
const BETWEEN_MS = 250
const AGAIN_MS = 2_000
/** A class that is being restarted is back before. */
const PATIENCE_MS = 120_000

/**
 * Tells what happens to a submission until it is over. @throws ClassAway after two minutes without
 * an answer, what `askClass` throws, the signal's reason
 */
export async function followSubmission(options: FollowOptions): Promise<Outcome> {
  const { onPlace } = options
  let from = 0
  let isFinished = false
  let awaySince: number | undefined
  for (;;) {
    const askedAt = performance.now()
    let answer
    try {
      answer = await askNews(options, from)
      awaySince = undefined
    } catch (error) {
      if (!(error instanceof ClassAway)) throw error
      if (awaySince === undefined) options.onAway()
      awaySince ??= askedAt
      if (askedAt - awaySince > PATIENCE_MS) throw error
      await pause(AGAIN_MS, options.signal)
      continue
    }
    if (answer.status !== 200) return { type: 'lost', reason: String(answer.body['error']) }
    const news = answer.body as unknown as News
    for (const { number, event } of news.events) {
      from = number + 1
      switch (event.type) {
        case 'restarted':
          options.onRestart()
          break
        case 'superseded':
          return { type: 'superseded', by: event.by }
        case 'broken':
          return { type: 'broken', reason: event.error }
        case 'kept':
          break
        default:
          isFinished ||= event.type === 'finished'
          options.onEvent(event)
      }
    }
    if (news.state === 'judged' && news.report) {
      if (!isFinished) tellWhole(news.report, options.onEvent)
      return { type: 'judged', report: news.report }
    }
    if (news.state === 'superseded') return { type: 'superseded', by: '' }
    if (news.state === 'errored') return { type: 'broken', reason: 'It could not be judged.' }
    if (news.place) onPlace(news.place.ahead, news.place.seconds)
    await pause(BETWEEN_MS - (performance.now() - askedAt), options.signal)
  }
}

/** What the class tells (class/web/api/news.ts). */
interface News {
  readonly state: 'waiting' | 'grading' | 'judged' | 'errored' | 'superseded'
  readonly events: readonly { readonly number: number; readonly event: ToldEvent }[]
  readonly place?: { readonly ahead: number; readonly seconds: number | null }
  readonly report?: Report
}

type ToldEvent =
  | GradeEvent
  | { readonly type: 'restarted' }
  | { readonly type: 'superseded'; readonly by: string }
  | { readonly type: 'broken'; readonly error: string }
  | { readonly type: 'kept' }

function askNews({ origin, token, id, signal }: FollowOptions, from: number) {
  return askClass({ origin, token, path: `/submissions/${id}?from=${from}`, signal })
}

/** The events of long ago are kept no more, and the report says the same. */
function tellWhole(report: Report, onEvent: (event: GradeEvent) => void): void {
  const { run, exercise, title, program, checks } = report
  onEvent({ type: 'started', run, exercise, title, program, checks })
  for (const result of checks) onEvent({ type: 'check', result })
  onEvent({ type: 'finished', report })
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted())
}
