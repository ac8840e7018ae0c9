import { jsonBody, scenario, secondsAfter, setCookie, type Exchange } from '#grader'

export const LIFETIME = 10
export const WATCHED = 15
/** Seconds around the end that count for nothing: a request is neither early nor late there. */
export const MARGIN = 0.5

export const firstAnswer = scenario('Chromium opens /start and looks into its jar', {
  async record({ newPage }) {
    const page = await newPage()
    const start = await page.open('/start')
    return { start: start.document, jar: await page.jar() }
  },
})

export const fifteenSeconds = scenario('Requests go on for 15 seconds', {
  async record({ newPage, watch, send }) {
    const page = await newPage()
    const { document: start } = await page.open('/start')
    const jar = await page.jar()
    const pings = await watch({
      path: '/ping',
      from: start,
      seconds: WATCHED,
      cookie: 'token',
      critical: [[LIFETIME - MARGIN - 1, LIFETIME + MARGIN + 1]],
    })
    const timeline = await send('/timeline')
    return { start, jar, pings, timeline, jarAfter: await page.jar() }
  },
})

export const secondStart = scenario(
  'Two seconds after a first visit /start is opened again, and a client without the cookie pings, too',
  {
    async record({ newPage, wait, send, exchanges }) {
      const page = await newPage()
      // By hand: a page would go on asking /ping while the second visit begins.
      await send('/start')
      await send('/ping')
      await wait(2)
      const { document: start } = await page.open('/start')
      await send('/ping')
      // Between two of the page's own: a whole number is no answer to when that was.
      await wait(1.5)
      await send('/ping')
      await wait(1)
      const timeline = await send('/timeline')
      // The page goes on asking: what left while the timeline was asked for may stand in it.
      return {
        start,
        pings: exchanges().filter(
          ({ request, startedAt }) =>
            request.path === '/ping' && startedAt >= (start?.startedAt ?? 0),
        ),
        timeline,
      }
    },
  },
)

export interface Entry {
  readonly sent: boolean
  readonly age: number
}

export interface Story {
  readonly start: Exchange | null
  readonly pings: readonly Exchange[]
  readonly timeline: Exchange | null
}

/** The list as it was told, whatever its members are. */
export function told(exchange: Exchange | null): Record<string, unknown>[] {
  const json = jsonBody(exchange?.response)
  return Array.isArray(json) ? json.filter((item) => typeof item === 'object' && item !== null) : []
}

export function entries(exchange: Exchange | null): Entry[] {
  return asEntries(jsonBody(exchange?.response))
}

export function asEntries(value: unknown): Entry[] {
  const isEntry = (item: unknown): item is Entry =>
    typeof item === 'object' &&
    item !== null &&
    'sent' in item &&
    'age' in item &&
    typeof item.age === 'number'
  return Array.isArray(value) && value.every(isEntry) ? value : []
}

export function ages(start: Exchange | null, pings: readonly Exchange[]): number[] {
  return pings.map((ping) =>
    start ? Math.round(secondsAfter(start, ping.startedAt) * 10) / 10 : 0,
  )
}

/** `MaxAge`, `Max_Age` or `Max-Age: 10`, as it was written. */
export function misspelt(start: Exchange | null): string | undefined {
  return setCookie(start, 'token')?.attributes.find(
    ({ name }) => /^max\W?_?age\b/i.test(name) && name.toLowerCase() !== 'max-age',
  )?.name
}

/** Seconds by which an age may be off. */
export const ROUNDING = 0.3

export function isPossibleAge(age: number, start: Exchange | null, ping: Exchange): boolean {
  const earliest = (ping.startedAt - (start?.response?.startedAt ?? 0)) / 1000
  const latest = ((ping.response?.startedAt ?? ping.startedAt) - (start?.startedAt ?? 0)) / 1000
  return age >= earliest - ROUNDING && age <= latest + ROUNDING
}

/** Whether the second left before the first was answered. */
export function areTogether(first: Exchange, second: Exchange): boolean {
  return (first.response?.endedAt ?? Infinity) > second.startedAt
}
