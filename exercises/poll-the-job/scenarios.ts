import { hasStatus, isAnswered, present, scenario, type Kit, type Page } from '#grader'
import {
  asAsked,
  hasFailed,
  isOver,
  lastTold,
  ordersBefore,
  pausesIn,
  pollsAfter,
  type Asked,
} from './asked.ts'
import { busy, failed, MADE, reportService, running } from './service.ts'

const RESULT = shownIn('result')
const ERROR = shownIn('error')

/**
 * What a script does within a second after the longest pause, which is 2 s, it does within so many
 * turns. The page's own timer counts them: on a busy machine it is as late as those of the script.
 */
const TURNS = 65
const TURN = 'new Promise((resolve) => setTimeout(resolve, 50))'
/** After so many looks into the page what it doesn't show is not coming. */
const LOOKS = 30
/** No page needs more of them until its job is over. */
const MOST_ANSWERS = 8
/**
 * The last answer has no Retry-After, so what goes on asking does so at once, or after a second of
 * its own. This timer is the page's, too, and goes off after that.
 */
const IDLE = 'new Promise((resolve) => setTimeout(resolve, 1300))'

export const made = scenario('Chromium clicks #go twice, quickly, and the report is made', {
  setUp: ({ random }) => {
    const percents = [random.integer(11, 49), random.integer(51, 89)] as const
    const report = `${random.word()}: ${random.integer(1000, 9999)}`
    const course = [running(percents[0], 1), running(percents[1], 1), MADE]
    return { percents, report, ...reportService(random, { course, report }) }
  },
  async record(kit, { percents, report, holdAcceptance }) {
    const page = await visit(kit)
    const letGo = holdAcceptance()
    await page.click('#go', { count: 2 })
    letGo()
    if (await untilOver(kit, page)) {
      await page.until(RESULT, isIt(report))
      await page.evaluate(IDLE)
    }
    return { percents, report, exchanges: kit.exchanges(), ...(await shownBy(page)) }
  },
  facts: ({ exchanges, ...recorded }) => {
    const asked = asAsked(exchanges)
    const orders = ordersBefore(asked, asked.reports[0])
    return {
      ...recorded,
      ...inGeneral(asked),
      orders,
      /** The answer that says where the report is. */
      end: asked.polls.find(hasStatus(303)),
      afterwards: pollsAfter(asked, asked.reports[0]),
    }
  },
})

export const failing = scenario('Chromium clicks #go, again while the job runs, and it fails', {
  setUp: ({ random }) => {
    const percent = random.integer(21, 79)
    const reason = `the ${random.word()} is missing`
    const course = [running(percent, 2), failed(reason)]
    const { site } = reportService(random, { course, report: 'never made' })
    return { percents: [percent], reason, site }
  },
  async record(kit, { percents, reason }) {
    const page = await visit(kit)
    await page.click('#go')
    const isRunning = await patiently(page, () => asAsked(kit.exchanges()).polls.some(isAnswered))
    if (isRunning) await page.evaluate(CLICK_AS_PERSON)
    if (isRunning && (await untilOver(kit, page))) {
      await page.until(ERROR, isIt(reason))
      await page.evaluate(IDLE)
    }
    const atEnd = { exchanges: kit.exchanges(), ...(await shownBy(page)) }
    const orders = () => asAsked(kit.exchanges()).orders.length
    const before = orders()
    await page.evaluate(CLICK_AS_PERSON)
    if (isOver(asAsked(atEnd.exchanges))) await patiently(page, () => orders() > before)
    return { percents, reason, ...atEnd, ordersLater: orders() - before }
  },
  facts: ({ exchanges, ...recorded }) => {
    const asked = asAsked(exchanges)
    const end = asked.polls.find(hasFailed)
    const orders = ordersBefore(asked, end)
    return { ...recorded, ...inGeneral(asked), orders, end, afterwards: pollsAfter(asked, end) }
  },
})

