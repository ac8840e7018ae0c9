import type { Clock } from './timing/clock.ts'
import { headers } from '../types/helpers/header-fields.ts'
import type { Exchange, CookieChart, Headers } from '../types/index.ts'
import type { OnWatch, WatchOptions } from '../types/kit.ts'
import { startStallWatch } from './timing/stall-watch.ts'

/**
 * Watches requests to one path until as many as seconds were asked for have been answered. What
 * counts is when a request left, by the wire, never when somebody looked.
 * @throws InconclusiveObservation when the machine stalled, so that the times cannot be
 * trusted.
 */
export async function watchRequests(
  options: WatchOptions,
  wire: { exchanges: () => Exchange[]; clock: Clock; signal: AbortSignal; onWatch: OnWatch },
): Promise<Exchange[]> {
  const { path, from, seconds, cookie, critical } = options
  const { clock, signal } = wire
  const start = from?.response?.startedAt
  if (start === undefined) return []

  const stalls = startStallWatch(clock)
  const watched = () =>
    wire.exchanges().filter(({ request, startedAt }) => request.path === path && startedAt >= start)
  let shown = -1
  try {
    for (;;) {
      signal.throwIfAborted()
      const requests = watched()
      const elapsed = (clock.now() - start) / 1000
      if (requests.length !== shown) {
        shown = requests.length
        wire.onWatch({
          done: Math.min(shown, seconds),
          total: seconds,
          unit: 'requests',
          chart: liveChart(cookie, start, requests, seconds),
        })
      }
      const answered = requests.filter(({ response }) => response?.complete).length
      const enough = elapsed >= seconds && answered >= seconds
      if (
        enough ||
        (elapsed >= seconds + 1 &&
          isOver(elapsed, seconds, requests.at(-1) && (requests.at(-1)!.startedAt - start) / 1000))
      )
        break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    stalls.end(critical.map(([low, high]) => [start + low * 1000, start + high * 1000] as const))
    return watched()
  } finally {
    stalls.stop()
  }
}

const SILENCE = 2.5
const LONGEST_EXTRA = 5

/**
 * A page that fell silent will not go on; one that began late, because the machine was busy, needs
 * longer than its seconds.
 */
function isOver(elapsed: number, seconds: number, last = 0): boolean {
  return elapsed - last > SILENCE || elapsed >= seconds + LONGEST_EXTRA
}

function liveChart(
  cookie: string,
  start: number,
  requests: readonly Exchange[],
  seconds: number,
): CookieChart {
  return {
    kind: 'cookie-chart',
    label: cookie,
    seconds,
    samples: requests.map(({ id, startedAt, request }) => ({
      at: (startedAt - start) / 1000,
      sent: carries(request.headers, cookie),
      exchange: id,
    })),
    expiry: null,
  }
}

function carries(fields: Headers, cookie: string): boolean {
  return headers(fields, 'Cookie')
    .flatMap((line) => line.split(';'))
    .some((pair) => pair.trim().startsWith(`${cookie}=`))
}
