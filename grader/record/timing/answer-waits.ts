import type { Exchange } from '../../types/index.ts'
import type { Clock } from './clock.ts'

/**
 * How long answers were waited for that did not come: until somebody gave up, or the scenario was
 * over.
 */
export function createAnswerWaits(clock: Clock) {
  const waited = new Map<number, number>()
  return {
    giveUp: ({ id, startedAt }: Exchange) => void waited.set(id, clock.now() - startedAt),
    of: ({ id, startedAt }: Exchange) => Math.round(waited.get(id) ?? clock.now() - startedAt),
  }
}
