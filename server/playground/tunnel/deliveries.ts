import type { Exchange } from '../../../grader/types/index.ts'
import type { Payment } from './shop.ts'

/** A request for a payment that reached the shop, and what became of it. */
export interface Delivery extends Payment {
  /** Who had it sent: a click, a later click for the same lamp, or the browser by itself. */
  readonly by: 'click' | 'click again' | 'browser'
  /** Since the first one, in milliseconds. */
  readonly afterMs: number
  /** Whether its connection had carried another request before. */
  readonly reused: boolean
}

/**
 * What was recorded of the payments of one lamp. `clicks`: for each click how many payments had
 * come before it. `exchanges`: all of the shop's, so that a used connection can be told from a new
 * one.
 */
export function deliveriesOf({
  exchanges,
  payments,
  clicks,
  isPayment,
}: {
  exchanges: readonly Exchange[]
  payments: readonly Payment[]
  clicks: readonly number[]
  isPayment: (exchange: Exchange) => boolean
}): Delivery[] {
  const requests = exchanges.filter(isPayment)
  return payments.flatMap((payment, index) => {
    const exchange = requests[index]
    if (!exchange) return []
    const first = exchanges.find(({ connection }) => connection === exchange.connection)
    const isOfClick = clicks.includes(index)
    return {
      ...payment,
      by: index === 0 ? 'click' : isOfClick ? 'click again' : 'browser',
      afterMs: exchange.startedAt - requests[0]!.startedAt,
      reused: first !== exchange,
    }
  })
}
