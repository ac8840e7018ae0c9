import { exchangeOf, type OnWire } from '../../types/helpers/on-wire.ts'

/**
 * Seconds from the moment the answer's first byte passed until `at` (milliseconds of the run's
 * clock).
 */
export function secondsAfter(answer: OnWire, at: number): number {
  const { response, startedAt } = exchangeOf(answer)
  return (at - (response?.startedAt ?? startedAt)) / 1000
}

/** `10.0`: for sentences, never for claims. */
export function inTenths(seconds: number): string {
  return seconds.toFixed(1)
}
