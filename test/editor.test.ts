import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  begin,
  fixtureReport,
  scriptedGrade,
  type ScriptedGrade,
} from '../testing/sample-grading.ts'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { axeFindings } from './axe-findings.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let chromium: TestBrowser
let server: FixtureServer
let scripted: ScriptedGrade
let page: Page
beforeAll(async () => {
  chromium = await openTestBrowser()
})
afterAll(() => chromium.close())
beforeEach(async () => {
  scripted = scriptedGrade(async (script) => {
    begin(script)
    return fixtureReport(script.run)
  })
  const files = {
    'exercises/say-hello/stub/names.ts': 'export const name = 1\n',
    'exercises/say-hello/solution/names.ts': '\n',
  }
  server = await startFixtureServer({ grade: scripted.grade, files })
  page = await chromium.newReader()
  // Closed the last time: what leads to the editor are its buttons.
  await page.evaluateOnNewDocument("localStorage.setItem('editor', 'closed')")
  await page.goto(`${server.url}/exercises/say-hello`)
})
afterEach(async () => {
  await page.browserContext().close()
  await server.close()
})

const file = (name = 'server.ts') => join(server.paths.work, 'say-hello', name)
const onDisk = () => readFileSync(file(), 'utf8')
const pressButton = async (text: string) =>
  (await page.waitForSelector(`main ::-p-xpath(.//button[normalize-space(.)="${text}"])`))!.click()
const state = () => page.$eval('.editor-state', (element) => element.textContent)
const notice = () => page.$eval('.editor-notice', (element) => element.innerText)
const content = async () =>
  (await page.$('.editor-surface textarea'))
    ? page.$eval('textarea', (field) => field.value)
    : page.$eval('.editor-surface ::-p-xpath(./div)', readEditor)
const readEditor = (host: any): string =>
  Array.from(host.shadowRoot.querySelectorAll('.cm-line'), (line: any) => line.textContent).join(
    '\n',
  )
const open = async (button = 'Edit here') => {
  await pressButton(button)
  await page.waitForFunction('document.querySelector(".editor-state")?.textContent === "Saved"')
}
/** Types at the beginning of the file. */
const type = async (text: string) => {
  await page.keyboard.down('Control')
  await page.keyboard.press('Home')
  await page.keyboard.up('Control')
  await page.keyboard.type(text)
}
const pressSave = async () => {
  await page.keyboard.down('Control')
  await page.keyboard.press('s')
  await page.keyboard.up('Control')
}

// The keys of the page (`/` for search) are among what is typed.
describe.each(['Edit here', 'Plain text field'])('%s', (button) => {
  test('edits the learner’s real file, and Ctrl-S saves it', async () => {
    await open(button)
    expect(await content()).toContain('// TODO')
    await type('let a')
    expect(await state()).toBe('Not saved yet')
    expect(onDisk()).toBe('// TODO\n')
    await pressSave()
    await expect.poll(onDisk).toBe('let a// TODO\n')
    await expect.poll(state).toBe('Saved')
  })

  test('saves before the checks are run', async () => {
    await open(button)
    await type('let b')
    await pressButton('Run the checks')
    await page.waitForSelector('#results[data-over=true] .verdict')
    expect(onDisk()).toBe('let b// TODO\n')
  })

  test('shows what was changed outside, when nothing was changed here', async () => {
    await open(button)
    writeFileSync(file(), 'let c = 3\n')
    await expect.poll(content, { timeout: 8000 }).toContain('let c = 3')
    expect(await notice()).toContain(
      'server.ts was changed outside this page. This is the newer version.',
    )
    expect(await state()).toBe('Saved')
  })

  test('offers both versions when both were changed, and keeps either', async () => {
    await open(button)
    await type('let mine')
    writeFileSync(file(), 'let theirs\n')
    await expect.poll(notice, { timeout: 8000 }).toContain('Which one shall it be?')
    expect(await page.$eval('.editor-compared .diff', (element) => element.textContent)).toMatch(
      /let mine\/\/ TODO.*let theirs/s,
    )
    // Nothing is written before the choice: not by Ctrl-S, and no checks are run either.
    const offered = (await page.$('.editor-compared'))!
    await pressButton('Save')
    // Offered anew: the page moves while that happens, and a click then may miss its button.
    await expect.poll(() => offered.evaluate((element) => element.isConnected)).toBe(false)
    await pressButton('Run the checks')
    await expect
      .poll(() => page.$eval('#connection', (element) => element.textContent))
      .toContain('server.ts was changed outside this page.')
    expect(scripted.begun()).toBe(0)
    expect(onDisk()).toBe('let theirs\n')

    await pressButton('Keep mine')
    await expect.poll(onDisk).toBe('let mine// TODO\n')
    await expect.poll(notice).toContain('The other version is kept in')
    const kept = readdirSync(server.paths.work).find((name) =>
      name.startsWith('say-hello.before-edit-'),
    )!
    expect(readFileSync(join(server.paths.work, kept, 'server.ts'), 'utf8')).toBe('let theirs\n')
  })

  test('takes the file’s version, and undo brings one’s own back', async () => {
    await open(button)
    await type('let mine')
    writeFileSync(file(), 'let theirs\n')
    await expect.poll(notice, { timeout: 8000 }).toContain('Which one shall it be?')
    await pressButton('Take the file’s')
    await expect.poll(content).toContain('let theirs')
    expect(await content()).not.toContain('mine')
    expect(await state()).toBe('Saved')
    expect(onDisk()).toBe('let theirs\n')
    await page.focus(button === 'Edit here' ? '.editor-surface >>> .cm-content' : 'textarea')
    await page.keyboard.down('Control')
    await page.keyboard.press('z')
    await page.keyboard.up('Control')
    await expect.poll(content).toContain('let mine')
    expect(await state()).toBe('Not saved yet')
  })
})

