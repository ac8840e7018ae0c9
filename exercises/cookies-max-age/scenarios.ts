import {
  inTenths,
  json,
  matching,
  present,
  scenario,
  secondsAfter,
  sendsCookie,
  setCookie,
  type Exchange,
  type Jar,
  type Matcher,
  type SetCookie,
} from '#grader'

export const LIFETIME = 10
export const WATCHED = 15
/** Seconds around the end that count for nothing: a request is neither early nor late there. */
export const MARGIN = 0.5
/** Seconds by which an age may be off. */
const ROUNDING = 0.3

export const firstAnswer = scenario('Chromium opens /start and looks into its jar', {
  async record({ newPage }) {
    const page = await newPage()
    const { document } = await page.open('/start')
    return { document, jar: await page.jar() }
  },
  facts: ({ document, jar }) => {
    const start = present(document, 'GET /start')
    const token = setCookie(start, 'token')
    return { start, jar, token, maxAge: token?.maxAge, lateness: lateness(start, jar) }
  },
})

export const fifteenSeconds = scenario('Requests go on for 15 seconds', {
  async record({ newPage, watch, send }) {
    const page = await newPage()
    const { document } = await page.open('/start')
    const jar = await page.jar()
    const pings = await watch({
      path: '/ping',
      from: document,
      seconds: WATCHED,
      cookie: 'token',
      critical: [[LIFETIME - MARGIN - 1, LIFETIME + MARGIN + 1]],
    })
    const timeline = await send('/timeline')
    return { document, jar, pings, timeline, jarAfter: await page.jar() }
  },
  facts: ({ document, jar, pings, timeline, jarAfter }) => {
    const start = present(document, 'GET /start')
    return { ...story(start, pings, timeline), jar, jarAfter, end: endOfLife(start, jar) }
  },
})

export const secondStart = scenario(
  'Two seconds after a first visit /start is opened again, and clients without the cookie ping',
  {
    async record({ newPage, wait, send, exchanges }) {
      const page = await newPage()
      // By hand: a page would go on asking /ping while the second visit begins.
      await send('/start')
      await send('/ping')
      await wait(2)
      const { document } = await page.open('/start')
      await send('/ping')
      // Between two pings of the page: whole seconds cannot say when that was.
      await wait(1.5)
      await send({ path: '/ping', headers: [['Cookie', 'tokens=1; xtoken=2']] })
      await wait(1)
      const timeline = await send('/timeline')
      return { document, timeline, exchanges: exchanges() }
    },
    facts: ({ document, timeline, exchanges }) => {
      const start = present(document, 'the second GET /start')
      const isLater = ({ request, startedAt }: Exchange) =>
        request.path === '/ping' && startedAt >= start.startedAt
      return story(start, exchanges.filter(isLater), timeline)
    },
  },
)

/** One request to /ping. */
export interface Ping {
  readonly exchange: Exchange
  /** Seconds after the answer to /start: exact, for claims. */
  readonly at: number
  /** `3.0`: the same, for sentences. */
  readonly second: string
  /** Whether the request carried token. */
  readonly sent: boolean
  /** What /ping answered, as JSON; undefined when it isn't JSON. */
  readonly answer: unknown
}

/** What the wire saw since /start, and what the learner's timeline says about it. */
export interface Story {
  readonly start: Exchange
  readonly pings: readonly Ping[]
  /** Those answered before the timeline was asked for: they have to be in it. */
  readonly certain: readonly Ping[]
  readonly timeline: Exchange | null
  /** The objects in the timeline's list, whatever their members are. */
  readonly listed: readonly Record<string, unknown>[]
  /** The same list when each member has the right type; else empty. */
  readonly entries: readonly Entry[]
}

/** One entry of the timeline. */
export interface Entry {
  readonly sent: boolean
  /** Seconds. */
  readonly age: number
}

function story(start: Exchange, asked: readonly Exchange[], timeline: Exchange | null): Story {
  const pings = asked.map((exchange) => {
    const at = secondsAfter(start, exchange.startedAt)
    const sent = sendsCookie('token')(exchange)
    return { exchange, at, second: inTenths(at), sent, answer: json(exchange) }
  })
  const until = timeline?.startedAt ?? 0
  const certain = pings.filter(({ exchange }) => endOf(exchange) <= until)
  const list = json(timeline)
  return { start, pings, certain, timeline, listed: asObjects(list), entries: asEntries(list) }
}

/** When its answer was complete; never, when none came. */
function endOf({ response }: Exchange): number {
  return response?.endedAt ?? Infinity
}

/**
 * Seconds between the answer and the look into the jar: Chromium began to count the lifetime at
 * some moment in between.
 */
function lateness(start: Exchange, jar: Jar): number {
  return Math.max(0, secondsAfter(start, jar.at))
}

/**
 * Seconds after the answer at which the cookie ends: by Max-Age, or by the jar when Chromium began
 * to count later.
 */
function endOfLife(start: Exchange, jar: Jar): number {
  const latest = LIFETIME + lateness(start, jar)
  const ends = jar.cookies.flatMap(({ name, expiresAt }) => (name === 'token' && expiresAt) || [])
  // Read after that, the jar has lost it: then only the latest moment is known.
  const [end = latest] = ends.map((at) => secondsAfter(start, at))
  return Math.max(LIFETIME, Math.min(end, latest))
}

