import type { Exchange } from '../index.ts'

const SOON_MS = 2000

/**
 * A program may close a connection that has answered before in the moment in which the next request
 * comes over it. A browser then sends that request again over another connection, and nobody has
 * lost anything (RFC 9112 §9.3.1): the first try counts for nothing.
 */
export function wasTriedAgain(exchange: Exchange, all: readonly Exchange[]): boolean {
  if (exchange.response || exchange.garbage || exchange.cut === null) return false
  const reused = all.some(
    (other) => other.connection === exchange.connection && other.startedAt < exchange.startedAt,
  )
  return (
    reused &&
    all.some(
      (other) =>
        isSame(other, exchange) &&
        hasSameFields(other, exchange) &&
        other.connection !== exchange.connection &&
        isSoonAfter(other, exchange),
    )
  )
}

/** Whether both ask for the same. */
export function isSame({ request: a }: Exchange, { request: b }: Exchange): boolean {
  return a.method === b.method && a.target === b.target
}

/** A browser changes nothing in what it sends again by itself. */
function hasSameFields({ request: a }: Exchange, { request: b }: Exchange): boolean {
  return String(a.headers) === String(b.headers)
}

export function isSoonAfter(later: Exchange, exchange: Exchange): boolean {
  const ms = later.startedAt - exchange.startedAt
  return ms >= 0 && ms <= SOON_MS
}