test('a change outside in the very moment of saving is not overwritten', async () => {
  await open()
  await type('let mine')
  writeFileSync(file(), 'let theirs\n')
  await pressSave()
  await expect.poll(notice).toContain('Which one shall it be?')
  expect(onDisk()).toBe('let theirs\n')
})

test('an exercise with several files has a tab for each, and saves all', async () => {
  await open()
  await type('let a')
  await pressButton('names.ts')
  await expect.poll(content).toContain('export const name')
  await page.focus('.editor-surface >>> .cm-content')
  await type('let n')
  expect(
    await page.$$eval('.editor-tabs button', (tabs) =>
      tabs.map((tab) => [tab.textContent, tab.getAttribute('aria-pressed')]),
    ),
  ).toEqual([
    ['server.ts •', 'false'],
    ['names.ts •', 'true'],
  ])
  await pressSave()
  await expect
    .poll(() => [onDisk(), readFileSync(file('names.ts'), 'utf8')])
    .toEqual(['let a// TODO\n', 'let nexport const name = 1\n'])
  await pressButton('server.ts')
  await expect.poll(content).toContain('let a// TODO')
})

test('lines keep the ending they have on disk', async () => {
  writeFileSync(file(), 'let a\r\nlet b\r\n')
  await open()
  await type('// ')
  await pressSave()
  await expect.poll(onDisk).toBe('// let a\r\nlet b\r\n')
})

test('the keyboard gets in, indents, and gets out again', async () => {
  await open()
  await page.keyboard.press('Tab')
  await expect.poll(state).toBe('Not saved yet')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.closest(".editor-surface")')).toBeNull()
})

test('is fetched only when it is asked for, and a plain field stands in when it cannot be', async () => {
  const fetched: string[] = []
  await page.setRequestInterception(true)
  page.on('request', (request) => {
    fetched.push(new URL(request.url()).pathname)
    void (/\/editor\./.test(request.url()) ? request.abort() : request.continue())
  })
  await page.reload({ waitUntil: 'networkidle0' })
  const scripts = () =>
    fetched.flatMap((path) => /^\/static\/([\w-]+)\.[\w-]{10}\.js$/.exec(path)?.[1] ?? [])
  expect(scripts().toSorted()).toEqual(['edit', 'exercise', 'frame', 'kept', 'kept-layout', 'page'])
  await open()
  expect(scripts()).toEqual(
    expect.arrayContaining(['edit-session', 'files-on-disk', 'typing-surface']),
  )
  expect(fetched.filter((path) => /\/editor\./.test(path))).toHaveLength(1)
  expect(await page.$('.editor-surface textarea')).not.toBeNull()
  await type('let a')
  await pressSave()
  await expect.poll(onDisk).toBe('let a// TODO\n')
})

test('says what to do when nothing of it can be fetched, and is there after that', async () => {
  await page.setOfflineMode(true)
  await pressButton('Edit here')
  await expect
    .poll(() => page.$eval('#edit', (element) => element.innerText))
    .toContain('then reload the page.')
  expect(
    await page.$$eval('#edit button', (buttons) => buttons.map((button) => button.textContent)),
  ).toEqual(['Edit here', 'Plain text field'])
  await page.setOfflineMode(false)
  // A browser may keep to a module's failure as long as the page lives.
  await page.reload()
  await open()
  await type('let a')
  await pressSave()
  await expect.poll(onDisk).toBe('let a// TODO\n')
})

test('says so when the file is gone or the server does not answer, and loses nothing', async () => {
  await open()
  await type('let a')
  rmSync(file())
  await pressSave()
  await expect.poll(notice).toContain('Which one shall it be?')
  expect(existsSync(file())).toBe(false)
  await pressButton('Keep mine')
  await expect.poll(() => existsSync(file()) && onDisk()).toBe('let a// TODO\n')
  await expect.poll(state).toBe('Saved')
  await page.setOfflineMode(true)
  await page.focus('.editor-surface >>> .cm-content')
  await type('let b')
  await pressSave()
  await expect.poll(notice).toContain('The course server does not answer.')
  expect(await content()).toContain('let b')
})

test('no script and no style was refused by the page’s policy', async () => {
  const refused: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy|Refused/.test(message.text())) refused.push(message.text())
  })
  await page.reload()
  await open()
  await type('const a = "b" // c')
  await page.keyboard.down('Control')
  await page.keyboard.press('f')
  await page.keyboard.up('Control')
  await page.waitForSelector('.editor-surface >>> .cm-search')
  expect(refused).toEqual([])
})

test.each(['light', 'dark'] as const)(
  'can be read by everybody, %s: a comment in the active line, too',
  async (scheme) => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await open()
    await type('const a = "b" // c')
    expect(await axeFindings(page)).toEqual([])
  },
)
