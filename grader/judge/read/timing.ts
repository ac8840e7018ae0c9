import type { Exchange } from '../../types/index.ts'

/**
 * Seconds from the moment the answer's first byte passed until `at` (milliseconds of the run's
 * clock).
 */
export function secondsAfter(answer: Exchange, at: number): number {
  return (at - (answer.response?.startedAt ?? answer.startedAt)) / 1000
}

/** The exchanges whose request left within these seconds after the answer (both ends included). */
export function leftBetween(
  exchanges: readonly Exchange[],
  answer: Exchange,
  from: number,
  to: number,
): Exchange[] {
  return exchanges.filter((exchange) => {
    const seconds = secondsAfter(answer, exchange.startedAt)
    return seconds >= from && seconds <= to
  })
}
