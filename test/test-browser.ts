import type { Browser, Page } from 'puppeteer'
import { resolvePaths } from '../course/paths.ts'
import type { FoundBrowser } from '../grader/record/browser/install/browser-places.ts'
import { findBrowser } from '../grader/record/browser/install/find-browser.ts'
import { launchBrowser } from '../grader/record/browser/launch-browser.ts'

let found: Promise<FoundBrowser> | undefined

/**
 * The browser of this machine, found or installed as for a learner; what is installed stays in the
 * project's own state folder.
 */
export function findTestBrowser(): Promise<FoundBrowser> {
  found ??= findBrowser({ stateDir: resolvePaths({}).state, onProgress: () => {} })
  return found
}

export interface TestBrowser {
  readonly browser: Browser
  /**
   * A tab of a reader nobody has been. What its pages report as errors is collected in
   * `complaints`.
   */
  newReader(options?: { javaScript?: boolean; proxyServer?: string }): Promise<Page>
  /** Errors thrown by pages' scripts, and what their Content-Security-Policy refused. */
  readonly complaints: string[]
  close(): Promise<void>
}

/** Starts a browser with which a test reads the course, as a learner does. */
export async function openTestBrowser(): Promise<TestBrowser> {
  const browser = await launchBrowser({ found: await findTestBrowser() })
  const complaints: string[] = []
  return {
    browser,
    complaints,
    async newReader({ javaScript = true, proxyServer } = {}) {
      const context = await browser.createBrowserContext(proxyServer ? { proxyServer } : {})
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      await page.setViewport({ width: 1200, height: 900 })
      await page.setJavaScriptEnabled(javaScript)
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      return page
    },
    close: () => browser.close(),
  }
}
