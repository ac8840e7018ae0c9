import {
  hasStatus,
  isAnswered,
  json,
  matching,
  present,
  scenario,
  text,
  type Exchange,
  type Kit,
} from '#grader'

/** Longer than any scenario lasts: a client that waits is answered with an item or not at all. */
export const FOR_EVER = 60_000
/**
 * For how long nothing may cross the wire, in seconds: no multiple of the intervals at which
 * programs look into a list.
 */
const SILENCE = 0.53
/**
 * Seconds until a request that any program can answer: what is sent at once is sent before its
 * answer.
 */
const MOMENT = 0.25
/** By how much a timer may be early: clocks tick in milliseconds. */
const EARLY_MS = 20

export const threeWait = scenario('Chromium and two other clients wait, then somebody posts', {
  setUp: () => ({ environment: { WAIT_MS: String(FOR_EVER) } }),
  async record({ newPage, send, exchanges, wait, random }) {
    const news = `${random.word()} ${random.word()}`
    const asked = () => exchanges().filter(({ request }) => request.target === '/news?after=0')
    const page = await newPage()
    const { document: home } = await page.open('/')
    // The others come when it has asked, so that a slow browser costs them no time.
    if (text(home).includes('/news?after=')) await until(() => asked().length >= 1, wait)
    const soFar = asked().length
    const others = Promise.all([send('/news?after=0'), send('/news?after=0')])
    await until(() => asked().length >= soFar + 2, wait)
    await wait(SILENCE)
    const post = await send(posting(news))
    await wait(MOMENT)
    const next = await send('/')
    const shown = await page.until("document.querySelector('#news')?.innerText ?? ''", (list) =>
      list.includes(news),
    )
    await others
    const late = await send('/news?after=0')
    return { news, home, post, next, shown, late, asked: asked() }
  },
  facts: ({ asked, ...recorded }) => {
    const post = present(recorded.post, 'POST /news')
    const next = present(recorded.next, 'GET /')
    const waiting = asked.filter(({ startedAt }) => startedAt < post.startedAt)
    const answered = waiting.filter(isAnswered).toSorted((a, b) => answeredAt(a) - answeredAt(b))
    const last = answered.at(-1)
    return {
      ...recorded,
      post,
      next,
      late: present(recorded.late, 'GET /news'),
      /** Those that asked before the post: Chromium and the two others. */
      waiting,
      early: waiting.filter((exchange) => wasAnsweredBefore(exchange, post)),
      answered,
      stillWaiting: waiting.filter(isStillWaiting),
      last: last && { exchange: last, after: inSeconds(answeredAt(last) - post.startedAt) },
      isLastPrompt: answeredAt(last) <= answeredAt(next),
    }
  },
})

export const manyItems = scenario('Four items are posted, and clients ask for different ones', {
  setUp: () => ({ environment: { WAIT_MS: String(FOR_EVER) } }),
  async record({ send, exchanges, wait, random }) {
    const texts = {
      one: random.word(),
      two: random.word(),
      three: random.word(),
      four: random.word(),
    }
    await send(posting(texts.one))
    await send(posting(texts.two))
    const afterNone = await send('/news?after=0')
    const afterOne = await send('/news?after=1')
    const threeSeen = send('/news?after=3')
    await until(() => exchanges().length >= 5, wait)
    const twoSeen = send('/news?after=2')
    await until(() => exchanges().length >= 6, wait)
    await wait(0.1)
    const third = await send(posting(texts.three))
    const afterTwo = await twoSeen
    await wait(0.1)
    const fourth = await send(posting(texts.four))
    const afterThree = await threeSeen
    return { ...texts, afterNone, afterOne, afterTwo, afterThree, third, fourth }
  },
})

