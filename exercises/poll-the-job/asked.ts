import { field, hasStatus, isAnswered, json, sentField, type Exchange } from '#grader'

/** What the page's script asked for about the first job that it ordered. */
export interface Asked {
  readonly orders: readonly Exchange[]
  /** Every question about the job. */
  readonly polls: readonly Exchange[]
  /** Requests for the report that the job led to. */
  readonly reports: readonly Exchange[]
  /** Everything else, the page and its modules excepted. */
  readonly others: readonly Exchange[]
  /** The path of the job; undefined where nothing was ordered. */
  readonly job: string | undefined
}

/** From an answer about the job to the next question. */
export interface Pause {
  /** `202, Retry-After: 1` */
  readonly name: string
  /** The one whose answer said how long to wait. */
  readonly exchange: Exchange
  readonly seconds: number
  readonly retryAfter: number
}

export function isOrder({ request }: Exchange): boolean {
  return request.method === 'POST' && request.path === '/reports'
}

/** What somebody sends who takes the address of the orders for the job's. */
export function isOrderByGet({ request }: Exchange): boolean {
  return request.method === 'GET' && request.path === '/reports'
}

export function asAsked(exchanges: readonly Exchange[]): Asked {
  const byScript = exchanges.filter((each) => sentField(each, 'Sec-Fetch-Dest') === 'empty')
  const orders = byScript.filter(isOrder)
  const job = ledTo(orders[0])
  const polls = byScript.filter(asks(job))
  const reports = byScript.filter(asks(polls.map(ledTo).find((path) => path !== undefined)))
  const known = new Set([...orders, ...polls, ...reports])
  return { orders, polls, reports, job, others: byScript.filter((each) => !known.has(each)) }
}

/** Whether the page knows how its job ended. */
export function isOver({ polls, reports }: Asked): boolean {
  return reports.some(isAnswered) || polls.some(hasFailed)
}

export function hasFailed(exchange: Exchange): boolean {
  const value = json(exchange)
  return (
    hasStatus(200)(exchange) &&
    typeof value === 'object' &&
    value !== null &&
    'state' in value &&
    value.state === 'failed'
  )
}

/** Orders that were sent before the job of the first was known to be over. */
export function ordersBefore({ orders }: Asked, end: Exchange | undefined): Exchange[] {
  const over = end?.response?.startedAt ?? Infinity
  return orders.filter(({ startedAt }) => startedAt < over)
}

/** Questions about the job that came when its end was known already. */
export function pollsAfter({ polls }: Asked, end: Exchange | undefined): Exchange[] {
  const over = end?.response?.startedAt ?? Infinity
  return polls.filter(({ startedAt }) => startedAt > over)
}

/**
 * The pauses that the service had asked for. Each is counted from where the answer passed the
 * recorder, before the page had it, so whatever the machine does makes it longer, never shorter.
 */
export function pausesIn({ orders, polls }: Asked): Pause[] {
  const told = [...orders.slice(0, 1), ...polls]
  return polls.flatMap((next, index) => {
    const exchange = told[index]!
    const { response } = exchange
    const retryAfter = Number(field(exchange, 'Retry-After'))
    if (!response || !retryAfter) return []
    const seconds = (next.startedAt - response.startedAt) / 1000
    return [
      { name: `${response.status}, Retry-After: ${retryAfter}`, exchange, seconds, retryAfter },
    ]
  })
}

/** What the page was told about its job in the end. */
export function lastTold({ polls }: Pick<Asked, 'polls'>): string {
  const last = polls.findLast(isAnswered)
  if (!last) return 'nothing'
  if (hasFailed(last)) return FAILED
  if (hasStatus(303)(last)) return MADE
  return hasStatus(503)(last) ? 'the service is busy' : 'it is running'
}

export const FAILED = 'it failed'
export const MADE = 'the report is made'

export function nameOf({ request }: Exchange): string {
  return `${request.method} ${request.target}`
}

/** The path in Location. */
function ledTo(exchange: Exchange | undefined): string | undefined {
  const location = field(exchange, 'Location')
  return location === undefined ? undefined : new URL(location, 'http://localhost').pathname
}

function asks(path: string | undefined): (exchange: Exchange) => boolean {
  return ({ request }) => request.method === 'GET' && request.path === path
}
