import { isAnswered, present, scenario, text, type SetUpKit } from '#grader'
import {
  asReceived,
  carriersOf,
  described,
  ending,
  hasContent,
  resultsIn,
  shows,
  type Look,
} from './page-in-parts.ts'

export const VISITORS = 5
/** For a program that was started by hand: `npm run serve`. */
const SLOW_MS = 3000

/**
 * After so many looks a page that shows nothing new is given up. Looks instead of seconds: a look
 * waits for the page, so on a busy machine it takes longer, too.
 */
const LOOKS = { early: 60, afterwards: 10 }
/** The scenario waits this long, at most so often, for the queries of all visitors. */
const TURN_SECONDS = 0.03
const TURNS = 100

/** The paragraphs with a text. */
const LOOK =
  "({ state: document.readyState, ids: Array.from(document.querySelectorAll('p[id]')).filter((p) => p.textContent.trim()).map((p) => p.id) })"
/** The text of an element that a person can see. */
const visible = (id: string) =>
  `Array.from(document.querySelectorAll('#${id}')).filter((element) => element.checkVisibility()).map((element) => element.textContent.trim()).join(' ') || null`
const DATA = "document.querySelector('#data')?.textContent ?? null"
const PAINTED =
  "Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0) || null"
const LOADED = "Math.round(performance.getEntriesByType('navigation')[0]?.responseEnd ?? 0) || null"

export const onTheWire = scenario(
  'A reader records when each byte of / arrives, while the slow service waits for the first ones',
  {
    setUp: (kit) => slowService(kit),
    async record({ connect, address }, { holdBack, queries }) {
      const letGo = holdBack()
      const connection = await connect()
      await connection.write(askFor(address))
      const early = await connection.receive(hasContent)
      letGo()
      const record = await connection.receive(
        (received) =>
          /id="?'?(data|error)/.test(received) && /(<\/html>\s*|\r\n0\r\n\r\n)$/.test(received),
      )
      connection.reset()
      return { early, record, query: queries()[0] ?? null }
    },
    facts: ({ early, record, query }) => ({
      early: asReceived(early),
      later: asReceived(record),
      wasQueried: query !== null,
    }),
  },
)

export const inChromium = scenario(
  'Chromium opens /, and its page is read while the slow service waits',
  {
    setUp: (kit) => slowService(kit),
    async record({ newPage, exchanges }, { holdBack, results, queries }) {
      const letGo = holdBack()
      const page = await newPage()
      const opening = page.open('/')
      const early = await page.until(LOOK, atMost(LOOKS.early, hasBegun))
      // Only shown, never judged: the machine, too, decides when a frame is drawn.
      if (hasBegun(early.value)) await page.until(PAINTED, atMost(LOOKS.afterwards, isThere))
      letGo()
      const visit = await opening
      const data = await page.until(DATA, atMost(LOOKS.afterwards, isThere))
      const error = await page.evaluate(visible('error'))
      const paint = await page.until(PAINTED, atMost(LOOKS.afterwards, isThere))
      const end = await page.evaluate(LOADED)
      return {
        early: early.value,
        visit,
        data,
        error,
        paint: paint.value,
        end: end.value,
        result: results[0] ?? null,
        query: queries()[0] ?? null,
        exchanges: exchanges(),
      }
    },
    facts: ({ early, visit, result, exchanges, ...rest }) => ({
      ...rest,
      early: described(early),
      document: present(visit.document, 'GET /'),
      complaint: visit.error ?? 'nothing',
      result,
      shellIn: carriersOf(exchanges, (content) => /\bid\s*=\s*["']?shell\b/i.test(content)),
      resultIn: carriersOf(exchanges, (content) => shows(content, result)),
    }),
  },
)

export const failing = scenario('Chromium opens /, and the slow service fails', {
  setUp: (kit) => slowService(kit, { fails: true }),
  async record({ newPage }, { holdBack }) {
    const letGo = holdBack()
    const page = await newPage()
    const opening = page.open('/')
    await page.until(LOOK, atMost(LOOKS.early, hasBegun))
    letGo()
    const visit = await opening
    const error = await page.evaluate("document.querySelector('#error')?.textContent ?? null")
    const data = await page.evaluate(visible('data'))
    return { visit, error, data }
  },
  facts: ({ visit, error, data }) => {
    const document = present(visit.document, 'GET /')
    return { document, complaint: visit.error ?? 'nothing', ending: ending(document), error, data }
  },
})

export const fiveVisitors = scenario(
  `${VISITORS} visitors come at once, the slow service waits for ${VISITORS} queries, and one more visitor comes later`,
  {
    setUp: (kit) => slowService(kit),
    async record({ address, connect, exchanges, send, wait }, { holdBack, queries, results }) {
      const letGo = holdBack()
      const visitors = await Promise.all(Array.from({ length: VISITORS }, () => connect()))
      for (const visitor of visitors) await visitor.write(askFor(address))
      for (let turn = 0; turn < TURNS && results.length < VISITORS; turn++) await wait(TURN_SECONDS)
      letGo()
      const areServed = () => exchanges().filter(isAnswered).length === VISITORS
      await Promise.all(visitors.map((visitor) => visitor.receive(areServed)))
      const atOnce = { visits: exchanges(), queries: queries(), results: [...results] }
      const later = await send('/')
      return { ...atOnce, later, ofLater: results.slice(atOnce.results.length) }
    },
    facts: ({ visits, queries, results, later, ofLater }) => {
      const firstAnswer = Math.min(
        ...queries.map(({ response }) => response?.startedAt ?? Infinity),
      )
      return {
        queries,
        atOnce: queries.filter(({ startedAt }) => startedAt < firstAnswer),
        results,
        shown: visits.map((visit) => resultsIn(text(visit), results)),
        later,
        ofLater,
        oldShownLater: resultsIn(text(later), results),
        newShownLater: resultsIn(text(later), ofLater),
      }
    },
  },
)

/**
 * A service that takes a few seconds for each answer; once a scenario holds it back, as long as that
 * one wants.
 */
async function slowService({ random, origin }: SetUpKit, { fails = false } = {}) {
  let held: Promise<void> | undefined
  const results: string[] = []
  const word = random.word()
  const service = await origin('the slow service', async () => {
    const result = `${word} ${random.token()}`
    results.push(result)
    await (held ?? new Promise((resolve) => setTimeout(resolve, SLOW_MS).unref()))
    return fails
      ? { status: 503, body: 'The database is away.\n' }
      : { headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: result }
  })
  return {
    environment: { QUERY_URL: `${service.url}/query` },
    /** Gives what lets the answers go. */
    holdBack: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
    results,
    queries: () => service.exchanges(),
  }
}

function askFor(address: string): string {
  return `GET / HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAccept: text/html\r\n\r\n`
}

/** Enough is enough, and so are so many looks. */
function atMost(looks: number, isEnough: (seen: any) => boolean): (seen: unknown) => boolean {
  let look = 0
  return (seen) => isEnough(seen) || ++look >= looks
}

/** Something of the page can be read, early or late. */
function hasBegun(seen: unknown): boolean {
  return (
    (seen as Look | undefined)?.ids.some((id) => ['shell', 'data', 'error'].includes(id)) === true
  )
}

function isThere(seen: unknown): boolean {
  return seen !== null && String(seen).trim() !== ''
}
