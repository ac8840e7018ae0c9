import type { Exchange } from '../../types/index.ts'
import { exchangeOf, type OnWire } from '../../types/helpers/on-wire.ts'
import type { NamedTest } from './matcher.ts'

/**
 * Seconds between exchanges, in their order: from the end of one answer (where none came, the end
 * of its request) until the next request begins; one fewer than there are exchanges, rounded to
 * milliseconds, and 0 where two overlap. They have to be recorded within `critical(…)`, so that no
 * busy machine is judged.
 * @throws TypeError for an exchange that was not.
 */
export function waitsBetween(exchanges: readonly OnWire[]): number[] {
  const all = exchanges.map((each) => exchangeOf(each))
  all.forEach((each) => requireTimed(each, 'waitsBetween()'))
  return all.slice(1).map((next, index) => {
    const { request, response } = all[index]!
    const from = response?.complete ? response.endedAt : request.endedAt
    return Math.max(0, Math.round(next.startedAt - from)) / 1000
  })
}

/** A duration from `low` to `high` seconds, both included; `Infinity` for no upper limit. */
export function seconds(low: number, high: number): NamedTest<number> {
  return {
    expected: high === Infinity ? `at least ${low} s` : `${low} to ${high} s`,
    test: (value) => value >= low && value <= high,
    received: (value) => `${value.toFixed(2)} s`,
  }
}

/** From the request's first byte until the answer's last, in seconds. */
export function answeredAfter({ startedAt, response }: Exchange): number {
  return ((response?.endedAt ?? Infinity) - startedAt) / 1000
}

/** A duration that was taken on a machine which may have stood still says nothing. */
export function requireTimed({ timed, request }: Exchange, by: string): void {
  if (timed) return
  throw new TypeError(
    `${by} judges how long ${request.method} ${request.target} took, which was not recorded within critical(…). Write critical(() => send(…)) in record().`,
  )
}
