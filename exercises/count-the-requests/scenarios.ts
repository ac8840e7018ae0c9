import { jsonBody, scenario, type Exchange } from '#grader'

export const visits = scenario(
  'Chromium opens the page, comes back with a query, and a second visitor follows',
  {
    async record({ newPage, send, exchanges, random }) {
      const page = await newPage('the first visitor')
      const visit = await page.open('/')
      const color = await page.evaluate(
        "getComputedStyle(document.querySelector('h1') ?? document.body).color",
      )
      const title = await page.evaluate('document.title')
      const width = await page.evaluate("document.querySelector('img')?.naturalWidth ?? 0")
      const again = await page.open(`/?from=${random.word()}`)
      const againTitle = await page.evaluate('document.title')
      const nowhere = await send({
        method: 'POST',
        path: `/${random.word()}/${random.word()}?page=${random.integer(2, 9)}`,
        body: random.word(),
      })
      const versioned = await send(`/style.css?v=${random.integer(2, 9)}`)
      // A browser without a window does not ask for it by itself.
      const icon = await send('/favicon.ico')
      const log = await send('/log')
      const { exchange: samePlaceLog } = await page.fetch(`/log?from=${random.word()}`)
      const wire = exchanges({ icons: true })
      const stranger = await newPage('the second visitor')
      const secondVisit = await stranger.open('/')
      const laterLog = await send('/log')
      return {
        visit: visit.document,
        color,
        title,
        width,
        again: again.document,
        againTitle,
        nowhere,
        versioned,
        icon,
        log,
        samePlaceLog,
        wire,
        secondVisit: secondVisit.document,
        laterLog,
        laterWire: exchanges({ icons: true }),
      }
    },
  },
)

export function isLog(value: unknown): value is { method: string; path: string }[] {
  return (
    Array.isArray(value) &&
    value.every((entry) => typeof entry?.method === 'string' && typeof entry.path === 'string')
  )
}

/** `GET /style.css`, one for each entry. */
export function entriesIn(log: Exchange | null): string[] {
  const list = jsonBody(log?.response)
  return isLog(list) ? list.map(({ method, path }) => `${method} ${path}`) : []
}

export function entryOf({ request }: Exchange): string {
  return `${request.method} ${request.path}`
}

export function aboutTheLog(log: Exchange | null): string[] {
  return entriesIn(log).filter((entry) => entry.endsWith(' /log'))
}

export function inWords(entries: readonly string[]): string {
  return entries.toSorted().join(', ') || 'none'
}

/**
 * What a log owes: the requests that were answered before it was asked for. Those under way at that
 * moment may be in it or not.
 */
export function compare(
  entries: readonly string[],
  wire: readonly Exchange[],
  log: Exchange,
): { missing: string[]; surplus: string[]; swapped: string } {
  const requests = loggedBy(wire, log)
  const open = [...requests]
  const matched: Exchange[] = []
  const surplus: string[] = []
  for (const entry of entries) {
    const index = open.findIndex((exchange) => entryOf(exchange) === entry)
    if (index === -1) surplus.push(entry)
    else matched.push(...open.splice(index, 1))
  }
  const missing = open.filter((exchange) => wasAnsweredBefore(exchange, log)).map(entryOf)
  return { missing, surplus, swapped: swappedIn(matched) }
}

/** Requests for the log itself aside. */
export function loggedBy(wire: readonly Exchange[], log: Exchange): Exchange[] {
  return wire.filter(
    ({ request, startedAt }) =>
      request.path !== '/log' && startedAt <= (log.response?.endedAt ?? log.startedAt),
  )
}

function wasAnsweredBefore({ response }: Exchange, later: Exchange): boolean {
  return response !== null && response.complete && response.endedAt < later.startedAt
}

/**
 * Two entries are in the wrong order when the later one had been answered before the earlier one
 * came.
 */
function swappedIn(logged: readonly Exchange[]): string {
  for (const [index, exchange] of logged.entries()) {
    const before = logged.slice(index + 1).find((other) => wasAnsweredBefore(other, exchange))
    if (before) return `${entryOf(exchange)} before ${entryOf(before)}`
  }
  return 'none'
}

export function wasGiven(entry: string, status: number, wire: readonly Exchange[]): boolean {
  return wire.some(
    (exchange) => entryOf(exchange) === entry && exchange.response?.status === status,
  )
}

export function missingIn(log: Exchange | null, wire: readonly Exchange[]): string[] {
  return log && isLog(jsonBody(log.response)) ? compare(entriesIn(log), wire, log).missing : []
}
