import type { Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { axeFindings } from './axe-findings.ts'
import { startCourse, type CourseServer } from './course-server.ts'
import { createLearnerHome, type LearnerHome } from './learner-home.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

const LESSON = '/lessons/cookies-and-state'

let home: LearnerHome
let course: CourseServer
let chromium: TestBrowser
let page: Page
beforeAll(async () => {
  home = await createLearnerHome()
  ;[course, chromium] = await Promise.all([startCourse(home), openTestBrowser()])
})
beforeEach(async () => {
  page = await chromium.newReader()
})
afterAll(async () => {
  await chromium.close()
  await course.stop()
  await home.remove()
})

const open = (path: string) => page.goto(course.url + path)
const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
const light = 'rgb(253, 252, 249)'
const dark = 'rgb(21, 24, 27)'
const pressed = () =>
  page.$eval('.themes [aria-pressed=true]', (button) => button.getAttribute('value'))

describe('light and dark', () => {
  test('follow the system until one is chosen, then the choice, on every page and from its first paint', async () => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
    await open('/')
    expect(await paper()).toBe(dark)
    await page.locator('.themes [value=light]').click()
    expect(await paper()).toBe(light)
    expect(await pressed()).toBe('light')
    await page.setJavaScriptEnabled(false)
    await open(LESSON)
    expect(await paper()).toBe(light)
    expect(await pressed()).toBe('light')
  })

  test('are switched without a script, too', async () => {
    await page.setJavaScriptEnabled(false)
    await open(LESSON)
    await Promise.all([page.waitForNavigation(), page.click('.themes [value=dark]')])
    expect(new URL(page.url()).pathname).toBe(LESSON)
    expect(await paper()).toBe(dark)
    await Promise.all([page.waitForNavigation(), page.click('.themes [value=system]')])
    expect(await paper()).toBe(light)
  })

  test('reach a page that is open beside it', async () => {
    await open('/')
    const other = await page.browserContext().newPage()
    await other.goto(course.url + LESSON)
    await other.locator('.themes [value=dark]').click()
    await page.waitForSelector('html[data-theme=dark]')
    expect(await pressed()).toBe('dark')
  })
})

describe('the palette', () => {
  const type = async (words: string) => {
    await page.keyboard.type(words)
  }
  const options = () =>
    page.$$eval('.palette [role=option]', (all) =>
      all.map((option) =>
        (option as unknown as { innerText: string }).innerText.replace(/\s+/g, ' ').trim(),
      ),
    )
  const openPalette = async () => {
    await page.keyboard.down('Control')
    await page.keyboard.press('k')
    await page.keyboard.up('Control')
    await page.waitForSelector('.palette[open] [role=option] ::-p-text(Continue)')
  }
  const active = () =>
    page.evaluate(
      "document.getElementById(document.querySelector('.palette input').getAttribute('aria-activedescendant')).innerText.replace(/\\s+/g, ' ')",
    )

  test('is loaded when it is first opened, finds a lesson by a part of its name and goes there', async () => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await open('/')
    expect(asked.some((address) => address.includes('palette'))).toBe(false)
    await page.keyboard.press('/')
    await page.waitForSelector('.palette[open]')
    await type('and state')
    await page.waitForSelector('.palette [aria-selected=true] ::-p-text(Cookies and state)')
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    expect(new URL(page.url()).pathname).toBe(LESSON)
  })

  test('finds words in the text, marks them, and goes to their heading', async () => {
    await open('/')
    await openPalette()
    await type('clearcookie max-age')
    await page.waitForSelector('.palette mark')
    expect((await options())[0]).toMatch(/^Text /)
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    expect(new URL(page.url()).hash).not.toBe('')
  })

  test('does what the page can do', async () => {
    await open(LESSON)
    await openPalette()
    await type('colours dark')
    await page.keyboard.press('Enter')
    await page.waitForSelector('html[data-theme=dark]')
    expect(await page.$('.palette[open]')).toBeNull()
    await open('/exercises/cookies-max-age')
    await openPalette()
    expect((await options()).slice(0, 2)).toEqual(['Do Run the checks', 'Do Submit'])
  })

  test('is worked with arrows, says how many it found, and gives the focus back', async () => {
    await open(LESSON)
    await page.focus('.toc summary')
    await openPalette()
    const [first, second] = await options()
    expect(await active()).toBe(first)
    await page.keyboard.press('ArrowDown')
    expect(await active()).toBe(second)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    expect(await active()).toBe((await options()).at(-1))
    await type('zzzz')
    await page.waitForSelector('.palette [role=status] ::-p-text(Nothing found.)')
    expect(await page.$eval('.palette input', (field) => field.ariaExpanded)).toBe('false')
    await page.keyboard.press('Escape')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
  })

  test('is opened by no key that is text, and by no single key where the reader turned those off', async () => {
    await open('/search')
    await page.focus('#words')
    await page.keyboard.press('/')
    expect(
      await page.$eval('#words', (field) => (field as unknown as { value: string }).value),
    ).toBe('/')
    await open(LESSON)
    await openPalette()
    await type('turn the keys')
    await page.keyboard.press('Enter')
    await page.keyboard.press('/')
    await openPalette()
    expect(await options()).toContain('Do Turn the keys / j k on shortcuts of one key')
  })
})

