import { bodyText, check, jsonBody, matching, scenario, type Exchange, type Kit } from '#grader'

/** Longer than any scenario lasts: whoever waits is answered with an item or not at all. */
const FOR_EVER = { environment: { WAIT_MS: '60000' } }
/** For how long nothing may cross the wire. */
const SILENCE = 0.4
/** For how long a timer may be late on a machine that is busy. */
const LATE_MS = 2000
/** By how much a timer may be early: clocks tick in milliseconds. */
const EARLY_MS = 20

const threeWait = scenario('Chromium and two other clients wait, then somebody posts', () => FOR_EVER, async ({ newPage, send, exchanges, wait, random }) => {
  const text = `${random.word()} ${random.word()}`
  const page = await newPage()
  const { document: home } = await page.open('/')
  const others = Promise.all([send('/news?after=0'), send('/news?after=0')])
  const asked = () => exchanges().filter(({ request }) => request.target === '/news?after=0')
  await arrived(() => asked().length >= 3, wait)
  await wait(SILENCE)
  const post = await send(news(text))
  const shown = await page.until("document.querySelector('#news')?.innerText ?? ''", (news) => news.includes(text))
  const [first, second] = await others
  const late = await send('/news?after=0')
  return { text, home, post, shown, first, second, late, asked: asked() }
})

const manyItems = scenario('Four items are posted, and clients ask for different ones', () => FOR_EVER, async ({ send, exchanges, wait, random }) => {
  const texts = Array.from({ length: 4 }, () => random.word())
  await send(news(texts[0]!))
  await send(news(texts[1]!))
  const old = [await send('/news?after=0'), await send('/news?after=1')]
  const ahead = send('/news?after=3')
  await arrived(() => exchanges().length >= 5, wait)
  const next = send('/news?after=2')
  await arrived(() => exchanges().length >= 6, wait)
  await wait(0.1)
  const third = await send(news(texts[2]!))
  const nextItem = await next
  await wait(0.1)
  const fourth = await send(news(texts[3]!))
  return { texts, old, third, fourth, next: nextItem, ahead: await ahead }
})

const leaver = scenario('Two clients wait, and one of them hangs up before the post', () => FOR_EVER, async ({ connect, send, exchanges, address, wait, random }) => {
  const text = random.word()
  const gone = await connect()
  await gone.write(`GET /news?after=0 HTTP/1.1\r\nHost: ${new URL(address).host}\r\n\r\n`)
  await arrived(() => exchanges().length >= 1, wait)
  const stays = send('/news?after=0')
  await arrived(() => exchanges().length >= 2, wait)
  await wait(0.1)
  gone.reset()
  await wait(0.2)
  const post = await send(news(text))
  const stayed = await stays
  return { text, post, stayed, late: await send('/news?after=0') }
})

const timeOver = scenario(
  'One client gets an item, another waits until its time is over',
  ({ random }) => ({ environment: { WAIT_MS: String(random.integer(1600, 1900)) } }),
  async ({ send, exchanges, wait, random }, { environment: { WAIT_MS } }) => {
    const text = random.word()
    const lucky = send('/news?after=0')
    await arrived(() => exchanges().length >= 1, wait)
    const unlucky = send('/news?after=99')
    await arrived(() => exchanges().length >= 2, wait)
    await wait(0.1)
    const post = await send(news(text))
    return { waitMs: Number(WAIT_MS), text, post, lucky: await lucky, unlucky: await unlucky, later: await send('/news?after=0') }
  },
)

const waits = check({
  title: 'Nothing was sent while there was no news',
  given: threeWait,
  reread: 'slow-answer',
  verify: ({ home, asked, post }, expect) => {
    expect(home).toHaveStatus(200)
    expect(asked, 'requests for /news?after=0').toNumberAtLeast(3)
    const early = asked.filter((exchange) => answeredBefore(exchange, post))
    expect([...new Set(early.map(({ response }) => response!.startLine))].join(', ') || 'nothing', 'what you answered before anything was posted', early[0]).toBe('nothing')
    expect(post).toHaveStatus(204)
  },
  diagnose: {
    'short-polling': {
      when: ({ asked, post }) => asked.some((exchange) => answeredBefore(exchange, post) && exchange.response?.status === 204),
      say: ({ asked }) => `The first answer came ${seconds(ms(asked[0]!))} after its request: 204, nothing yet. So the page asked again, and again, until somebody posted; each of these requests was answered and cost an exchange.`,
    },
  },
})

