import { field, hasStatus, matching, sentField, type Exchange } from '#grader'

/** An old address that was asked for. */
export interface Redirect {
  readonly exchange: Exchange
  /**
   * Where its Location leads: `/orders`, without the query; the whole address where it leaves the
   * server that the visitor had come to; `nowhere` where there is no Location.
   */
  readonly leads: string
  /** The query of its Location: `?p=2`, or empty. */
  readonly query: string
  /** The new address: `/orders`. */
  readonly moved: string
}

/** Reads the Location of an answer as a client does, from the address that was asked for. */
export function asRedirect(exchange: Exchange, moved: string): Redirect {
  const asked = new URL(exchange.request.target, `http://${sentField(exchange, 'Host')}`)
  const location = field(exchange, 'Location')
  const place = location === undefined ? null : URL.parse(location, asked.href)
  if (place === null) return { exchange, leads: 'nowhere', query: '', moved }
  const leads = place.origin === asked.origin ? place.pathname : place.href
  return { exchange, leads, query: place.search, moved }
}

export const isRedirect = hasStatus(301, 302, 303, 307, 308)

/** What the standard calls permanent (RFC 9110 §15.4.2, §15.4.9). */
export const isForGood = hasStatus(301, 308)

/** What keeps the method (RFC 9110 §15.4.8, §15.4.9). */
export const keepsMethod = hasStatus(307, 308)

export const aRedirect = oneOf([301, 302, 303, 307, 308], '301, 302, 303, 307 or 308')
// The words leave the number to the learner: to find it is the task.
export const forGood = oneOf([301, 308], 'one that means “for good”')
export const keepingPostForGood = oneOf([308], 'one that means “for good” and keeps the method')
export const thenGet = oneOf([303], 'one that means “a GET comes next”')
// No client keeps a 303 for a GET, so it does what the task says of /today.
export const forNow = oneOf([302, 303, 307], 'one that means “for now”')

function oneOf(codes: readonly number[], words: string) {
  return matching(words, (code: number | undefined) => code !== undefined && codes.includes(code))
}

/** What a request brought: `POST /orders with item=lamp`, without the address's query. */
export function inWords(exchange: Exchange | null, asIf = exchange?.request.path): string {
  if (exchange === null) return 'no request'
  const { method, body } = exchange.request
  const content = Buffer.from(body).toString('utf8')
  return `${method} ${asIf} ${content === '' ? 'without content' : `with ${content}`}`
}
