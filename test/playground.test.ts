import { get } from 'node:http'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createPlaygrounds } from '../server/playground/playgrounds.ts'
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
  await page.goto(await server.playground('cookies'))
})

/** Chooses, sets, and gives the rows of the table once there are so many. */
const watch = async (
  rows: number,
  choose: Record<string, string | boolean>,
): Promise<string[][]> => {
  for (const [name, value] of Object.entries(choose)) {
    if (name === 'maxAge')
      await page.$eval(
        '[name=maxAge]',
        (field: any, seconds: string) => (field.value = seconds),
        String(value),
      )
    else
      await page.click(
        typeof value === 'boolean' ? `[name=${name}]` : `[name=${name}][value=${value}]`,
      )
  }
  await page.click('#choice button')
  await page.waitForFunction(`document.querySelectorAll('#rows tr').length >= ${rows}`)
  return page.$$eval('#rows tr', (all) =>
    all.map((row) =>
      Array.from(row.querySelectorAll('td'), (cell: any) => cell.textContent as string),
    ),
  )
}
const NONE = 'no Cookie field'

test('a cookie with a lifetime is sent until it ends, and a script sees it as long', async () => {
  const rows = await watch(5, { maxAge: '2' })
  const line = await page.$eval('#line', (element) => element.textContent)
  expect(line).toMatch(/^Set-Cookie: play=\w+; Max-Age=2; Path=\/[0-9a-f]+\/; SameSite=Lax$/)
  const pair = /play=\w+/.exec(line)![0]
  expect(rows[0]!.slice(1)).toEqual([pair, pair, pair])
  expect(rows[4]!.slice(1)).toEqual([NONE, NONE, 'empty'])
})

test('HttpOnly hides it from the script alone, Path keeps it to one address', async () => {
  const [row] = await watch(1, { httpOnly: true })
  expect(row!.slice(1)).toEqual([
    expect.stringMatching(/^play=/),
    expect.stringMatching(/^play=/),
    'empty',
  ])
  const [again] = await watch(1, { httpOnly: true, path: 'account' })
  expect(again!.slice(1)).toEqual([expect.stringMatching(/^play=/), NONE, 'empty'])
})

test('SameSite=None without Secure is refused; an earlier cookie does not hide that', async () => {
  expect((await watch(1, { secure: true }))[0]![1]).toMatch(/^play=/)
  expect((await watch(1, { secure: true, sameSite: 'None' }))[0]!.slice(1)).toEqual([
    NONE,
    NONE,
    'empty',
  ])
})

test.each([
  ['Lax', /Cookie: play=\w+\nSec-Fetch-Site: cross-site/],
  ['Strict', /\(no Cookie field\)\nSec-Fetch-Site: cross-site/],
])('coming from another site, %s', async (sameSite, carried) => {
  await watch(1, { sameSite })
  await page.goto(await page.$eval('.elsewhere a', (link: any) => link.href as string))
  expect(new URL(page.url()).hostname).toBe('127.0.0.1')
  await Promise.all([page.waitForNavigation(), page.click('main a.button')])
  expect(new URL(page.url()).hostname).toBe('localhost')
  expect(await page.$eval('pre', (element) => element.textContent)).toMatch(carried)
  await Promise.all([page.waitForNavigation(), page.click('main a[href$=arrive]')])
  expect(await page.$eval('pre', (element) => element.textContent)).toMatch(/^Cookie: play=\w+\n/)
  expect(await page.$('#engine')).toBeNull()
})

test('its cookie stays on its host, below its path', async () => {
  await watch(1, {})
  const playground = page.url()
  const cookies = await page.browserContext().cookies()
  expect(cookies.map(({ name, domain, path }) => [name, domain, path])).toEqual([
    ['play', 'localhost', new URL(playground).pathname],
  ])
})

test('what the course keeps on the same host is not shown', async () => {
  await page
    .browserContext()
    .setCookie({ name: 'theme', value: 'dark', domain: 'localhost', path: '/' })
  await page.reload()
  expect(await page.$eval('html', (root) => root.getAttribute('data-theme'))).toBe('dark')
  const [row] = await watch(1, {})
  expect(row!.slice(1)).toEqual([
    expect.stringMatching(/^play=\w+$/),
    expect.stringMatching(/^play=\w+$/),
    expect.stringMatching(/^play=\w+$/),
  ])
})

test('can be read by everybody', async () => {
  await watch(1, {})
  expect(await unreadable(page)).toEqual([])
  expect(chromium.complaints).toEqual([])
})

test('is opened by a button, in a tab of its own', async () => {
  const door = await chromium.newReader()
  await door.goto(`${server.url}/playground/cookies`)
  const [opened] = await Promise.all([
    new Promise<Page | null>((resolve) => door.once('popup', resolve)),
    door.click('main button.primary'),
  ])
  expect(await (await opened!.waitForSelector('#choice button'))!.isVisible()).toBe(true)
  expect(new URL(opened!.url()).host).not.toBe(new URL(server.url).host)
  expect(await opened!.evaluate('opener')).toBeNull()
  expect(chromium.complaints).toEqual([])
})