export const interrupted = scenario('Chromium clicks #go, and the service is busy for a while', {
  setUp: ({ random }) => {
    const report = `${random.word()} and ${random.word()}`
    const course = [busy(2), MADE]
    const { site } = reportService(random, { course, report, namesWholeAddress: true })
    return { report, site }
  },
  async record(kit, { report }) {
    const page = await visit(kit)
    await page.click('#go')
    if (await untilOver(kit, page)) await page.until(RESULT, isIt(report))
    return { report, exchanges: kit.exchanges(), ...(await shownBy(page)) }
  },
  facts: ({ exchanges, ...recorded }) => {
    const asked = asAsked(exchanges)
    const busyAnswer = asked.polls.find(hasStatus(503))
    return { ...recorded, ...inGeneral(asked), busyAnswer, again: asked.polls[1] }
  },
})

/** What the page showed, text by text. */
export interface Seen {
  /** Whether the tab still shows the page; what it showed is lost with it. */
  readonly isThere: boolean
  readonly status: readonly string[]
  readonly result: readonly string[]
  readonly error: readonly string[]
}

/** The same for every run: what was ordered, asked, waited for. */
function inGeneral(asked: Asked) {
  const { orders, polls, reports, others, job } = asked
  const afterOrder = others.filter(({ startedAt }) => startedAt > (orders[0]?.startedAt ?? 0))
  return {
    orders,
    polls,
    reports,
    others,
    job,
    afterOrder,
    told: lastTold(asked),
    pauses: pausesIn(asked),
  }
}

async function visit({ newPage }: Kit): Promise<Page> {
  const page = await newPage()
  const { document } = await page.open('/')
  present(document, 'GET /')
  await page.evaluate(OBSERVE)
  return page
}

/**
 * Waits until the job is over, from answer to answer, because each comes a while after the one
 * before. A page that has ordered twice is not waited for: it may do so again and again.
 */
async function untilOver({ exchanges }: Kit, page: Page): Promise<boolean> {
  const now = () => asAsked(exchanges())
  const isEnough = () => isOver(now()) || now().orders.length > 1
  let known = 0
  const isFurther = () => answers(now()) > known || isEnough()
  while (known < MOST_ANSWERS && !isEnough() && (await patiently(page, isFurther)))
    known = answers(now())
  return isOver(now())
}

/** Waits for something that the page's script does; gives false where it did not in time. */
async function patiently(page: Page, condition: () => boolean): Promise<boolean> {
  for (let turns = 0; turns < TURNS && !condition(); turns++) {
    const { error } = await page.evaluate(TURN)
    if (error !== null) break
  }
  return condition()
}

/** How many answers the page has about its job, that to its order included. */
function answers({ orders, polls }: Asked): number {
  return [...orders, ...polls].filter(isAnswered).length
}

async function shownBy(page: Page) {
  const seen = await page.evaluate('globalThis.observed')
  const result = await page.evaluate(RESULT)
  const error = await page.evaluate(ERROR)
  return { seen: asSeen(seen.value), result, error }
}

function asSeen(value: any): Seen {
  return { isThere: Boolean(value), status: [], result: [], error: [], ...value }
}

/** True where the text is in it, or once it was looked for often enough. */
function isIt(wanted: string): (text: unknown) => boolean {
  let looks = 0
  return (text) => String(text).includes(wanted) || ++looks >= LOOKS
}

function shownIn(id: string): string {
  return `document.querySelector('#${id}')?.textContent.trim() ?? ''`
}

/** Keeps every text that the page shows from now on, however briefly. */
const OBSERVE = `{
  const observed = { status: [], result: [], error: [] }
  globalThis.observed = observed
  const keep = (list, text) => { if (text && list.at(-1) !== text && list.length < 30) list.push(text) }
  const look = () => {
    for (const id of ['status', 'result', 'error'])
      keep(observed[id], document.querySelector('#' + id)?.textContent.trim())
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
}`

/**
 * Clicks the button where a person could: not while it is hidden or covered. page.click() would end
 * the scenario there.
 */
const CLICK_AS_PERSON = `{
  const { left, top, width, height } = document.querySelector('#go')?.getBoundingClientRect() ?? {}
  const there = width && document.elementFromPoint(left + width / 2, top + height / 2)
  if (there) there.closest('#go')?.click()
}`