export const leaver = scenario('Two clients wait, and one of them hangs up before the post', {
  setUp: () => ({ environment: { WAIT_MS: String(FOR_EVER) } }),
  async record({ connect, send, exchanges, address, wait, random }) {
    const news = random.word()
    const gone = await connect()
    await gone.write(`GET /news?after=0 HTTP/1.1\r\nHost: ${new URL(address).host}\r\n\r\n`)
    await until(() => exchanges().length >= 1, wait)
    const stays = send('/news?after=0')
    await until(() => exchanges().length >= 2, wait)
    await wait(0.1)
    gone.reset()
    await wait(0.2)
    const post = await send(posting(news))
    const stayed = await stays
    return { news, post, stayed, late: await send('/news?after=0') }
  },
  facts: ({ stayed, ...recorded }) => ({ ...recorded, stayed: present(stayed, 'GET /news') }),
})

export const timeOver = scenario('One client gets an item, another waits until its time is over', {
  setUp: ({ random }) => ({ environment: { WAIT_MS: String(random.integer(1000, 1300)) } }),
  async record({ send, exchanges, wait, random }, { environment: { WAIT_MS } }) {
    const waitMs = Number(WAIT_MS)
    const news = random.word()
    const given = send('/news?after=0')
    await until(() => exchanges().length >= 1, wait)
    const notGiven = send('/news?after=99')
    await until(() => exchanges().length >= 2, wait)
    await wait(0.1)
    const post = await send(posting(news))
    await wait(waitMs / 1000 + MOMENT)
    // One after the other: a timer that was due before the first is served before the second.
    await send('/')
    const next = await send('/')
    const lucky = await given
    const unlucky = await notGiven
    const later = await send('/news?after=0')
    return { waitMs, news, post, next, lucky, unlucky, later }
  },
  facts: (recorded) => {
    const { waitMs, post, next } = recorded
    const lucky = present(recorded.lucky, 'GET /news')
    const unlucky = present(recorded.unlucky, 'GET /news')
    const waited = waitedMs(unlucky)
    const isEarly = waited < waitMs - EARLY_MS
    return {
      ...recorded,
      lucky,
      unlucky,
      // On a machine that stalls its time may be over before the post.
      wasPostedInTime: answeredAt(post) <= lucky.startedAt + waitMs - EARLY_MS,
      isEarly,
      isInTime: !isEarly && answeredAt(unlucky) <= answeredAt(next),
    }
  },
})

function posting(news: string) {
  return {
    method: 'POST',
    path: '/news',
    headers: [['Content-Type', 'text/plain']],
    body: news,
  } as const
}

/** Requests cross the wire in an order of their own; what comes next waits for them. */
async function until(condition: () => boolean, wait: Kit['wait']): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries++) await wait(0.02)
}

/** When the first byte of the answer crossed the wire; never, where none did. */
function answeredAt(exchange: Exchange | null | undefined): number {
  return exchange?.response?.startedAt ?? Infinity
}

/** Milliseconds from the request to the first byte of its answer. */
export function waitedMs(exchange: Exchange): number {
  return answeredAt(exchange) - exchange.startedAt
}

/** Whether its answer began before the other request came. */
export function wasAnsweredBefore(exchange: Exchange | null, later: Exchange | null): boolean {
  return answeredAt(exchange) < (later?.startedAt ?? -Infinity)
}

/** Not a byte came for it, and the connection is open. */
export function isStillWaiting({ response, garbage, cut }: Exchange): boolean {
  return response === null && garbage === null && cut === null
}

/** The same in words, for claims. */
export function state(exchange: Exchange): string {
  return isStillWaiting(exchange) ? 'still waiting' : NO_LONGER_WAITING
}

export const NO_LONGER_WAITING = 'no longer waiting'

/** `1.61 s` */
export function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}

/** `1.61 s`: from one request to a later one. */
export function between(first: Exchange, later: Exchange): string {
  return inSeconds(later.startedAt - first.startedAt)
}

/** An item as it has to be given; more may be in it. */
export function item(n: number, news: string) {
  return matching(
    JSON.stringify({ n, text: news }),
    (value: unknown) => isObject(value) && value['n'] === n && value['text'] === news,
  )
}

export function isItem(n: number, news: string): (exchange: Exchange) => boolean {
  return (exchange) => hasStatus(200)(exchange) && item(n, news).test(json(exchange))
}

/** What an item has under that name, whatever it is. */
export function memberOf(exchange: Exchange | null, name: 'n' | 'text'): unknown {
  const value = json(exchange)
  return isObject(value) ? value[name] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
