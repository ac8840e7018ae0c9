import type { Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeBrowser, observePage } from '../grader/index.ts'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { unreadable } from './readable.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let chromium: TestBrowser
let server: FixtureServer
let page: Page
beforeAll(async () => {
  ;[chromium, server] = await Promise.all([
    openTestBrowser(),
    startFixtureServer({ look: observePage }),
  ])
})
afterAll(async () => {
  await Promise.all([chromium.close(), closeBrowser()])
  await server.close()
})
beforeEach(async () => {
  page = await chromium.newReader()
  await page.goto(await server.playground('break-the-response'))
})

/**
 * Presses a preset by its name and gives, once fetch() is through: its verdict in full, Chromium's,
 * the strict reader's, and the marked byte.
 */
const press = async (name: string) => {
  await page.evaluate("document.getElementById('outcome').replaceChildren()")
  await page.locator(`::-p-xpath(//button[.="${name}"])`).click()
  await page.waitForSelector('#by-fetch:not(.waiting)')
  const words = await page.$$eval('#outcome .judged', (all) =>
    Object.fromEntries(
      all.map((judged) => [
        judged.querySelector('h3')!.textContent,
        judged.querySelector('p')!.textContent,
      ]),
    ),
  )
  const mark = await page.$$eval(
    '#outcome mark',
    ([mark]) => mark?.textContent?.replace(/^here: | \(end\)$/g, '') ?? null,
  )
  return [words['Your browser'], words['The grader’s Chromium'], words['A strict reader'], mark]
}
const says = (words: string | RegExp) =>
  typeof words === 'string' ? words : expect.stringMatching(words)
const ALL = 'fetch() resolves. Status 200, and the body could be read to its end: 14 bytes.'
const SHOWN = 'Shows it. It read status 200, and the page says “Hello, reader”.'
const none = /^fetch\(\) rejects\. TypeError: Failed to fetch\./
const cut = (read: string) =>
  new RegExp(
    `^fetch\\(\\) resolves, reading rejects\\. Status 200; then, after ${read} of the body: TypeError: `,
  )
const failed = (error: string) =>
  new RegExp(`^${error}\\. It read status 200, and failed later\\.$`)

test('each way to break it: what fetch() meets, what Chromium shows, where a strict reader stops', async () => {
  const ways: [
    name: string,
    byFetch: string | RegExp,
    byChromium: string | RegExp,
    byReader: RegExp,
    mark: string | null,
  ][] = [
    ['As it should be', ALL, SHOWN, /^Accepts it\./, null],
    [
      'One byte too few',
      cut('(?:13|0) bytes'),
      failed('ERR_CONTENT_LENGTH_MISMATCH'),
      /announced 14 bytes, and 13 came/,
      '',
    ],
    ['One byte too many', ALL, SHOWN, /over here, as Content-Length said/, '!'],
    [
      'A decimal chunk size',
      cut('\\d+ bytes?'),
      failed('ERR_INCOMPLETE_CHUNKED_ENCODING'),
      /^Refuses it/,
      expect.anything(),
    ],
    [
      'No last chunk',
      cut('(?:14|0) bytes'),
      failed('ERR_INCOMPLETE_CHUNKED_ENCODING'),
      /not finished/,
      '',
    ],
    [
      'Two Content-Lengths',
      none,
      /^ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH\./,
      /More than one Content-Length/,
      'C',
    ],
    [
      'Not really gzip',
      cut('0 bytes'),
      failed('ERR_CONTENT_DECODING_FAILED'),
      /the content isn’t gzip/,
      'H',
    ],
    ['No status line', none, /^ERR_INVALID_HTTP_RESPONSE\./, /a status line/, 'C'],
    ['Line feeds alone', ALL, SHOWN, /A line feed without/, '\\n'],
    ['Status 777', ALL.replace('200', '777'), SHOWN.replace('200', '777'), /from 100 to 599/, '7'],
    ['Nothing at all', none, /^ERR_EMPTY_RESPONSE\./, /Not one byte/, ''],
  ]
  for (const [name, byFetch, byChromium, byReader, mark] of ways) {
    expect([name, await press(name)]).toEqual([
      name,
      [says(byFetch), says(byChromium), expect.stringMatching(byReader), mark],
    ])
  }
  // The browser reports each answer it could not read.
  expect(
    chromium.complaints
      .splice(0)
      .filter((complaint) => !complaint.startsWith('Failed to load resource:')),
  ).toEqual([])
})

test('is opened as a page, too, where nothing in it runs or leads away', async () => {
  await press('As it should be')
  const shown = async () => (await (await page.$('.shown'))!.contentFrame())!
  expect(await (await shown()).$eval('body', (body) => body.textContent?.trim())).toBe(
    'Hello, reader',
  )
  await page.$eval(
    '#bytes',
    (box) =>
      (box.value =
        'HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nRefresh: 0; url=http://127.0.0.1:9/away\\r\\nSet-Cookie: typed=1\\r\\n\\r\\n<script>document.title = parent.ran = 1</script>'),
  )
  await page.locator('#editor .primary').click()
  await page.waitForSelector('#by-fetch:not(.waiting)')
  await page.waitForFunction(
    "document.getElementById('say').textContent.includes('fetch() resolves.')",
  )
  expect(await page.evaluate('window.ran')).toBeUndefined()
  await expect.poll(() => chromium.complaints.join('\n')).toMatch(/frame-src/)
  expect((await shown()).url()).not.toContain('away')
  const cookies = await page.browserContext().cookies()
  expect(cookies.map(({ domain }) => domain)).not.toContain('localhost')
  chromium.complaints.splice(0)
})

test('can be read by everybody', async () => {
  await press('One byte too many')
  expect(await unreadable(page)).toEqual([])
  expect(chromium.complaints).toEqual([])
})

test('stands in a lesson, and is as high when it is used as before', async () => {
  const files = {
    'lessons/01-start/02-second.md': `---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: []\nobjectives:\n  - Say more\n---\n${'A long paragraph.\n\n'.repeat(80)}\n\`\`\`playground break-the-response\nBreak it.\n\`\`\`\n\nAnd on.\n`,
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
  await frame.waitForSelector('#by-fetch.accepted')
  expect(
    await frame.$$eval('.judged h3', (names) => names.map(({ textContent }) => textContent)),
  ).toEqual(['Your browser', 'A strict reader'])
  expect(await height()).toBe(before)
  await lesson.close()
  expect(chromium.complaints).toEqual([])
})
