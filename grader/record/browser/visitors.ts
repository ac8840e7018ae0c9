import type { Browser, BrowserContext, CDPSession, Page as Tab } from 'puppeteer'
import { ordinaryUserAgent } from './ordinary-user-agent.ts'

/** A person's browser: a jar and a cache of its own. Its first tab is open already. */
export interface Visitor {
  readonly context: BrowserContext
  newTab(): Promise<OpenTab>
}

/** An empty tab that tells what its network does, and speaks as an ordinary visit. */
export interface OpenTab {
  readonly tab: Tab
  readonly session: CDPSession
}

/** Visitors that were made ready, and how many a grading is going to need. */
interface Pool {
  readonly spares: Promise<Visitor>[]
  taken: number
  needed: number
}

const pools = new WeakMap<Browser, Pool>()

/**
 * A visitor nobody has been, who reaches what he reaches through a proxy:
 * `socks5://127.0.0.1:40123`.
 */
export function newVisitorThrough(browser: Browser, proxyServer: string): Promise<Visitor> {
  return prepareVisitor(browser, { proxyServer })
}

/**
 * A visitor nobody has been. The next one is made ready meanwhile, for a context and a tab take as
 * long as a page's visit.
 */
export function newVisitor(browser: Browser): Promise<Visitor> {
  const pool = poolOf(browser)
  const visitor = pool.spares.shift() ?? prepareVisitor(browser)
  pool.taken++
  if (pool.spares.length === 0 && pool.taken < pool.needed) prepareSpareVisitor(browser, visitor)
  return visitor
}

/** Makes a visitor ready before one is asked for. */
export function prepareSpareVisitor(
  browser: Browser,
  after: Promise<unknown> = Promise.resolve(),
  prepare = prepareVisitor,
): void {
  const spare = after.then(() => prepare(browser))
  // It may never be asked for, and the browser may close first.
  spare.catch(() => {})
  poolOf(browser).spares.push(spare)
}

const MOST_SPARES = 8

/**
 * Makes as many visitors ready as were taken since this was last done: the next grading will likely
 * need as many, and no more.
 */
export function prepareVisitorsAsBefore(browser: Browser): void {
  const pool = poolOf(browser)
  pool.needed = Math.max(1, pool.taken)
  pool.taken = 0
  let before: Promise<unknown> = Promise.resolve()
  while (pool.spares.length < Math.min(pool.needed, MOST_SPARES)) {
    prepareSpareVisitor(browser, before, prepareAtLeisure)
    before = pool.spares.at(-1)!.catch(() => {})
  }
}

function poolOf(browser: Browser): Pool {
  const known = pools.get(browser) ?? { spares: [], taken: 0, needed: Infinity }
  pools.set(browser, known)
  return known
}

async function prepareVisitor(
  browser: Browser,
  options: { proxyServer?: string } = {},
): Promise<Visitor> {
  const context = await browser.createBrowserContext({
    downloadBehavior: { policy: 'deny' },
    ...options,
  })
  let first: OpenTab | null = await openTab(context)
  // One that waits for long may lose its process to a machine that is short of memory.
  first.tab.once('error', () => (first = null))
  return {
    context,
    newTab() {
      const open = first
      first = null
      return open ? Promise.resolve(open) : openTab(context)
    },
  }
}

/**
 * The first text that a process lays out has it find its fonts, for which there is time while
 * nobody waits.
 */
async function prepareAtLeisure(browser: Browser): Promise<Visitor> {
  const visitor = await prepareVisitor(browser)
  const [tab] = await visitor.context.pages()
  await tab
    ?.evaluate(
      "document.body.textContent = 'a'; document.body.innerText; document.body.textContent = ''",
    )
    .catch(() => {})
  return visitor
}

async function openTab(context: BrowserContext): Promise<OpenTab> {
  const tab = await context.newPage()
  const session = await tab.createCDPSession()
  const asOrdinary = await ordinaryUserAgent(context.browser())
  await Promise.all([session.send('Network.enable'), asOrdinary(session)])
  return { tab, session }
}