describe('the messages of a lesson', () => {
  const name = '.wire-messages a[href="#field-set-cookie"]'
  const tip = () =>
    page.evaluate(
      "document.querySelector('.field-tip:popover-open')?.textContent ?? null",
    ) as Promise<string | null>
  const code = () => page.$eval('.prose .wire-message code', (element) => element.textContent)

  test('explain a field where the pointer or the focus is, until it leaves or Escape is pressed', async () => {
    await open(LESSON)
    await page.waitForSelector('.wire-views')
    await page.hover(name)
    expect(await tip()).toMatch(/^Asks the browser to keep one cookie/)
    await page.hover('h1')
    await page.waitForSelector('.field-tip:not(:popover-open)')
    await page.focus(name)
    expect(await tip()).toMatch(/^Asks the browser to keep one cookie/)
    expect(await page.$eval(name, (link) => link.getAttribute('aria-describedby'))).toBe(
      'field-set-cookie',
    )
    await page.keyboard.press('Escape')
    expect(await tip()).toBeNull()
  })

  test('are shown with their line endings, and as bytes', async () => {
    await open(LESSON)
    const before = await code()
    await page.locator('.wire-views ::-p-text(Line endings)').click()
    expect(await code()).toBe('POST /login HTTP/1.1CRLF\nHost: 127.0.0.1:4000CRLF\nCRLF')
    await page.locator('.wire-views ::-p-text(Bytes)').click()
    expect(await code()).toMatch(
      /^50 4f 53 54 20 2f 6c 6f 67 69 6e 20 48 54 54 50  POST \/login HTTP\n2f 31 2e 31 0d 0a +\/1\.1··\n48 6f 73 74/,
    )
    await page.locator('.wire-views ::-p-text(Text)').click()
    expect(await code()).toBe(before)
  })

  test('lead to the explanations without a script', async () => {
    await page.setJavaScriptEnabled(false)
    await open(LESSON)
    await page.click(name)
    expect(new URL(page.url()).hash).toBe('#field-set-cookie')
    expect(await page.$eval('.fields', (details) => details.hasAttribute('open'))).toBe(true)
  })
})

const TABLE = '.prose .scroll > table'
/** The headings of tables that need a scroll sideways. */
const wideTables = () =>
  page.$$eval(TABLE, (tables: any[]) =>
    tables
      .filter(({ parentElement }) => parentElement.scrollWidth > parentElement.clientWidth)
      .map((table) => table.rows[0].innerText as string),
  )

/** The paths below this one to which the course's page leads. */
async function pagesBelow(path: string): Promise<string[]> {
  await open('/')
  const links = await page.$$eval(`main a[href^="${path}"]`, (all: any[]) =>
    all.map((link) => new URL(link.href).pathname as string),
  )
  return [...new Set(links)]
}

describe('the drawings and tables of a lesson', () => {
  /** What of the drawings is cut, or needs a scroll sideways. */
  const tooWide = () =>
    page.$$eval('.prose .picture', (drawings) =>
      drawings.flatMap((drawing: any) => {
        const cut = Array.from(drawing.querySelectorAll('text'), (text: any) => {
          const { x, width } = text.getBBox()
          const room = text.nearestViewportElement.width.baseVal.value
          // A letter may reach a pixel beyond its place.
          return x < -1.5 || x + width > room + 1.5 ? `cut: ${text.textContent}` : []
        }).flat()
        const around = drawing.closest('.picture-scroll') ?? drawing.parentElement
        return around.scrollWidth > around.clientWidth
          ? [...cut, `scrolls: ${drawing.textContent}`]
          : cut
      }),
    )
  const drawings = () => page.$$eval('.prose .picture', (all) => all.length)
  const isWithin = () => page.evaluate('document.documentElement.scrollWidth <= innerWidth')

  test('are whole on a phone, in every lesson', async () => {
    await page.setViewport({ width: 390, height: 780 })
    const lessons = await pagesBelow('/lessons/')
    expect(lessons.length).toBeGreaterThan(10)
    let drawn = 0
    for (const path of lessons) {
      await page.goto(course.url + path, { waitUntil: 'domcontentloaded' })
      drawn += await drawings()
      expect(await tooWide(), path).toEqual([])
      expect(await wideTables(), path).toEqual([])
      expect(await isWithin(), path).toBe(true)
    }
    expect(drawn).toBeGreaterThan(10)
  })

  test('are whole on a wide page, too', async () => {
    await page.setViewport({ width: 900, height: 780 })
    await open('/lessons/get-and-head')
    expect(await drawings()).toBeGreaterThan(0)
    expect(await tooWide()).toEqual([])
    expect(await isWithin()).toBe(true)
  })
})

