import type { Page } from 'puppeteer'
import { afterAll, beforeAll } from 'vitest'
import type { PlaygroundName } from '../course/lessons/playgrounds.ts'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

/** A playground that is served, and a browser beside it, for all tests of a file. */
export function playgroundInTests(name: PlaygroundName): {
  /** Its page, as a reader sees it who was never there before. */
  open(): Promise<Page>
  /** Errors of its pages so far, and what their Content-Security-Policy refused. */
  complaints(): readonly string[]
} {
  let chromium: TestBrowser
  let server: FixtureServer
  beforeAll(async () => {
    ;[chromium, server] = await Promise.all([openTestBrowser(), startFixtureServer()])
  })
  afterAll(async () => {
    await chromium.close()
    await server.close()
  })
  return {
    async open() {
      const page = await chromium.newReader()
      await page.goto(await server.playground(name))
      return page
    },
    complaints: () => chromium.complaints,
  }
}
