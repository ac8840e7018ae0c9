import {
  json,
  matching,
  path,
  present,
  scenario,
  sentField,
  type Exchange,
  type SetUpKit,
} from '#grader'

export const prefetched = scenario(
  'Chromium fetches every link of / and every delete address in advance',
  {
    setUp: fiveItems,
    async record({ newPage, send, exchanges }, { items }) {
      const page = await newPage()
      const { document } = await page.open('/')
      const before = await send('/items')
      await page.evaluate(prefetch(items.map(deleteAddress)))
      await page.until(UNDER_WAY, (count) => count === 0)
      return { items, document, before, after: await send('/items'), exchanges: exchanges() }
    },
    facts: ({ items, document, before, after, exchanges }) => {
      const gone = missing(listed(before), listed(after))
      return {
        items,
        page: present(document, 'GET /'),
        before: present(before, 'GET /items'),
        after: present(after, 'GET /items'),
        gone,
        culprit: culpritAmong(exchanges.filter(isPrefetch), gone),
      }
    },
  },
)

export const asked = scenario(
  'A non-browser client asks for delete addresses, and a person opens one in Chromium',
  {
    setUp: fiveItems,
    async record({ newPage, send }, { items }) {
      const [first = '', second = '', third = ''] = items
      const get = await send(deleteAddress(first))
      const afterGet = await send('/items')
      const head = await send({ method: 'HEAD', path: deleteAddress(second) })
      const afterHead = await send('/items')
      const page = await newPage()
      const { document } = await page.open(deleteAddress(third))
      const afterOpen = await send('/items')
      return { items, first, second, third, get, afterGet, head, afterHead, document, afterOpen }
    },
    facts: ({ items, first, second, third, get, afterGet, head, afterHead, ...opened }) => ({
      get: asking('GET', first, get, items, listed(afterGet)),
      head: asking('HEAD', second, head, listed(afterGet), listed(afterHead)),
      open: asking('GET', third, opened.document, listed(afterHead), listed(opened.afterOpen)),
    }),
  },
)

export const clicked = scenario(
  "Without JavaScript, Chromium clicks one item's button and reloads the page it came to",
  {
    setUp: fiveItems,
    async record({ newPage, send, random }, { items }) {
      const item = inTheMiddle(items, random)
      const page = await newPage('a visitor without JavaScript', { javaScriptEnabled: false })
      const { document } = await page.open('/')
      const lead = await page.leads(() => page.click(buttonOf(item)))
      const shown = await page.evaluate(`document.getElementById('${item}') !== null`)
      const after = await send('/items')
      const { document: reloaded } = await page.reload()
      return { items, item, document, lead, shown, after, reloaded }
    },
    facts: ({ items, item, document, lead, shown, after, reloaded }) => ({
      item,
      page: present(document, 'GET /'),
      click: lead.document,
      sent: asSent(lead.document),
      ...whereItWent(lead.followed.at(-1) ?? null),
      shown,
      others: items.filter((other) => other !== item).toSorted(),
      left: listed(after),
      reloaded,
      posted: reloaded?.request.method === 'POST' ? asSent(reloaded) : 'nothing',
    }),
  },
)

export const deletedTwice = scenario(
  'An item is deleted by hand, then once more, and then one that was never there',
  {
    setUp: fiveItems,
    async record({ send, random }, { items, never }) {
      const item = inTheMiddle(items, random)
      const remove = (name: string) => send({ method: 'POST', path: deleteAddress(name), body: '' })
      await remove(item)
      const before = await send('/items')
      const again = await remove(item)
      const afterAgain = await send('/items')
      const unknown = await remove(never)
      const afterUnknown = await send('/items')
      return { item, never, before, again, afterAgain, unknown, afterUnknown }
    },
    facts: ({ item, never, before, again, afterAgain, unknown, afterUnknown }) => ({
      again: asking('POST', item, again, listed(before), listed(afterAgain)),
      unknown: asking('POST', never, unknown, listed(afterAgain), listed(afterUnknown)),
    }),
  },
)

