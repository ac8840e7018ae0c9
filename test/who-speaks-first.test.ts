import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { unreadable } from './readable.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let chromium: TestBrowser
let server: FixtureServer
let page: Page
beforeAll(async () => {
  ;[chromium, server] = await Promise.all([openTestBrowser(), startFixtureServer()])
  page = await chromium.newReader()
  await page.goto(await server.playground('who-speaks-first'))
  await page.evaluate('document.querySelector("#open").focus()')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#replay:not([hidden]) #time')
  await page.bringToFront()
})
afterAll(async () => {
  await chromium.close()
  await server.close()
})

const text = (selector: string) => page.$eval(selector, (element) => element.textContent!.trim())
const steps = () => page.$eval('#time', (time: any) => Number(time.max))
const position = () => page.$eval('#time', (time: any) => Number(time.value))
const drawn = () =>
  page.$$eval('#sequence svg.picture > g:not(.p-pause):not(.later)', (all) => all.length)
const told = () => page.$$eval('.text-alternative tbody tr:not([hidden])', (all) => all.length)
const answer = (side: string) => page.click(`form.turn:not([hidden]) button[value=${side}]`)
const ON = '#on'

test('this browser’s own visit was recorded: one address, and every file of the page', async () => {
  const opened = (await page.browserContext().pages()).find(
    (each) => new URL(each.url()).hostname === '127.0.0.1',
  )!
  expect(await opened.$eval('h1', (heading) => heading.textContent)).toBe('The small site')
  expect(
    await opened.$$eval('#news li', (all) => all.map(({ textContent }) => textContent?.trim())),
  ).toEqual(['News: the kettle is on', 'News: the tea is ready'])
  const rows = await page.$$eval('#sum tbody tr', (all) =>
    all.map((row: any) => `${row.cells[0].textContent} ${row.cells[1].textContent.split(':')[0]}`),
  )
  expect(rows.filter((row) => !row.includes('favicon')).toSorted()).toEqual([
    'GET / → 200 you',
    'GET /news → 200 the page’s script',
    'GET /news → 200 the page’s script',
    'GET /picture.svg → 200 the page',
    'GET /script.js → 200 the page',
    'GET /style.css → 200 the page',
  ])
  expect(await text('#sum h2')).toBe(`One address, ${rows.length} exchanges`)
  // Each exchange is asked and answered, and twice there is news.
  expect(await steps()).toBe(rows.length * 2 + 2)
})

test('time stops and asks; a wrong answer is explained, the right one lets it go on', async () => {
  expect([await position(), await drawn(), await told()]).toEqual([0, 0, 0])
  expect(await text('form.turn:not([hidden]) legend')).toContain('Not one byte has been sent')
  await page.click(ON)
  expect([await position(), await text('#say')]).toEqual([0, 'First say whose turn it is.'])
  await answer('server')
  expect(await text('form.turn .why:not([hidden])')).toMatch(
    /^No\. In HTTP a server has no way to begin/,
  )
  await page.click(ON)
  expect(await position()).toBe(0)
  await answer('client')
  expect(await text('form.turn .why:not([hidden])')).toMatch(/^Right\./)
  await page.click(ON)
  expect([await position(), await drawn(), await told()]).toEqual([1, 1, 1])
  expect(await text('#now')).toMatch(/^0\.00 s · your browser: GET \//)
  expect(await page.$eval('#time', (time) => time.getAttribute('aria-valuetext'))).toBe(
    await text('#now'),
  )
})

test('the slider cannot pass a question, by keyboard either, and play stops at one', async () => {
  await page.focus('#time')
  await page.keyboard.press('End')
  expect(await position()).toBe(1)
  await answer('server')
  await page.focus('#time')
  await page.keyboard.press('End')
  expect([await position(), await text('form.turn:not([hidden]) legend')]).toEqual([
    2,
    expect.stringContaining('names a style sheet'),
  ])
  await answer('client')
  await page.click('#play')
  expect(await text('#play')).toBe('Pause')
  await page.click('#play')
  expect([await position(), await text('#play')]).toEqual([3, 'Play'])
  await page.focus('#time')
  await page.keyboard.press('End')
  expect(await text('form.turn:not([hidden]) legend')).toContain('the server learns something')
  await answer('nobody')
  await page.focus('#time')
  await page.keyboard.press('End')
  expect(await text('form.turn:not([hidden]) legend')).toContain('nothing has happened since')
})

test('without questions it goes to the end, and then says who wanted what', async () => {
  await page.click('#ask')
  expect(await page.$('form.turn:not([hidden])')).toBeNull()
  expect(await page.$eval('#sum', (sum: any) => sum.hidden)).toBe(true)
  await page.focus('#time')
  await page.keyboard.press('End')
  const all = await steps()
  expect([await position(), await drawn(), await told()]).toEqual([all, all, all])
  expect(await page.$eval('#sum', (sum: any) => sum.hidden)).toBe(false)
  await page.keyboard.press('ArrowLeft')
  expect([await position(), await drawn()]).toEqual([all - 1, all - 1])
})

test('can be read by everybody', async () => {
  await page.$$eval('details', (all) => all.forEach((each: any) => (each.open = true)))
  for (const key of ['Home', 'End'] as const) {
    await page.focus('#time')
    await page.keyboard.press(key)
    expect(await unreadable(page)).toEqual([])
  }
  expect(chromium.complaints).toEqual([])
})
