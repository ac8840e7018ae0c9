import type { Browser, BrowserContext, Page as Tab } from 'puppeteer'

/** A person's browser: a jar and a cache of its own. Its first tab is open already. */
export interface Visitor {
  readonly context: BrowserContext
  newTab(): Promise<Tab>
}

const spares = new WeakMap<Browser, Promise<Visitor>>()

/** A visitor nobody has been. The next one is made ready meanwhile, for a context and a tab take as long as a page's visit. */
export function newVisitor(browser: Browser): Promise<Visitor> {
  const visitor = spares.get(browser) ?? prepareVisitor(browser)
  prepareSpareVisitor(browser, visitor)
  return visitor
}

/** Makes a visitor ready before one is asked for. */
export function prepareSpareVisitor(browser: Browser, after: Promise<unknown> = Promise.resolve()): void {
  const spare = after.then(() => prepareVisitor(browser))
  // It may never be asked for, and the browser may close first.
  spare.catch(() => {})
  spares.set(browser, spare)
}

async function prepareVisitor(browser: Browser): Promise<Visitor> {
  const context = await browser.createBrowserContext({ downloadBehavior: { policy: 'deny' } })
  let first: Tab | null = await context.newPage()
  return {
    context,
    newTab() {
      const tab = first
      first = null
      return tab ? Promise.resolve(tab) : context.newPage()
    },
  }
}
