import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HTTPRequest, Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { textOf } from './course-pages.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let chromium: TestBrowser
let server: FixtureServer
let page: Page
beforeAll(async () => {
  ;[chromium, server] = await Promise.all([openTestBrowser(), startFixtureServer()])
})
beforeEach(async () => {
  page = await chromium.newReader()
})
afterEach(async () => {
  await page.browserContext().close()
  expect(chromium.complaints.splice(0)).toEqual([])
})
afterAll(async () => {
  await chromium.close()
  await server.close()
})

const EXERCISE = '/exercises/say-hello'
const CONTENT = '.editor-surface >>> .cm-content'

/** Lets requests whose address matches wait. Gives those that wait, and lets them through. */
const hold = async (address: RegExp) => {
  const held: HTTPRequest[] = []
  let isHolding = true
  await page.setRequestInterception(true)
  page.on('request', (request) => {
    if (isHolding && address.test(request.url())) held.push(request)
    else void request.continue()
  })
  return {
    held,
    letThrough() {
      isHolding = false
      for (const request of held) void request.continue()
    },
  }
}

test('nothing moves while the editor comes, and its place says what is awaited', async () => {
  const { held, letThrough } = await hold(/\/codemirror-view/)
  await page.evaluateOnNewDocument(`
    globalThis.moved = 0
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries()) moved += value
    }).observe({ type: 'layout-shift', buffered: true })`)
  await page.goto(server.url + EXERCISE, { waitUntil: 'domcontentloaded' })
  await expect.poll(() => held.length).toBe(1)
  const words = () =>
    page.$eval(
      '.editor-surface',
      (surface: any) =>
        surface.ownerDocument.defaultView.getComputedStyle(surface, '::before').content,
    )
  await expect.poll(words).toBe('"Loading the editor …"')
  letThrough()
  await page.waitForSelector(CONTENT)
  expect(await words()).toBe('none')
  // Numbers of lines get their place a moment after the text.
  expect(await page.evaluate('moved')).toBeLessThan(0.01)
})

test('an editor that is closed before it has come asks for nothing any more', async () => {
  const { held, letThrough } = await hold(/\/codemirror-view/)
  await page.goto(server.url + EXERCISE)
  await expect.poll(() => held.length).toBe(1)
  await (await page.waitForSelector('.editor-bar button:last-child'))!.click()
  await page.waitForSelector('#edit > button')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  letThrough()
  await page.waitForNetworkIdle({ idleTime: 2500 })
  expect(asked.filter((url) => url.includes('/files/'))).toEqual([])
  expect(await page.$('.editor-surface')).toBeNull()
})

test('a save is no change made elsewhere, in whatever order the answers come', async () => {
  // Every answer about the file that is asked for by a look waits for a word.
  await page.evaluateOnNewDocument(`
    const send = fetch
    globalThis.looks = []
    globalThis.fetch = async (address, options = {}) => {
      const answer = await send(address, options)
      if (options.headers?.['If-None-Match'] && globalThis.isHolding)
        await new Promise((resolve) => looks.push(resolve))
      return answer
    }`)
  await page.goto(server.url + EXERCISE)
  await page.focus(await page.waitForSelector(CONTENT).then(() => CONTENT))
  const state = (words: string) =>
    page.waitForFunction(`document.querySelector('.editor-state').textContent === '${words}'`)
  const file = () => readFileSync(join(server.paths.work, 'say-hello', 'server.ts'), 'utf8')
  for (const letter of ['a', 'b']) {
    await page.evaluate('globalThis.isHolding = true')
    await page.waitForFunction('looks.length === 1', { polling: 100 })
    await page.keyboard.type(letter)
    await state('Not saved yet')
    await page.keyboard.down('Control')
    await page.keyboard.press('s')
    await page.keyboard.up('Control')
    await state('Saved')
    await page.evaluate('isHolding = false; looks.splice(0).forEach((answer) => answer())')
    // The next look finds all as it is.
    await page.waitForResponse((answer) => answer.status() === 304)
    expect(await textOf(page, '.editor-notice')).toBe('')
    expect(await textOf(page, '.editor-state')).toBe('Saved')
  }
  expect(file()).toBe('ab// TODO\n')
})

test('what is typed before the palette has come is meant for it', async () => {
  const { held, letThrough } = await hold(/\/palette\./)
  await page.goto(server.url + EXERCISE)
  const before = page.url()
  for (const key of ['/', 'j', 'k']) await page.keyboard.press(key as 'j')
  await expect.poll(() => held.length).toBe(1)
  letThrough()
  await page.waitForSelector('dialog[open]')
  await page.keyboard.press('s')
  expect(await page.$eval('dialog input', (field) => field.value)).toBe('jks')
  expect(page.url()).toBe(before)
})

test('a palette that cannot be had leads to the search page', async () => {
  await page.setRequestInterception(true)
  page.on('request', (request) =>
    /\/palette\./.test(request.url()) ? request.abort() : request.continue(),
  )
  await page.goto(`${server.url}/lessons/first-lesson`)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('/')])
  expect(new URL(page.url()).pathname).toBe('/search')
  expect(chromium.complaints.splice(0)).toEqual(['Failed to load resource: net::ERR_FAILED'])
})

test.each([
  ['a hint', EXERCISE, '#hints button', /\/hints$/, '#hints li'],
  ['a run', EXERCISE, "form[action$='/run'] button", /\/run$/, '#results .verdict'],
  ['a quiz', '/lessons/first-lesson', 'form.quiz button', /\/answer/, '.outcome > *'],
])('%s that is under way shows on its button, and is asked for once', async (...row) => {
  const [, path, selector, address, outcome] = row
  const { held, letThrough } = await hold(address)
  await page.goto(server.url + path)
  await page.$$eval('form.quiz', (forms) =>
    forms.forEach((form: any) => form.querySelector('[type=radio]').click()),
  )
  await page.waitForNetworkIdle({ idleTime: 200 }).catch(() => {})
  const button = (await page.$(selector))!
  for (let presses = 0; presses < 3; presses++) await button.click()
  await expect.poll(() => held.length).toBe(1)
  expect(await button.evaluate((pressed) => pressed.getAttribute('aria-busy'))).toBe('true')
  letThrough()
  await page.waitForSelector(outcome)
  expect(held.length).toBe(1)
  expect(await page.$('[aria-busy]')).toBeNull()
})

test.each([
  ['a run', EXERCISE, "form[action$='/run'] button", /\/run$/],
  ['a quiz', '/lessons/first-lesson', 'form.quiz button', /\/answer/],
])('%s whose answer breaks off says so, and can be asked for again', async (...row) => {
  const [, path, selector, address] = row
  await page.goto(server.url + path)
  await page.$$eval('form.quiz', (forms) =>
    forms.forEach((form: any) => form.querySelector('[type=radio]').click()),
  )
  await page.setRequestInterception(true)
  page.on('request', (request) =>
    address.test(request.url())
      ? request.respond({ contentType: 'application/json', body: '{"html":"<p>Ha' })
      : request.continue(),
  )
  await page.click(selector)
  await expect.poll(() => textOf(page, 'main')).toContain('broke off. Try it again.')
  expect(await textOf(page, 'main')).not.toContain('undefined')
  expect(await page.$('[aria-busy]')).toBeNull()
})
