import { seconds as inSeconds } from './check.ts'
import { count } from '../ui/html.ts'
import { visible } from '../ui/visible.ts'
import type { RunEvent } from './runs.ts'

/** What a run is doing after an event, in a sentence. */
export function sayOf(event: RunEvent | undefined): string {
  switch (event?.type) {
    case 'waiting':
      return sayWaiting(event)
    case 'started':
      return `Starting ${visible(event.program)}`
    case 'preparing':
      return visible(event.text)
    case 'ready':
      return `Your program listens, after ${inSeconds(event.ms)}. Watching what it does.`
    case 'cancelled':
      return event.replaced
        ? 'A newer one has taken its place, so this one was not judged.'
        : 'Stopped. Nothing else was judged.'
    case 'broken':
      return visible(event.error)
    default:
      return 'About to start.'
  }
}

function sayWaiting({ ahead, seconds, restarted }: Extract<RunEvent, { type: 'waiting' }>): string {
  if (restarted) return 'Grading restarted.'
  const turn =
    ahead > 0 ? `Waiting: ${count(ahead, 'run is', 'runs are')} ahead` : 'Waiting for its turn'
  return seconds !== undefined && seconds >= 2 ? `${turn}, about ${seconds} s.` : `${turn}.`
}