test('listens while one of its pages is open, and not for long after that', async () => {
  const goneAfterMs = 60_000
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const playgrounds = createPlaygrounds({ look: async () => null }, goneAfterMs)
  try {
    const address = await playgrounds.address('cookies')
    const [first, second] = [page, await page.browserContext().newPage()]
    const isKeptOpen = (by: Page) =>
      by.waitForResponse((response) => response.url().endsWith('/here'))
    const expectListening = async (each: Page) => {
      vi.advanceTimersByTime(10 * goneAfterMs)
      // Not by a request from here, which would begin the wait anew.
      expect(await each.evaluate("fetch('shop').then(({ status }) => status)")).toBe(200)
    }
    await Promise.all([isKeptOpen(first), first.goto(address)])
    await second.goto(address)
    await expectListening(first)
    await Promise.all([isKeptOpen(second), first.close()])
    await expectListening(second)
    await second.close()
    await vi.waitFor(
      async () => {
        vi.advanceTimersByTime(goneAfterMs)
        expect(await answers(address)).toBe(false)
      },
      { timeout: 30_000 },
    )
  } finally {
    vi.useRealTimers()
    await playgrounds.close()
  }
})

/** Not by fetch(), whose own timers may be faked. */
const answers = (address: string) =>
  new Promise<boolean>((resolve) =>
    get(address, { agent: false, headers: { Connection: 'close' } }, (response) => {
      response.resume().once('close', () => resolve(true))
    }).on('error', () => resolve(false)),
  )

test('stands in a lesson: loaded when it comes near, its room kept before, a link without scripts', async () => {
  const files = {
    'lessons/01-start/02-second.md': `---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: []\nobjectives:\n  - Say more\n---\n${'A long paragraph.\n\n'.repeat(80)}\n\`\`\`playground cookies\nTry \`HttpOnly\`.\n\`\`\`\n\nAnd on.\n`,
  }
  const lesson = await startFixtureServer({ files })
  const reader = await chromium.newReader()
  const height = () => reader.$eval('.embed-frame', (stage) => stage.getBoundingClientRect().height)
  await reader.goto(`${lesson.url}/lessons/second-lesson`)
  const before = await height()
  expect(before).toBeGreaterThan(400)
  expect(await waitingWords(reader)).toContain('The playground loads when you come to it.')
  expect(await reader.$('.embed iframe')).toBeNull()
  await reader.$eval('.embed', (figure) => figure.scrollIntoView())
  const frame = await (await reader.waitForSelector('.embed iframe'))!.contentFrame()
  expect(await height()).toBe(before)
  expect(await waitingWords(reader)).toBe('none')
  await frame.locator('#choice button').click()
  await frame.waitForSelector('#rows tr')
  // As within a page of its own: the frame is on the same site.
  expect(
    await frame.$$eval('#rows td:nth-child(n+2)', (cells) =>
      cells.slice(0, 3).map(({ textContent }) => textContent?.slice(0, 5)),
    ),
  ).toEqual(['play=', 'play=', 'play='])
  await reader.locator('.themes [value=dark]').click()
  await frame.waitForSelector('html[data-theme=dark]')
  const plain = await chromium.newReader({ javaScript: false })
  await plain.goto(`${lesson.url}/lessons/second-lesson`)
  expect(await plain.$eval('.embed-frame', (stage) => stage.getBoundingClientRect().height)).toBe(0)
  expect(await waitingWords(plain)).toBe('none')
  expect(await plain.$eval('.embed', (figure) => figure.textContent?.trim())).toBe(
    'Cookie playground\nTry HttpOnly.',
  )
  expect(await plain.$eval('.embed a', (link) => link.getAttribute('href'))).toBe(
    '/playground/cookies',
  )
  await lesson.close()
})

test('says in a lesson why it cannot be loaded, in as much room as the words need', async () => {
  const files = {
    'lessons/01-start/02-second.md': `---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: []\nobjectives:\n  - Say more\n---\n\`\`\`playground cookies\nTry \`HttpOnly\`.\n\`\`\`\n\nAnd on.\n`,
  }
  const lesson = await startFixtureServer({ files })
  const reader = await chromium.newReader()
  await reader.setRequestInterception(true)
  reader.on('request', (request) =>
    request.method() === 'POST' ? request.abort() : request.continue(),
  )
  await reader.goto(`${lesson.url}/lessons/second-lesson`)
  await reader.waitForFunction('document.querySelector(".embed-frame").textContent !== ""')
  const [height, padding] = await reader.$eval('.embed-frame', (stage: any) => [
    stage.getBoundingClientRect().height,
    (globalThis as any).getComputedStyle(stage).paddingLeft,
  ])
  expect(height).toBeLessThan(120)
  expect(padding).toBe('16px')
  await lesson.close()
})

/** What stands where the playground is going to be. */
function waitingWords(reader: Page): Promise<string> {
  return reader.$eval(
    '.embed-frame',
    (stage: any) => (globalThis as any).getComputedStyle(stage, '::before').content,
  )
}
