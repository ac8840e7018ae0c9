import {
  hasStatus,
  isAnswered,
  matching,
  present,
  scenario,
  text,
  type ConsoleResult,
  type Exchange,
  type Visit,
} from '#grader'

const HEADINGS =
  "[...document.querySelectorAll('h1')].map((heading) => heading.textContent.replace(/\\s+/g, ' ').trim())"

export const visit = scenario(
  'Chromium opens /, asks for /time twice and opens an address that you do not know',
  {
    setUp: ({ random }) => ({ environment: { GREETING: `Good morning, ${random.word()}` } }),
    async record({ newPage, send, wait, random }, { environment: { GREETING } }) {
      const page = await newPage()
      const home = await page.open('/')
      const documentType = await page.evaluate('document.contentType')
      const headings = await page.evaluate(HEADINGS)
      // A page whose Content-Security-Policy lets its scripts connect to nothing is a right page.
      const askTime = async () => (await page.fetch('/time')).exchange ?? (await send('/time'))
      const first = await askTime()
      await wait(0.05)
      const second = await askTime()
      const unknown = await page.open(`/${random.word()}`)
      const longer = await send(`/time/${random.word()}`)
      return { greeting: GREETING, home, documentType, headings, first, second, unknown, longer }
    },
    facts: ({ first: one, second: two, ...visit }) => {
      const first = asTime(present(one, 'GET /time'))
      const second = asTime(present(two, 'GET /time'))
      return {
        ...visit,
        home: { ...asPage(visit.home), documentType: visit.documentType },
        heading: firstOf(visit.headings),
        first,
        second,
        apart: secondsBetween(first, second).toFixed(2),
        moved: (second.at - first.at) / 1000,
        unknown: asPage(visit.unknown),
      }
    },
  },
)

export const fiveAtOnce = scenario('Five clients ask at the same moment', {
  setUp: ({ random }) => ({ environment: { GREETING: `Good evening, ${random.word()}` } }),
  async record({ send, random }, { environment: { GREETING } }) {
    const alone = {
      homes: [await send('/')],
      time: await send('/time'),
      unknown: await send(`/${random.word()}`),
    }
    const [home, time, icon, unknown, homeAgain] = await Promise.all([
      send('/'),
      send('/time'),
      send('/favicon.ico'),
      send(`/${random.word()}`),
      send('/'),
    ])
    return { greeting: GREETING, alone, five: { homes: [home, homeAgain], time, icon, unknown } }
  },
  facts: ({ greeting, alone, five }) => ({
    greeting,
    ...five,
    unanswered: [...five.homes, five.time, five.icon, five.unknown].filter(isUnanswered),
    wrong: firstWrong(five, greeting),
    alone: [...alone.homes, alone.time, alone.unknown],
    wrongAlone: firstWrong(alone, greeting),
  }),
})

function asPage(visit: Visit) {
  const { pathname } = new URL(visit.url)
  return { exchange: present(visit.document, `GET ${pathname}`), shown: visit.text }
}

/** An answer to /time. */
export interface Time {
  readonly exchange: Exchange
  /** Its content, without white space around it. */
  readonly says: string
  /** The same in milliseconds since the epoch; NaN where it isn't a time. */
  readonly at: number
  /** When the answer began to cross the wire, by the recorder's clock. */
  readonly crossedAt: string
  /** Minutes between the two, rounded. */
  readonly minutesOff: number
}

function asTime(exchange: Exchange): Time {
  const says = text(exchange).trim()
  const at = timeIn(says)
  const crossedAt = exchange.response?.startedAt ?? exchange.startedAt
  return {
    exchange,
    says,
    at,
    crossedAt: new Date(crossedAt).toISOString(),
    minutesOff: Math.round(Math.abs(at - crossedAt) / 60_000),
  }
}

/** A whole ISO 8601 time to the millisecond, with its zone. */
function timeIn(content: string): number {
  const time = content.trim()
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}(?:Z|[+-]\d\d:\d\d)$/.test(time)
  return isTime ? Date.parse(time) : Number.NaN
}

function firstOf({ value }: ConsoleResult): string | undefined {
  return Array.isArray(value) && value.length > 0 ? String(value[0]) : undefined
}

function isUnanswered(exchange: Exchange | null): exchange is Exchange {
  return exchange !== null && !isAnswered(exchange)
}

interface Answers {
  readonly homes: readonly (Exchange | null)[]
  readonly time: Exchange | null
  readonly unknown: Exchange | null
}

/** The first that wasn't answered with what its path is for. */
function firstWrong({ homes, time, unknown }: Answers, greeting: string) {
  const isHome = (exchange: Exchange | null) =>
    hasStatus(200)(exchange) && aPageWith(greeting).test(text(exchange))
  const judged = [
    ...homes.map((home) => ({ exchange: home, isRight: isHome(home) })),
    { exchange: time, isRight: hasStatus(200)(time) && aTime.test(text(time)) },
    { exchange: unknown, isRight: hasStatus(404)(unknown) },
  ]
  return judged.find(({ isRight }) => !isRight)?.exchange
}

export const aTime = matching(
  'a time such as 2026-11-23T14:05:09.120Z',
  (content: string) => !Number.isNaN(timeIn(content)),
)

export function laterThan({ says, at }: Time) {
  return matching(`later than ${says}`, (content: string) => timeIn(content) > at)
}

/** What clocks round away, and what they lose while a machine is busy. */
const COARSE_CLOCK_MS = 20
const BUSY_CLOCK_MS = 100

/** A program takes a time between a request and the end of its answer, whatever its clock. */
export function asBetweenTheRequests(first: Time, second: Time) {
  const words = `about ${secondsBetween(first, second).toFixed(2)}, as between the requests`
  const shortest = second.exchange.startedAt - endOf(first) - COARSE_CLOCK_MS
  const longest = endOf(second) - first.exchange.startedAt + BUSY_CLOCK_MS
  return matching(words, (moved: number) => {
    const ms = moved * 1000
    return ms >= shortest && ms <= longest
  })
}

function secondsBetween(first: Time, second: Time): number {
  return (second.exchange.startedAt - first.exchange.startedAt) / 1000
}

function endOf({ exchange }: Time): number {
  return exchange.response?.endedAt ?? exchange.startedAt
}

export function aHeadingThatSays(greeting: string) {
  return matching(
    `an h1 that says ${greeting}`,
    (headings: unknown) => Array.isArray(headings) && headings.includes(greeting),
  )
}

/** Numeric character references are their characters, too (HTML §13.5). */
export function aPageWith(greeting: string) {
  return matching(`a page with ${greeting}`, (html: string) => {
    const characters = html.replace(/&#(?:x([\da-f]{1,5})|(\d{1,6}));/gi, (_, hex, decimal) =>
      String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10)),
    )
    return characters.includes(greeting)
  })
}
