import {
  hasStatus,
  isAnswered,
  json,
  matching,
  path,
  present,
  scenario,
  table,
  type Exchange,
  type Exhibit,
} from '#grader'

export const visits = scenario(
  'Chromium opens the page, comes back with a query, and a second visitor follows',
  {
    async record({ newPage, send, exchanges, random }) {
      const page = await newPage('the first visitor')
      const { document: visit } = await page.open('/')
      const color = await page.evaluate(
        "getComputedStyle(document.querySelector('h1') ?? document.body).color",
      )
      const title = await page.evaluate('document.title')
      const width = await page.evaluate("document.querySelector('img')?.naturalWidth ?? 0")
      const { document: again } = await page.open(`/?from=${random.word()}`)
      const titleAgain = await page.evaluate('document.title')
      const nowhere = await send({
        method: 'POST',
        path: `/${random.word()}/${random.word()}?page=${random.integer(2, 9)}`,
        body: random.word(),
      })
      const versioned = await send(`/style.css?v=${random.integer(2, 9)}`)
      // A browser without a window does not ask for it by itself.
      const icon = await send('/favicon.ico')
      const log = await send('/log')
      const { exchange: logInPage } = await page.fetch(`/log?from=${random.word()}`)
      const stranger = await newPage('the second visitor')
      const { document: secondVisit } = await stranger.open('/')
      const laterLog = await send('/log')
      return {
        visit,
        color,
        title,
        width,
        again,
        titleAgain,
        nowhere,
        versioned,
        icon,
        log,
        logInPage,
        secondVisit,
        laterLog,
        wire: exchanges({ icons: true }),
      }
    },
    facts: ({ wire, ...recorded }) => {
      const part = (name: string) => wire.find((exchange) => path(exchange) === name) ?? null
      const log = present(recorded.log, 'GET /log')
      const laterLog = present(recorded.laterLog, 'GET /log')
      const { logInPage, secondVisit } = recorded
      return {
        ...recorded,
        style: part('/style.css'),
        script: part('/app.js'),
        logo: part('/logo.svg'),
        log: asLog(log, wire),
        laterLog: asLog(laterLog, wire),
        // The same two, as if a log were for one connection, or for one visit.
        logOfConnection: logInPage && asLog(logInPage, wire.filter(isOnConnectionOf(logInPage))),
        logOfSecondVisit: asLog(laterLog, wire.filter(isSince(secondVisit))),
      }
    },
  },
)

/** A list that /log gave, and the requests on the wire that belong in it. */
export interface Log extends Comparison {
  readonly exchange: Exchange
  /** `GET /style.css`, one for each entry. */
  readonly entries: readonly string[]
  readonly requests: readonly Exchange[]
}

interface Comparison {
  /** Answered before the log was asked for, but not in it; others may be in it or not. */
  readonly missing: readonly string[]
  /** In the log, but not on the wire. */
  readonly surplus: readonly string[]
  /** `GET /app.js before GET /`: two in the wrong order. */
  readonly swapped: string | undefined
}

function asLog(exchange: Exchange, wire: readonly Exchange[]): Log {
  const list = json(exchange)
  const entries = isLog(list) ? list.map(({ method, path }) => `${method} ${path}`) : []
  const end = exchange.response?.endedAt ?? exchange.startedAt
  const requests = wire.filter((each) => path(each) !== '/log' && each.startedAt <= end)
  return { exchange, entries, requests, ...compare(entries, requests, exchange) }
}

function compare(
  entries: readonly string[],
  requests: readonly Exchange[],
  log: Exchange,
): Comparison {
  const open = [...requests]
  const matched: Exchange[] = []
  const surplus: string[] = []
  for (const entry of entries) {
    const index = open.findIndex((request) => inWords(request) === entry)
    if (index === -1) surplus.push(entry)
    else matched.push(...open.splice(index, 1))
  }
  const missing = open.filter((request) => wasAnsweredBefore(request, log)).map(inWords)
  return { missing, surplus, swapped: swappedIn(matched) }
}

/**
 * Two entries are in the wrong order when the later one had been answered before the earlier one
 * came.
 */
function swappedIn(logged: readonly Exchange[]): string | undefined {
  for (const [index, exchange] of logged.entries()) {
    const earlier = logged.slice(index + 1).find((other) => wasAnsweredBefore(other, exchange))
    if (earlier) return `${inWords(exchange)} before ${inWords(earlier)}`
  }
  return undefined
}

function wasAnsweredBefore(exchange: Exchange, later: Exchange): boolean {
  return isAnswered(exchange) && (exchange.response?.endedAt ?? Infinity) < later.startedAt
}

function inWords({ request }: Exchange): string {
  return `${request.method} ${request.path}`
}

function isOnConnectionOf(log: Exchange): (exchange: Exchange) => boolean {
  return ({ connection }) => connection === log.connection
}

function isSince(visit: Exchange | null): (exchange: Exchange) => boolean {
  return ({ startedAt }) => startedAt >= (visit?.startedAt ?? Infinity)
}

export const aListOfRequests = matching('a list of {"method": …, "path": …}', isLog)

function isLog(value: unknown): value is { method: string; path: string }[] {
  return (
    Array.isArray(value) &&
    value.every((entry) => typeof entry?.method === 'string' && typeof entry.path === 'string')
  )
}

export function isComplete({ missing, surplus }: Log): boolean {
  return missing.length === 0 && surplus.length === 0
}

/** Whether only its order is wrong, and right from the end to the beginning. */
export function isReversed({ entries, requests, exchange, swapped }: Log): boolean {
  const { swapped: fromTheEnd } = compare(entries.toReversed(), requests, exchange)
  return swapped !== undefined && fromTheEnd === undefined
}

export function aboutItself({ entries }: Log): string[] {
  return entries.filter((entry) => entry.endsWith(' /log'))
}

/** Whether a request in these words was answered with that status. */
export function wasGiven(status: number, { requests }: Log): (entry: string) => boolean {
  return (entry) =>
    requests.some((request) => inWords(request) === entry && hasStatus(status)(request))
}

/** Each request once, in alphabetical order: how often it crossed the wire, and is in the log. */
export function counted(title: string, { requests, entries }: Log): Exhibit {
  const onWire = requests.map(inWords)
  const rows = [...new Set([...onWire, ...entries])]
    .toSorted()
    .map((request) => [request, count(request, onWire), count(request, entries)])
  return table(title, ['request', 'on the wire', 'in your log'], rows)
}

function count(wanted: string, list: readonly string[]): string {
  return String(list.filter((each) => each === wanted).length)
}