const wakesAll = check({
  title: 'All who waited were given the item when it was posted',
  given: threeWait,
  after: waits,
  reread: 'slow-answer',
  verify: ({ text, first, second, shown }, expect) => {
    for (const exchange of [first, second]) if (wasEnded(exchange) && !isItem(exchange, 1, text)) expect(exchange).toHaveStatus(200).toHaveJson(item(1, text))
    const told = [isItem(first, 1, text), isItem(second, 1, text), shows(shown.value, text)].filter(Boolean)
    expect(told.length, 'of three clients that waited, those that were given the item').toBe(3)
  },
  diagnose: {
    'one-waiter': {
      when: ({ text, first, second, shown }) => [isItem(first, 1, text), isItem(second, 1, text), shows(shown.value, text)].filter(Boolean).length === 1,
      say: 'Three clients waited, and one of them was given the item; the other two are still waiting. Whoever joins stands beside those who wait already, not in their place.',
    },
  },
})

const noGap = check({
  title: 'A client that asks late still gets the item it missed',
  given: threeWait,
  after: wakesAll,
  reread: 'alone',
  verify: ({ text, late }, expect) => {
    if (wasEnded(late)) expect(late).toHaveStatus(200).toHaveJson(item(1, text))
    else expect('did not come', 'the answer to /news?after=0, asked after the post').toBe('came')
  },
  diagnose: {
    'only-those-present': {
      when: ({ late }) => late !== null && !wasEnded(late),
      say: ({ post, late }) => `Item 1 had been posted when a client asked for what comes after 0, ${seconds(late!.startedAt - (post?.startedAt ?? 0))} later. Nothing came, as if the item were only for those who waited at its moment. Every client is between two questions now and then.`,
    },
  },
})

const sameItem = check({
  title: 'Each was given the item after the number it named, not the latest',
  given: manyItems,
  after: noGap,
  reread: 'alone',
  verify: ({ texts, old, next, ahead, third, fourth }, expect) => {
    expect(old[0]!).toHaveStatus(200).toHaveJson(item(1, texts[0]!))
    expect(old[1]!).toHaveStatus(200).toHaveJson(item(2, texts[1]!))
    expect(third).toHaveStatus(204)
    expect(next).toHaveStatus(200).toHaveJson(item(3, texts[2]!))
    expect(fourth).toHaveStatus(204)
    expect(ahead).toHaveStatus(200).toHaveJson(item(4, texts[3]!))
  },
  diagnose: {
    'latest-for-all': {
      when: ({ texts, old }) => isItem(old[0]!, 1, texts[1]!) || isItem(old[0]!, 2, texts[1]!),
      say: ({ texts }) => `A client that had seen nothing was given \`${texts[1]}\`, the second item. The first, \`${texts[0]}\`, it will never see. The number in the request says what its sender knows.`,
    },
    'wakes-too-many': {
      when: ({ ahead, fourth }) => ahead !== null && answeredBefore(ahead, fourth),
      say: ({ ahead }) => `One client waited for what comes after 3. When item 3 was posted, it was answered too: \`${bodyText(ahead!.response!).slice(0, 60) || ahead!.response!.startLine}\`. Those who wait do not all wait for the same item.`,
    },
  },
})

