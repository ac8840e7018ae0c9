import { json, matching, sentField, status, type Exchange } from '#grader'

export interface Payment {
  readonly paymentId: string
  readonly amount: number
}

/** A request of a scenario: how a reader knows it, and what came of it. */
export interface Sent {
  readonly name: string
  readonly exchange: Exchange | null
  readonly payment: Payment | undefined
}

export function asSent(name: string, exchange: Exchange | null): Sent {
  return { name, exchange, payment: paymentIn(exchange) }
}

export function isPost({ request }: Exchange): boolean {
  return request.method === 'POST' && request.path === '/payments'
}

/** The payment that an answer speaks of; undefined when it speaks of none. */
export function paymentIn(exchange: Exchange | null): Payment | undefined {
  const content = json(exchange)
  return isPayment(content) ? content : undefined
}

/** The charges that GET /ledger lists; undefined when it gave no such list. */
export function chargesIn(ledger: Exchange | null): readonly Payment[] | undefined {
  const list = json(ledger)
  return Array.isArray(list) && list.every(isPayment) ? list : undefined
}

/** Those of that amount: each payment of a scenario has another one. */
export function chargesOf(
  amount: number,
  charges: readonly Payment[] | undefined,
): readonly Payment[] | undefined {
  return charges?.filter((charge) => charge.amount === amount)
}

/** `2 charges of 1205` */
export function inWords(charges: readonly Payment[] | undefined): string {
  if (charges === undefined) return 'no list of charges'
  if (charges.length === 0) return 'no charge'
  return `${charges.length === 1 ? '1 charge' : `${charges.length} charges`} of ${charges[0]?.amount}`
}

/** `1 charge more` */
export function added(
  before: readonly Payment[] | undefined,
  after: readonly Payment[] | undefined,
): string {
  if (before === undefined || after === undefined) return 'no list of charges'
  const count = after.length - before.length
  return count === 0 ? 'no charge more' : `${count} ${count === 1 ? 'charge' : 'charges'} more`
}

/** Which charges are not listed, by the numbers that the bank gave them: `2, 3`, or `none`. */
export function missing(charges: readonly Payment[] | undefined): string {
  if (charges === undefined) return 'unknown, because /ledger gave no list of charges'
  const numbers = charges.map(({ paymentId }) => Number(/^pay-(\d+)-/.exec(paymentId)?.[1]))
  const all = Array.from({ length: Math.max(0, ...numbers) }, (_, index) => index + 1)
  return all.filter((number) => !numbers.includes(number)).join(', ') || 'none'
}

export function keyOf(exchange: Exchange | null): string {
  return sentField(exchange, 'Idempotency-Key') ?? 'none'
}

/** `201 with pay-1-9f86d081`, `201 without a payment`, `409` */
export function answerInWords(exchange: Exchange | null): string {
  const payment = paymentIn(exchange)
  if (payment) return `${status(exchange)} with ${payment.paymentId}`
  return `${status(exchange) ?? 'none'}${isSuccess(exchange) ? ' without a payment' : ''}`
}

export function isSuccess(exchange: Exchange | null): boolean {
  const code = status(exchange) ?? 0
  return code >= 200 && code < 300
}

/** What a claim expects of an answer's JSON; more members may be there. */
export function paymentOf(amount: number) {
  return matching(
    `a paymentId and the amount ${amount}`,
    (value: Partial<Payment> | null) =>
      typeof value?.paymentId === 'string' && value.amount === amount,
  )
}

export function isRefused(exchange: Exchange | null): boolean {
  const code = status(exchange) ?? 0
  return code >= 400 && code < 500
}

function isPayment(value: unknown): value is Payment {
  if (typeof value !== 'object' || value === null) return false
  const { paymentId, amount } = value as Partial<Payment>
  return typeof paymentId === 'string' && typeof amount === 'number'
}
