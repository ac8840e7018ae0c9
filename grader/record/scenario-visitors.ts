import type { Browser, CDPSession } from 'puppeteer'
import { browserProcesses } from './browser/browser-process.ts'
import { warmBrowser } from './browser/browser.ts'
import { downloadFolders, saveDownloads } from './browser/page/network/downloads.ts'
import { newVisitor, newVisitorThrough, type Visitor } from './browser/visitors.ts'
import type { Proxies } from './wire/proxies.ts'

/** The people who browse in one scenario. */
export interface Visitors {
  named(name: string): Promise<Visitor>
  /** Has a visitor save files from now on, and gives the folder in which. */
  saveFiles(visitor: Visitor): Promise<string>
  /** The processes of what they browse with; none before one of them came. */
  processes(): readonly number[]
  /** True when a browser that was used has gone. */
  lost(): boolean
  close(): Promise<void>
}

/** `onLost` is called when a browser that was used goes before the visitors are closed. */
export function createVisitors(proxies: Proxies, onLost: () => void): Visitors {
  const people = new Map<string, Promise<Visitor>>()
  const browsers = new Set<Browser>()
  const savers = new Map<Visitor, Promise<CDPSession>>()
  let downloads: ReturnType<typeof downloadFolders.makeWithin> | null = null
  let closed = false
  return {
    processes: () => (browsers.size > 0 ? browserProcesses() : []),
    lost: () => [...browsers].some(({ connected }) => !connected),
    async named(name) {
      const browser = await warmBrowser()
      // A scenario that was ended goes on unseen until it asks for something.
      if (closed) throw new Error('the scenario is over')
      // Not once(): Puppeteer's off() doesn't find what that binds, and a browser outlives many scenarios.
      if (!browsers.has(browser)) browser.on('disconnected', onLost)
      browsers.add(browser)
      const through = await proxies.through()
      const person =
        people.get(name) ??
        (through === null ? newVisitor(browser) : newVisitorThrough(browser, through))
      people.set(name, person)
      return person
    },
    async saveFiles(visitor) {
      const { path: folder } = (downloads ??= downloadFolders.makeWithin())
      const saver = savers.get(visitor) ?? saveDownloads(visitor.context, folder)
      savers.set(visitor, saver)
      await saver
      return folder
    },
    async close() {
      closed = true
      for (const browser of browsers) browser.off('disconnected', onLost)
      await Promise.all(
        [...people.values()].map(async (person) =>
          (await person.catch(() => null))?.context.close().catch(() => {}),
        ),
      )
      for (const saver of savers.values()) await saver.then((each) => each.detach()).catch(() => {})
      downloads?.remove()
    },
  }
}
