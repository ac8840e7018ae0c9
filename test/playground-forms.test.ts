import type { HTTPRequest, Page } from 'puppeteer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playgrounds, type PlaygroundName } from '../course/lessons/playgrounds.ts'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let chromium: TestBrowser
let server: FixtureServer
beforeAll(async () => {
  ;[chromium, server] = await Promise.all([openTestBrowser(), startFixtureServer()])
})
afterAll(async () => {
  await chromium.close()
  await server.close()
})

/** Opens a page whose scripts come only once they are let through. */
const openSlowly = async (address: string) => {
  const page = await chromium.newReader()
  const held: HTTPRequest[] = []
  let isHeld = true
  await page.setRequestInterception(true)
  page.on('request', (request) => {
    if (isHeld && request.resourceType() === 'script') held.push(request)
    else void request.continue()
  })
  const loaded = page.goto(address)
  await page.waitForSelector('.playground-page > :last-child')
  return {
    page,
    letThrough: async () => {
      isHeld = false
      for (const request of held) void request.continue()
      await loaded
    },
  }
}

/** Uses everything that could send a form, as an impatient reader does. */
const useAll = async (page: Page) => {
  await page.$$eval('input[type=radio]', (radios) => radios.forEach((radio: any) => radio.click()))
  await page.$$eval('button', (buttons) => buttons.forEach((button: any) => button.click()))
  for (const field of await page.$$('input:not([type=hidden])')) {
    await field.focus()
    await page.keyboard.press('Enter')
  }
}

test.each(Object.keys(playgrounds) as PlaygroundName[])(
  '%s sends no form before its script is there to read it',
  async (name) => {
    for (const suffix of ['', '?framed']) {
      const address = (await server.playground(name)) + suffix
      const { page, letThrough } = await openSlowly(address)
      let visits = 0
      page.on('framenavigated', () => visits++)
      await useAll(page)
      await letThrough()
      expect([page.url(), visits]).toEqual([address, 0])
      const waiting = await page.$$eval('form button:disabled', (all) => all.length)
      expect(waiting).toBe(0)
      await page.close()
    }
  },
)
