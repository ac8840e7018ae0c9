import type { Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { unreadable } from './readable.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let chromium: TestBrowser
let server: FixtureServer
let page: Page
beforeAll(async () => {
  ;[chromium, server] = await Promise.all([openTestBrowser(), startFixtureServer()])
})
afterAll(async () => {
  await chromium.close()
  await server.close()
})
beforeEach(async () => {
  page = await chromium.newReader()
  await page.goto(await server.playground('break-the-request'))
})

const typed = () => page.$eval('#bytes', (box) => box.value as string)
/** Presses a preset by its name and gives what the two readers say. */
const press = async (name: string) => {
  await page.evaluate("document.getElementById('outcome').replaceChildren()")
  await page.locator(`::-p-xpath(//button[.="${name}"])`).click()
  return verdicts()
}
const verdicts = async () => {
  await page.waitForSelector('#outcome .judged')
  return page.$$eval('#outcome .judged strong', (words) =>
    words.map(({ textContent }) => textContent),
  )
}

test('shows what this browser sent, each part explained to the pointer and to the keyboard', async () => {
  const request = await page.$eval('.wire-message code', (code) => code.textContent ?? '')
  expect(request).toMatch(
    /^GET \/[0-9a-f]{16}\/ HTTP\/1\.1\\r\\n\nHost: localhost:\d+\\r\\n\n[^]*User-Agent: Mozilla[^]*Sec-Fetch-Dest: document\\r\\n\n[^]*\n\\r\\n\n$/,
  )
  const tip = () =>
    page.$eval('.field-tip', (tip) => (tip.matches(':popover-open') ? tip.textContent : null))
  await page.hover('a[href="#part-method"]')
  expect(await tip()).toMatch(/^The method/)
  await page.focus('.wire-message pre')
  const told = []
  for (let step = 0; step < 5; step++) {
    await page.keyboard.press('Tab')
    told.push(((await tip()) ?? '').split(/[ :]/, 2).join(' '))
  }
  expect(told).toEqual(['The method', 'One space,', 'The target', 'The version', 'A carriage'])
  expect(
    await page.$$eval(
      'a.part',
      (parts) =>
        parts.length -
        parts.filter(({ hash, ownerDocument }) => ownerDocument.querySelector(hash)).length,
    ),
  ).toBe(0)
})

test('each way to break it: what Node makes of it, what a strict reader does, and the byte in question', async () => {
  const ways: [name: string, words: string[], marked: string | null][] = [
    ['As it should be', ['Calls your handler:', 'Accepts it.'], null],
    ['Without Host', ['400 Bad Request.', '400.'], '\\r'],
    ['get in small letters', ['400 Bad Request.', 'Accepts it.'], null],
    ['A space before the colon', ['400 Bad Request.', '400.'], ' '],
    ['Two spaces', ['Calls your handler:', '400.'], ' '],
    ['A line feed alone', ['400 Bad Request.', '400.'], '\\n'],
    ['No empty line', ['Waits.', 'Waits.'], ''],
    ['Host twice', ['Calls your handler:', '400.'], 'H'],
    ['Your browser’s own', ['Calls your handler:', 'Accepts it.'], null],
  ]
  for (const [name, words, marked] of ways) {
    expect([name, await press(name)]).toEqual([name, words])
    expect([
      name,
      await page.$$eval(
        '#outcome mark',
        ([mark]) => mark?.textContent?.replace(/^here: | \(end\)$/g, '') ?? null,
      ),
    ]).toEqual([name, marked])
    expect(
      await page.$$eval('.preset[aria-pressed=true]', (all) =>
        all.map(({ textContent }) => textContent),
      ),
    ).toEqual([name])
  }
})

test('every byte can be typed: Enter and what is pasted get their line ends', async () => {
  await page.focus('#bytes')
  await page.keyboard.down('Control')
  await page.keyboard.press('a')
  await page.keyboard.up('Control')
  await page.keyboard.type('GET /typed HTTP/1.1\nHost: a.test\n')
  await page.evaluate(
    "const data = new DataTransfer(); data.setData('text/plain', 'X-Pasted: 1\\r\\n\\n'); document.getElementById('bytes').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))",
  )
  expect(await typed()).toBe(
    'GET /typed HTTP/1.1\\r\\n\nHost: a.test\\r\\n\nX-Pasted: 1\\r\\n\n\\r\\n\n',
  )
  await page.keyboard.down('Control')
  await page.keyboard.press('Enter')
  await page.keyboard.up('Control')
  expect(await verdicts()).toEqual(['Calls your handler:', 'Accepts it.'])
  await page.waitForFunction(
    "document.getElementById('say').textContent === '50 bytes sent. The two agree.'",
  )
  expect(await page.$eval('#outcome', (outcome) => outcome.textContent)).toContain(
    'GET /typed, Host a.test',
  )
})

test('says why nothing was sent', async () => {
  await page.$eval('#bytes', (box) => (box.value = 'x'.repeat(4001)))
  await page.click('#editor .primary')
  await page.waitForFunction(
    "/at most 4000 bytes/.test(document.getElementById('say').textContent)",
  )
  // The browser itself reports the answer, 400, too.
  expect(chromium.complaints.splice(0)).toEqual([expect.stringContaining('400')])
})

test('can be read by everybody', async () => {
  await press('Two spaces')
  expect(await unreadable(page)).toEqual([])
  expect(chromium.complaints).toEqual([])
})

test('stands in a lesson, and is as high when it is used as before', async () => {
  const files = {
    'lessons/01-start/02-second.md': `---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: []\nobjectives:\n  - Say more\n---\n${'A long paragraph.\n\n'.repeat(80)}\n\`\`\`playground break-the-request\nBreak it.\n\`\`\`\n\nAnd on.\n`,
  }
  const lesson = await startFixtureServer({ files })
  const reader = await chromium.newReader()
  const height = () => reader.$eval('.embed', (figure) => figure.getBoundingClientRect().height)
  await reader.goto(`${lesson.url}/lessons/second-lesson`)
  expect(await reader.$('.embed iframe')).toBeNull()
  const before = await height()
  await reader.$eval('.embed', (figure) => figure.scrollIntoView())
  const frame = await (await reader.waitForSelector('.embed iframe'))!.contentFrame()
  expect(await height()).toBe(before)
  await frame.locator('.preset').click()
  await frame.waitForSelector('#outcome .judged.accepted')
  expect(await frame.$eval('.wire-message code', (code) => code.textContent)).toContain(
    'Sec-Fetch-Dest: iframe',
  )
  expect(await height()).toBe(before)
  await lesson.close()
  expect(chromium.complaints).toEqual([])
})
