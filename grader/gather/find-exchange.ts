import type { Exchange } from '../types.ts'

/** Names the exchanges that one action of the browser caused, among all that crossed the wire. */
export interface ExchangeFinder {
  /** What is on the wire now: an action's exchanges come after it. */
  mark(): number
  /** The first exchange after the mark, not named before, with that method and target. */
  take(after: number, method: string, target: string): Exchange | undefined
}

export function createExchangeFinder(exchanges: () => Exchange[]): ExchangeFinder {
  const taken = new Set<number>()
  return {
    mark: () => exchanges().length,
    take(after, method, target) {
      const found = exchanges()
        .slice(after)
        .find((exchange) => !taken.has(exchange.id) && exchange.request.method === method && exchange.request.target === target)
      if (found) taken.add(found.id)
      return found
    },
  }
}
