import type { Exchange } from '../recorded.ts'

/** Anything that crossed the wire: an exchange, or a fact that speaks of one. */
export type OnWire = Exchange | { readonly exchange: Exchange }

/** The exchange itself; null where nothing crossed the wire. */
export function exchangeOf(subject: OnWire): Exchange
export function exchangeOf(subject: OnWire | null | undefined): Exchange | null
export function exchangeOf(subject: OnWire | null | undefined): Exchange | null {
  if (!subject) return null
  return 'exchange' in subject ? subject.exchange : subject
}

/** Whether a value is an exchange, or a fact that speaks of one. */
export function isOnWire(value: unknown): value is OnWire {
  if (typeof value !== 'object' || value === null) return false
  return isExchange(value) || ('exchange' in value && isExchange(value.exchange))
}

function isExchange(value: unknown): value is Exchange {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'exchange'
}
