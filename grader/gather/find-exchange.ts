import type { Exchange } from '../types.ts'

/** Names the exchanges that one action of the browser caused, among all that crossed the wire. */
export interface ExchangeFinder {
  /** The highest id on the wire now: an action's exchanges come after it. */
  mark(): number
  /** The first exchange after the mark, not named before, with that method and target. */
  take(after: number, method: string, target: string): Exchange | undefined
}

export function createExchangeFinder(exchanges: () => Exchange[]): ExchangeFinder {
  const taken = new Set<number>()
  return {
    mark: () => exchanges().reduce((highest, { id }) => Math.max(highest, id), 0),
    take(after, method, target) {
      const isWanted = ({ id, request }: Exchange) => id > after && !taken.has(id) && request.method === method && request.target === target
      const found = exchanges().find(isWanted)
      if (found) taken.add(found.id)
      return found
    },
  }
}