const timesOut = check({
  title: 'After WAIT_MS without news the answer is 204, and only then',
  given: timeOver,
  after: wakesAll,
  spec: 'RFC 9110 §15.3.5',
  reread: 'slow-answer',
  verify: ({ waitMs, text, unlucky, lucky, later }, expect) => {
    if (wasEnded(unlucky) || unlucky?.cut) expect(unlucky).toHaveStatus(204).toHaveEmptyBody()
    else expect('did not come', `the answer to /news?after=99, with a WAIT_MS of ${waitMs}`).toBe('came')
    expect(seconds(ms(unlucky!)), `the time until the 204, with a WAIT_MS of ${waitMs}`, unlucky!).toBe(matching(`${seconds(waitMs)} or a little more`, () => isInTime(unlucky!, waitMs)))
    expect(lucky).toHaveStatus(200).toHaveJson(item(1, text))
    expect(later).toBeAnswered()
  },
  diagnose: {
    'wakes-too-many': {
      when: ({ waitMs, unlucky, post }) => wasEnded(unlucky) && unlucky!.response!.status === 200 && !answeredBefore(unlucky!, post) && ms(unlucky!) < waitMs - EARLY_MS,
      say: 'One client waited for what comes after 99. When item 1 was posted, it was answered. Those who wait do not all wait for the same item.',
    },
    'nothing-as-item': {
      when: ({ unlucky }) => unlucky?.response?.status === 200,
      say: ({ unlucky }) => `No item came, and your answer says 200 with \`${bodyText(unlucky!.response!).slice(0, 60)}\`. A client takes that for news. 204 says that all went well and there is nothing to read.`,
    },
    'limit-of-its-own': {
      when: ({ waitMs, unlucky }) => unlucky?.response?.status === 204 && !isInTime(unlucky, waitMs),
      say: ({ waitMs, unlucky }) => `WAIT_MS was ${waitMs} when your program was started, and the 204 left after ${seconds(ms(unlucky!))}.`,
    },
    'no-limit': {
      when: ({ unlucky }) => unlucky !== null && !wasEnded(unlucky) && unlucky.cut === null,
      say: ({ waitMs, unlucky }) => `WAIT_MS was ${waitMs} when your program was started. After ${seconds(unlucky!.waitedMs ?? 4000)} this client had still no answer. Proxies and browsers give up on such a request one day, and say that the server failed.`,
    },
  },
})

const survivesLeavers = check({
  title: 'A client that hung up while it waited did no harm',
  given: leaver,
  after: noGap,
  reread: 'slow-answer',
  verify: ({ text, post, stayed, late }, expect) => {
    expect(post).toHaveStatus(204)
    if (wasEnded(stayed) || stayed?.cut) expect(stayed).toHaveStatus(200).toHaveJson(item(1, text))
    else expect('did not come', 'the item, for the client that stayed').toBe('came')
    expect(late).toHaveStatus(200).toHaveJson(item(1, text))
  },
  diagnose: {
    'forgets-another': {
      when: ({ stayed, late }) => stayed !== null && !wasEnded(stayed) && late?.response?.status === 200,
      say: 'Two clients waited, and the first hung up. Then the item was posted, and the second was not told. When one left, another was forgotten.',
    },
  },
})

export default { waits, wakesAll, noGap, sameItem, timesOut, survivesLeavers }

function news(text: string) {
  return { method: 'POST', path: '/news', headers: [['Content-Type', 'text/plain']], body: text } as const
}

/** Requests cross the wire in an order of their own; what comes next waits for them. */
async function arrived(condition: () => boolean, wait: Kit['wait']): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries++) await wait(0.02)
}

/** Milliseconds from the request to the first byte of its answer. */
function ms({ startedAt, response }: Exchange): number {
  return Math.round((response?.startedAt ?? startedAt) - startedAt)
}

function isInTime(exchange: Exchange, waitMs: number): boolean {
  return ms(exchange) >= waitMs - EARLY_MS && ms(exchange) <= waitMs + LATE_MS
}

/** `1.61 s` */
function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}

function wasEnded(exchange: Exchange | null): boolean {
  return exchange?.response?.complete === true
}

function answeredBefore({ response }: Exchange, later: Exchange | null): boolean {
  return response !== null && response.startedAt < (later?.startedAt ?? Infinity)
}

/** More may stand in it. */
function item(n: number, text: string) {
  return matching(JSON.stringify({ n, text }), (value: unknown) => typeof value === 'object' && value !== null && 'n' in value && value.n === n && 'text' in value && value.text === text)
}

function isItem(exchange: Exchange | null, n: number, text: string): boolean {
  return exchange?.response?.status === 200 && item(n, text).test(jsonBody(exchange.response))
}

function shows(news: unknown, text: string): boolean {
  return typeof news === 'string' && news.includes(text)
}
