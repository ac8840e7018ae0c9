import type { Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let chromium: TestBrowser
let server: FixtureServer
let page: Page
beforeAll(async () => {
  ;[chromium, server] = await Promise.all([openTestBrowser(), startFixtureServer()])
})
afterEach(async () => {
  await page.browserContext().close()
  expect(chromium.complaints.splice(0)).toEqual([])
})
afterAll(async () => {
  await chromium.close()
  await server.close()
})

/** What a browser does with the storage of a site. */
const STORAGES = {
  // Chromium, where all of a site's data is blocked.
  blocked: `Object.defineProperty(globalThis, 'localStorage', {
    get() { throw new DOMException('Access is denied for this document.', 'SecurityError') },
  })`,
  full: `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }`,
}

async function open(storage: keyof typeof STORAGES, path: string): Promise<void> {
  page = await chromium.newReader()
  await page.evaluateOnNewDocument(STORAGES[storage])
  await page.goto(server.url + path)
}

const STORAGE_KINDS = Object.keys(STORAGES) as (keyof typeof STORAGES)[]
const EDITOR = '.editor-surface >>> .cm-content'

test.each(STORAGE_KINDS)('%s: the editor comes, is closed, and comes again', async (storage) => {
  await open(storage, '/exercises/say-hello')
  await page.waitForSelector(EDITOR)
  await page.click('#edit ::-p-text(Close)')
  await page.click('#edit ::-p-text(Edit here)')
  await page.waitForSelector(EDITOR)
})

test.each(STORAGE_KINDS)('%s: the page is divided', async (storage) => {
  await open(storage, '/exercises/say-hello')
  const width = () => page.$eval('.task', (task) => task.getBoundingClientRect().width)
  await page.focus('.divider')
  const before = await width()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  expect(await width()).toBeLessThan(before)
})

test.each(STORAGE_KINDS)('%s: the keys are turned off for this page', async (storage) => {
  await open(storage, '/')
  await page.keyboard.press('/')
  await page.waitForSelector('.palette[open] input')
  await page.keyboard.type('Turn the keys')
  await page.waitForSelector('.palette [role=option] ::-p-text(off)')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.palette:not([open])')
  await page.keyboard.press('/')
  expect(await page.$('.palette[open]')).toBeNull()
})