describe('a lesson among others', () => {
  let small: FixtureServer
  beforeAll(async () => {
    const second =
      '---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: []\nobjectives:\n  - Say more\n---\nProse.\n\n```ts {2} server.ts\nconst a = 1\nconst b = 2\n```\n'
    small = await startFixtureServer({ files: { 'lessons/01-start/02-second.md': second } })
  })
  afterAll(() => small.close())
  const said = () => page.$eval('.neighbours [role=status]', (element) => element.textContent)
  const pressAndGo = (key: 'j' | 'k') =>
    Promise.all([page.waitForNavigation(), page.keyboard.press(key)])

  test('leads on with j and back with k, and says where there is no more', async () => {
    await page.goto(`${small.url}/lessons/first-lesson`)
    await page.keyboard.press('k')
    expect(await said()).toBe('This is the first lesson.')
    await pressAndGo('j')
    expect(page.url()).toBe(`${small.url}/lessons/second-lesson`)
    await page.keyboard.press('j')
    expect(await said()).toBe('This is the last lesson.')
    await pressAndGo('k')
    expect(page.url()).toBe(`${small.url}/lessons/first-lesson`)
  })

  test('keeps that it was read to its end', async () => {
    await page.goto(`${small.url}/lessons/second-lesson`)
    const height = () => page.$eval('.finish', (end) => end.getBoundingClientRect().height)
    const before = await height()
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    await page.waitForSelector('.finish ::-p-text(You have read this lesson.)')
    // What is below does not move away from under the pointer.
    expect(await height()).toBe(before)
    expect(await small.store.lessonReads()).toContainEqual(
      expect.objectContaining({ lessonId: 'second-lesson', fraction: 1 }),
    )
  })

  test('gives its code to be copied, the marked line like the others', async () => {
    await page
      .browserContext()
      .overridePermissions(small.url, [
        'clipboard-read',
        'clipboard-write',
        'clipboard-sanitized-write',
      ])
    await page.goto(`${small.url}/lessons/second-lesson`)
    expect(
      await page.$$eval('mark.line', (lines) => lines.map((line) => line.textContent)),
    ).toEqual(['const b = 2'])
    await page.locator('.code .copy').click()
    await page.waitForSelector('.copy ::-p-text(Copied)')
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('const a = 1\nconst b = 2\n')
  })
})

test('the tables of all tasks are whole on a phone', async () => {
  await page.setViewport({ width: 390, height: 780 })
  const tasks = await pagesBelow('/exercises/')
  expect(tasks.length).toBeGreaterThan(30)
  let seen = 0
  for (const path of tasks) {
    await page.goto(course.url + path, { waitUntil: 'domcontentloaded' })
    seen += await page.$$eval(TABLE, (tables) => tables.length)
    expect(await wideTables(), path).toEqual([])
  }
  expect(seen).toBeGreaterThan(30)
})

test('on a narrow course page each exercise’s state is beside its title', async () => {
  await page.setViewport({ width: 390, height: 780 })
  await open('/')
  const rows = await page.$$eval('.exercise-row', (all) =>
    all.map((row) => {
      const [icon, link] = [row.querySelector('.icon')!, row.querySelector('a')!]
      const [first] = link.getClientRects()
      return { title: link.textContent, apart: first!.top - icon.getBoundingClientRect().bottom }
    }),
  )
  expect(rows.length).toBeGreaterThan(10)
  expect(rows.filter(({ apart }) => apart > 0)).toEqual([])
})

describe('axe finds nothing', () => {
  const pages = [
    '/',
    LESSON,
    '/search?q=cookie',
    '/search?q=zzzz',
    '/glossary',
    '/review',
    '/courses',
    '/theme',
  ]
  const findings = () => axeFindings(page)

  test.each([
    ['light', 1200],
    ['light', 390],
    ['dark', 1200],
    ['dark', 390],
  ] as const)('%s, %i px wide', async (theme, width) => {
    await page.setViewport({ width, height: 900 })
    await page
      .browserContext()
      .setCookie({ name: 'theme', value: theme, domain: 'localhost', path: '/' })
    for (const path of pages) {
      await open(path)
      expect(await findings(), path).toEqual([])
      expect(
        await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        ),
        path,
      ).toBe(0)
    }
    await open(LESSON)
    await page.waitForSelector('.wire-views')
    await page.evaluate(
      "document.querySelectorAll('.prose details').forEach((details) => (details.open = true))",
    )
    await page.locator('.wire-views ::-p-text(Bytes)').click()
    expect(await findings(), 'bytes, and all that is folded').toEqual([])
    await page.locator('.wire-views ::-p-text(Text)').click()
    await page.focus('.wire-messages a.w-name')
    expect(await findings(), 'an explained field').toEqual([])
    await page.keyboard.press('/')
    await page.waitForSelector('.palette[open]')
    await page.keyboard.type('cookie')
    await page.waitForSelector('.palette mark')
    expect(await findings(), 'the palette').toEqual([])
  })
})

test('no page complained, but for the address that takes no GET', () =>
  expect(chromium.complaints.filter((each) => !each.includes('405'))).toEqual([]))