/** A lifetime of ten seconds in the jar; Chromium may have begun to count `lateness` later. */
export function tenSeconds(lateness: number): Matcher<number | null> {
  const latest = LIFETIME + 1 + lateness
  return matching('9 to 11', (life) => life !== null && life >= LIFETIME - 1 && life <= latest)
}

/**
 * One entry per ping, in order: was the cookie there, and how long after /start. A ping that was
 * under way when the timeline was asked for may be in it or not, and two pings that were under way
 * together may come in either order.
 */
export function sameStory({ start, pings, certain }: Story): Matcher<unknown> {
  const words = JSON.stringify(pings.map(({ sent, second }) => ({ sent, age: Number(second) })))
  return matching(words, (list: unknown) => {
    const entries = asEntries(list)
    const left = [...pings]
    const isNext = ({ sent, age }: Entry) => {
      const index = left.findIndex((ping) => ping.sent === sent && isPossibleAge(age, start, ping))
      const [ping] = index === -1 ? [] : left.splice(index, 1)
      return ping !== undefined && left.slice(0, index).every((each) => areTogether(each, ping))
    }
    const isWhole = entries.length >= certain.length && entries.length <= pings.length
    return certain.length > 0 && isWhole && entries.every(isNext)
  })
}

/**
 * The program's two clock readings happened between a request's passing and its answer's: so an age
 * has bounds, however busy the machine.
 */
function isPossibleAge(age: number, start: Exchange, { exchange, at }: Ping): boolean {
  const answered = exchange.response?.startedAt ?? exchange.startedAt
  const latest = (answered - start.startedAt) / 1000
  return age >= at - ROUNDING && age <= latest + ROUNDING
}

/** Whether the second left before the first was answered. */
function areTogether(first: Ping, second: Ping): boolean {
  return endOf(first.exchange) > second.exchange.startedAt
}

/** An answer that the timeline lists, with the same values. */
export function listedIn(entries: readonly Entry[]): Matcher<unknown> {
  const words = `an entry of your timeline: ${JSON.stringify(entries)}`
  return matching(words, (answer: unknown) => isListed(answer, entries))
}

export function isListed(answer: unknown, entries: readonly Entry[]): boolean {
  return (
    isEntry(answer) && entries.some(({ sent, age }) => answer.sent === sent && answer.age === age)
  )
}

/** A ping without token that the timeline lists as one with it. */
export function wronglySent({ pings, entries }: Story): Ping | undefined {
  const truly = pings.filter(({ sent }) => sent).length
  if (entries.filter(({ sent }) => sent).length <= truly) return undefined
  return pings.find(({ sent }, index) => !sent && entries[index]?.sent === true)
}

export function isNewestFirst(entries: readonly Entry[]): boolean {
  const steps = entries.slice(1).map(({ age }, index) => age - (entries[index]?.age ?? 0))
  return steps.length > 0 && steps.every((step) => step < 0)
}

/**
 * Of a timeline that has whole seconds only, the ping that left farthest from a whole second;
 * undefined when every ping left at one, for then the timeline may be exact.
 */
export function betweenSeconds({ pings, entries }: Story): Ping | undefined {
  if (entries.length < 3 || !entries.every(({ age }) => Number.isInteger(age))) return undefined
  const distance = ({ at }: Ping) => Math.abs(at - Math.round(at))
  const [farthest] = pings.toSorted((one, other) => distance(other) - distance(one))
  return farthest && distance(farthest) > ROUNDING / 2 ? farthest : undefined
}

/** `MaxAge`, `Max_Age` or `Max-Age: 10`, as it was written. */
export function misspeltMaxAge(token: SetCookie): string | undefined {
  const names = token.attributes.map(({ name }) => name)
  return names.find((name) => /^max\W?_?age\b/i.test(name) && name.toLowerCase() !== 'max-age')
}

/** What follows Max-Age=, whatever it is. */
export function maxAgeAsWritten(token: SetCookie): string | undefined {
  return token.attributes.find(({ name }) => name.toLowerCase() === 'max-age')?.value
}

export function inHours(seconds: number): string {
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`
  return `${(seconds / 3600).toFixed(1)} hours`
}

/** The first member of a timeline that is a string: `"age":"1.0"`. */
export function memberInQuotes({ listed }: Story): string | undefined {
  const members = listed.flatMap(({ sent, age }) => Object.entries({ sent, age }))
  const quoted = members.find(([, value]) => typeof value === 'string')
  return quoted && `"${quoted[0]}":${JSON.stringify(quoted[1])}`
}

function asObjects(list: unknown): Record<string, unknown>[] {
  const isObject = (item: unknown): item is Record<string, unknown> =>
    typeof item === 'object' && item !== null
  return Array.isArray(list) ? list.filter(isObject) : []
}

function asEntries(list: unknown): Entry[] {
  return Array.isArray(list) && list.every(isEntry) ? list : []
}

function isEntry(item: unknown): item is Entry {
  if (typeof item !== 'object' || item === null) return false
  return 'sent' in item && 'age' in item && typeof item.age === 'number'
}
