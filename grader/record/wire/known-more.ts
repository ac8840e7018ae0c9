import type { Exchange } from '../../types/index.ts'

// The same object every time, as the wire gives it: what was one exchange stays one.
const known = new WeakMap<Exchange, Exchange>()

/** The exchange with what else is known of it, which is the same whenever it is asked. */
export function knownMore(
  exchange: Exchange,
  more: Partial<Pick<Exchange, 'origin' | 'site' | 'protocol'>>,
): Exchange {
  const found = known.get(exchange) ?? { ...exchange, ...more }
  known.set(exchange, found)
  return found
}
