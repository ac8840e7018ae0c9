import { scenario, type SetUpKit } from '#grader'

/** How long the slow service holds an answer back for what it waits for. */
const PATIENCE_MS = 3000
export const VISITORS = 5

/**
 * A service whose answers are held back until the scenario lets them go, or as many were asked for
 * as it waits for.
 */
async function slowService(
  { random, origin }: SetUpKit,
  { fails = false, waitsFor = Infinity } = {},
) {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  const results: string[] = []
  let isOpen = false
  void opened.then(() => (isOpen = true))
  const word = random.word()
  const service = await origin('the slow service', async () => {
    results.push(`${word} ${random.token()}`)
    const result = results.at(-1)!
    if (results.length === 1) setTimeout(open, PATIENCE_MS).unref()
    if (results.length >= waitsFor) open()
    await opened
    return fails
      ? { status: 503, body: 'The database is away.\n' }
      : { headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: result }
  })
  return {
    environment: { QUERY_URL: `${service.url}/query` },
    letGo: open,
    isHeldBack: () => !isOpen,
    results,
    queries: () => service.exchanges(),
  }
}

export const onTheWire = scenario(
  'A reader takes down when each byte of / arrives, while the slow service waits for the first ones',
  {
    setUp: (kit) => slowService(kit),
    async record({ connect, address }, { letGo, queries }) {
      const connection = await connect()
      await connection.write(
        `GET / HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAccept: text/html\r\n\r\n`,
      )
      const early = await connection.receive(hasContent)
      letGo()
      await connection.receive(
        (received) =>
          /id="?'?(data|error)/.test(received) && /(<\/html>\s*|\r\n0\r\n\r\n)$/.test(received),
      )
      const record = connection.record()
      connection.reset()
      return { early, record, query: queries()[0] ?? null }
    },
  },
)

const LOOK =
  "({ state: document.readyState, ids: Array.from(document.querySelectorAll('p[id]')).filter((p) => p.textContent.trim()).map((p) => p.id) })"
/** The text of an element that a person can see. */
const shown = (id: string) =>
  `Array.from(document.querySelectorAll('#${id}')).filter((element) => element.checkVisibility()).map((element) => element.textContent.trim()).join(' ') || null`
const PAINTED =
  "Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0) || null"

export const inChromium = scenario(
  'Chromium opens /, and its page is looked at while the slow service waits',
  {
    setUp: (kit) => slowService(kit),
    async record({ newPage, exchanges }, { letGo, isHeldBack, results, queries }) {
      const page = await newPage()
      const opening = page.open('/')
      const early = await page.until(LOOK, hasBegun)
      const heldBack = isHeldBack()
      // Only shown, never judged: when a frame is drawn is the machine's business too.
      if (heldBack) await page.until(PAINTED, (at) => at !== null)
      letGo()
      const visit = await opening
      const data = await page.until(
        "document.querySelector('#data')?.textContent ?? null",
        (text) => text?.trim(),
      )
      const error = await page.evaluate(shown('error'))
      const paint =
        visit.error === null
          ? await page.until(PAINTED, (at) => at !== null)
          : await page.evaluate(PAINTED)
      const end = await page.evaluate(
        "Math.round(performance.getEntriesByType('navigation')[0]?.responseEnd ?? 0) || null",
      )
      return {
        early,
        heldBack,
        visit,
        data,
        error,
        paint: paint.value,
        end: end.value,
        results: [...results],
        query: queries()[0] ?? null,
        exchanges: exchanges(),
      }
    },
  },
)

export const failing = scenario('Chromium opens /, and the slow service fails', {
  setUp: (kit) => slowService(kit, { fails: true }),
  async record({ newPage }, { letGo }) {
    const page = await newPage()
    const opening = page.open('/')
    await page.until(LOOK, hasBegun)
    letGo()
    const visit = await opening
    const error = await page.evaluate("document.querySelector('#error')?.textContent ?? null")
    const data = await page.evaluate(shown('data'))
    return { visit, error, data }
  },
})

export const fiveVisitors = scenario(
  `${VISITORS} visitors come at once, the slow service waits for ${VISITORS} queries, and one more visitor comes later`,
  {
    setUp: (kit) => slowService(kit, { waitsFor: VISITORS }),
    async record({ send }, { queries, results }) {
      const visits = await Promise.all(Array.from({ length: VISITORS }, () => send('/')))
      const [first, atOnce] = [[...results], queries()]
      const later = await send('/')
      return {
        visits,
        queries: atOnce,
        results: first,
        later,
        laterResults: results.slice(first.length),
      }
    },
  },
)

export type Look = { readonly state: string; readonly ids: readonly string[] }

/** Something of the page can be read, early or late. */
function hasBegun(seen: Look | undefined): boolean {
  return seen?.ids.some((id) => ['shell', 'data', 'error'].includes(id)) ?? false
}

/** Without what announces the answer (103 Early Hints). */
export function withoutInterim(received: string): string {
  return received.replace(/^(HTTP\/1\.1 1\d\d [^]*?\r\n\r\n)+/, '')
}

/** At least one byte behind the head, and more than the size of a chunk. */
export function hasContent(received: string): boolean {
  return contentOf(received) !== ''
}

/** What stands behind the head, without the size of the first chunk. */
export function contentOf(received: string): string {
  const [head = '', ...rest] = withoutInterim(received).split('\r\n\r\n')
  const content = rest.join('\r\n\r\n')
  return /transfer-encoding: *chunked/i.test(head)
    ? content.replace(/^[\da-f]*(;[^\r]*)?(\r\n?)?/i, '')
    : content
}
