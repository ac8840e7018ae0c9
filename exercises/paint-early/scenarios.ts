import {
  isAnswered,
  present,
  scenario,
  text,
  type ConsoleResult,
  type Kit,
  type SetUpKit,
} from '#grader'
import {
  asReceived,
  asText,
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
 * What does not come is given up after so many looks into the page, or turns of waiting. Looks and
 * turns instead of seconds: on a busy machine they take longer, too.
 */
const LOOKS = { early: 30, afterwards: 10 }
const TURNS = 80
const TURN_SECONDS = 0.03

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
    async record({ connect, address, wait }, { holdBack, queries }) {
      const letGo = holdBack()
      const connection = await connect()
      await connection.write(askFor(address))
      await patiently(wait, () => hasContent(asText(connection.record())))
      const early = connection.record()
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
    async record({ newPage, exchanges, wait }, { holdBack, results, queries }) {
      const letGo = holdBack()
      const page = await newPage()
      const opening = page.open('/')
      const early = await lookEarly(page, { exchanges, wait }, letGo)
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
  async record({ newPage, exchanges, wait }, { holdBack }) {
    const letGo = holdBack()
    const page = await newPage()
    const opening = page.open('/')
    await lookEarly(page, { exchanges, wait }, letGo)
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
      await patiently(wait, () => results.length >= VISITORS)
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
 * A service that takes a few seconds for each answer; once a scenario holds it back, as long as
 * that one wants.
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

/**
 * Looks into a page until some of it is there. Chromium answers no look before an answer has begun;
 * when none begins, the service is let go.
 */
async function lookEarly(
  page: Awaited<ReturnType<Kit['newPage']>>,
  { exchanges, wait }: Pick<Kit, 'exchanges' | 'wait'>,
  letGo: () => void,
): Promise<ConsoleResult> {
  const awaitAnswer = async () => {
    const begins = await patiently(wait, () =>
      exchanges().some(({ response }) => response !== null),
    )
    if (!begins) letGo()
  }
  const looking = page.until(LOOK, atMost(LOOKS.early, hasBegun))
  const [early] = await Promise.all([looking, awaitAnswer()])
  return early
}

/** Waits until something is so; false when it is not after all turns. */
async function patiently(wait: Kit['wait'], isSo: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < TURNS && !isSo(); turn++) await wait(TURN_SECONDS)
  return isSo()
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
