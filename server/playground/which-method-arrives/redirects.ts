/** The five redirects (RFC 9110, 15.4). */
export const statuses = [301, 302, 303, 307, 308] as const
export type RedirectStatus = (typeof statuses)[number]

/** What is sent to an old address. POST and PUT carry content. */
export const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const
export type RedirectedMethod = (typeof methods)[number]

/** A request as it came to the server, at an old address or at a new one. */
export interface Arrival {
  readonly at: 'old' | 'new'
  readonly method: string
  readonly content: string
}

/** What came of one method with one status: it was sent twice to the same old address. */
export interface Cell {
  readonly sent: RedirectedMethod
  /** The method with which it arrived at the new address; null when nothing arrived. */
  readonly arrived: string | null
  /** Whether content came along. */
  readonly withContent: boolean
  /** The second time: was the old address asked again? null when nothing arrived. */
  readonly second: 'asked' | 'skipped' | null
}

/** `arrivals`: of this method's own old and new address, in the order they came. */
export function cellOf(sent: RedirectedMethod, arrivals: readonly Arrival[]): Cell {
  // Each visit ends at the new address.
  const end = arrivals.findIndex(({ at }) => at === 'new')
  const first = arrivals[end]
  const second = end === -1 ? [] : arrivals.slice(end + 1)
  return {
    sent,
    arrived: first?.method ?? null,
    withContent: (first?.content ?? '') !== '',
    second: second.some(({ at }) => at === 'new')
      ? second[0]!.at === 'old'
        ? 'asked'
        : 'skipped'
      : null,
  }
}

export function hasContent(method: RedirectedMethod): boolean {
  return method === 'POST' || method === 'PUT'
}

export function isRedirect(status: unknown): status is RedirectStatus {
  return (statuses as readonly unknown[]).includes(status)
}