/** What GET /items lists; undefined when it gave no list of names. */
export type Names = readonly string[] | undefined

/** A request for an item's delete address, and which items it made disappear. */
export interface Asking {
  /** `GET /items/carafe/delete` */
  readonly name: string
  readonly item: string
  readonly exchange: Exchange
  readonly gone: Names
}

function asking(
  method: string,
  item: string,
  recorded: Exchange | null,
  before: Names,
  after: Names,
): Asking {
  const name = `${method} ${deleteAddress(item)}`
  return { name, item, exchange: present(recorded, name), gone: missing(before, after) }
}

function fiveItems({ random }: SetUpKit) {
  const words = new Set<string>()
  while (words.size < 6) words.add(random.word())
  const [never = '', ...items] = words
  return { items, never, environment: { ITEMS: items.join(',') } }
}

/** Neither the first nor the last: what a program takes by mistake is one of these. */
function inTheMiddle(items: readonly string[], random: SetUpKit['random']): string {
  return items[random.integer(1, items.length - 2)] ?? ''
}

export function deleteAddress(item: string): string {
  return `/items/${item}/delete`
}

function buttonOf(item: string): string {
  return `#${item} button, #${item} [type=submit]`
}

/** What speed-up scripts do: asks Chromium to fetch every link of the page in advance. */
function prefetch(addresses: readonly string[]): string {
  return `{
    const own = [...document.links].filter(({ origin }) => origin === location.origin)
    const hrefs = new Set(own.map(({ href }) => href))
    for (const address of ${JSON.stringify(addresses)}) hrefs.add(location.origin + address)
    globalThis.underWay = hrefs.size
    for (const href of hrefs) {
      const link = Object.assign(document.createElement('link'), { rel: 'prefetch', href })
      link.onload = link.onerror = () => { globalThis.underWay -= 1 }
      document.head.append(link)
    }
  }`
}

/** How many prefetches are not answered yet; none where the page could not be asked for any. */
const UNDER_WAY = 'globalThis.underWay ?? 0'

function isPrefetch(exchange: Exchange): boolean {
  return sentField(exchange, 'Sec-Purpose')?.startsWith('prefetch') ?? false
}

/** The prefetch that names an item which is gone, or else the first one, if any item is gone. */
function culpritAmong(prefetches: readonly Exchange[], gone: Names = []) {
  const isForOne = ({ request }: Exchange) => gone.some((item) => request.target.includes(item))
  return gone.length === 0 ? undefined : (prefetches.find(isForOne) ?? prefetches[0])
}

/** The names that GET /items lists, in alphabetical order; undefined when it gave no such list. */
function listed(answer: Exchange | null): string[] | undefined {
  const list = json(answer)
  return isNames(list) ? list.toSorted() : undefined
}

/** Which names are no longer listed; undefined where that cannot be known. */
function missing(before: Names, after: Names): string[] | undefined {
  return after && before?.filter((item) => !after.includes(item))
}

export function inWords(items: Names): string {
  if (items === undefined) return 'unknown, because GET /items gave no list of names'
  return items.length === 0 ? 'none' : items.join(', ')
}

/** `POST /items/carafe/delete`, without a query: a form that sends GET adds a `?`. */
function asSent(exchange: Exchange | null): string {
  return exchange ? `${exchange.request.method} ${path(exchange)}` : 'no request'
}

/** The page that the click's redirects led to. A query there could do what the path may not. */
function whereItWent(landing: Exchange | null) {
  const went = landing
    ? `${landing.request.method} ${landing.request.target}`
    : 'nothing that reached your server'
  return { landing, went }
}

/** A JSON list of exactly these names, in any order. */
export function theNames(items: readonly string[]) {
  const wanted = items.toSorted().join()
  return matching(
    `a list of the ${items.length} names in ITEMS`,
    (list: unknown) => isNames(list) && list.toSorted().join() === wanted,
  )
}

function isNames(list: unknown): list is string[] {
  return Array.isArray(list) && list.every((name) => typeof name === 'string')
}
