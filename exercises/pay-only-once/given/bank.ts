import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

export interface Payment {
  /** `pay-1-9f86d081`: the first charge since the program began. */
  readonly paymentId: string
  /** In cents. */
  readonly amount: number
}

const charges: Payment[] = []
const amountsThatFailed = new Set<number>()

/**
 * Charges the customer's card, and writes the charge into the ledger. Takes 150 ms. It rejects when
 * the bank can't be reached, and then nothing was charged: so it is the first time for each amount
 * that ends in 13.
 */
export async function charge(amount: number): Promise<Payment> {
  await setTimeout(150)
  if (amount % 100 === 13 && !amountsThatFailed.has(amount)) {
    amountsThatFailed.add(amount)
    throw new Error('The bank could not be reached. Nothing was charged.')
  }
  const paymentId = `pay-${charges.length + 1}-${randomBytes(4).toString('hex')}`
  const payment = { paymentId, amount }
  charges.push(payment)
  return payment
}

/** Every charge that was made, the first one first. */
export function ledger(): readonly Payment[] {
  return charges
}
