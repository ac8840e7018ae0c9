import express, { Router } from 'express'
import { isFromItsPage } from '../framed-site/framed-site.ts'

/** What the shop did with a request for a payment, in the order they came. */
export interface Payment {
  /** The number of the order that the answer is about. */
  readonly order: number
  /** Whether money was taken: not for a key that was known. */
  readonly charged: boolean
  readonly key: string | undefined
  /** Whether it was answered. Otherwise its connection was cut instead. */
  readonly answered: boolean
}

export interface Shop {
  readonly site: Router
  payments(): readonly Payment[]
}

/** What one lamp costs, in euros. */
export const PRICE = 49

/** How many payments are taken at most: more can only come from a script. */
const MOST_PAYMENTS = 20

/**
 * The lamp shop of the lesson on POST, for one visitor. It takes money for each POST, except for
 * one whose idempotency key it knows: that gets the answer of the first one again. `cutsFirst`: the
 * connection of the first payment ends once the money is taken, and no byte of an answer leaves.
 */
export function createShop({ cutsFirst }: { cutsFirst: boolean }): Shop {
  const payments: Payment[] = []
  const known = new Map<string, number>()
  let orders = 0
  const site = Router()
  site.post('/payments', express.text({ type: () => true, limit: 200 }), (request, response) => {
    if (!isFromItsPage(request) || payments.length >= MOST_PAYMENTS)
      return void response.status(403).end()
    const key = request.get('Idempotency-Key')
    const before = key === undefined ? undefined : known.get(key)
    const order = before ?? ++orders
    if (key !== undefined) known.set(key, order)
    const answered = !cutsFirst || payments.length > 0
    payments.push({ order, charged: before === undefined, key, answered })
    if (!answered) return void request.socket.destroy()
    response.status(201).location(`/receipts/${order}`).json({ id: order, amount: PRICE })
  })
  return { site, payments: () => payments }
}
