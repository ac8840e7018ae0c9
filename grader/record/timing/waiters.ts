import type { Subscribe } from './deadline.ts'

/** Everyone who waits for something that changes in many ways: one listener serves them all. */
export interface Waiters {
  readonly subscribe: Subscribe
  /** Has each of them look again. */
  ask(): void
}

export function createWaiters(): Waiters {
  const asks = new Set<() => void>()
  return {
    subscribe(ask) {
      asks.add(ask)
      return () => void asks.delete(ask)
    },
    ask: () => asks.forEach((ask) => ask()),
  }
}
