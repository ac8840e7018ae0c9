import { existsSync } from 'node:fs'
import { launch, type Browser, type Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { playgrounds, type PlaygroundName } from '../course/lessons/playgrounds.ts'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { startCourse, type CourseServer } from './course-server.ts'
import { createLearnerHome, type LearnerHome } from './learner-home.ts'

const firefox = [
  process.env['FIREFOX'],
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
].find((path) => path !== undefined && existsSync(path))

describe.skipIf(firefox === undefined)('in Firefox', () => {
  let home: LearnerHome
  let course: CourseServer
  let sample: FixtureServer
  let browser: Browser
  beforeAll(async () => {
    home = await createLearnerHome()
    ;[course, sample, browser] = await Promise.all([
      startCourse(home),
      startFixtureServer(),
      launch({ browser: 'firefox', executablePath: firefox!, protocol: 'webDriverBiDi' }),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await course?.stop()
    await sample?.close()
    await home?.remove()
  })

  /** A tab, and what its console and its scripts report as errors. */
  const newReader = async () => {
    const context = await browser.createBrowserContext()
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${String(error)}`))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
    })
    return { page, complaints }
  }

  test('every page of the course is read without an error', async () => {
    const { page, complaints } = await newReader()
    const visited = new Set<string>()
    const waiting = ['/', '/search?q=cookie', '/review', '/glossary', '/courses', '/nowhere']
    while (waiting.length > 0) {
      const path = waiting.shift()!
      if (visited.has(path)) continue
      visited.add(path)
      await page.goto(course.url + path)
      expect(await page.$eval('h1', (heading: any) => heading.textContent.trim())).not.toBe('')
      const links = await page.$$eval('a[href^="/"]', (all: any[]) =>
        all.map((link) => new URL(link.href).pathname),
      )
      waiting.push(...links.filter((each) => /^\/(?:lessons|exercises|playground)\//.test(each)))
    }
    expect(visited.size).toBeGreaterThan(25)
    // Firefox reports an answer that says 404 as well.
    expect(complaints.filter((each) => !each.includes('/nowhere'))).toEqual([])
  })

  test.each(Object.keys(playgrounds) as PlaygroundName[])(
    'the playground %s says that engines differ unless it is a model, and works',
    async (name) => {
      const { page, complaints } = await newReader()
      await page.goto(await sample.playground(name))
      await page.waitForSelector('button:not(:disabled), #open')
      if (name === 'the-herd') expect(await page.$('#engine')).toBeNull()
      else expect(await textOf(page, '#engine')).toContain('You read this in Firefox')
      expect(await page.$('button:disabled')).toBeNull()
      await uses[name](page)
      expect(complaints).toEqual([])
    },
  )

  test('from another site no Strict cookie comes, from its own page it does', async () => {
    const { page } = await newReader()
    await page.goto(await sample.playground('cookies'))
    await press(page, '[value=Strict]')
    await press(page, '#choice button')
    await page.waitForSelector('#rows tr')
    await page.goto(await page.$eval('.elsewhere a', (link: any) => link.href as string))
    await Promise.all([page.waitForNavigation(), press(page, 'main a.button')])
    expect(await textOf(page, 'pre')).toBe('(no Cookie field)\nSec-Fetch-Site: cross-site')
    await Promise.all([page.waitForNavigation(), press(page, 'main a[href$=arrive]')])
    expect(await textOf(page, 'pre')).toMatch(/^Cookie: play=\w+\nSec-Fetch-Site: same-origin$/)
  })

  test('the divider beside the task is dragged and moved by keys, and the editor follows', async () => {
    const { page, complaints } = await newReader()
    await page.setViewport({ width: 1200, height: 900 })
    await page.goto(`${sample.url}/exercises/say-hello`)
    await page.waitForFunction(
      'document.querySelector(".editor-surface > div")?.shadowRoot.querySelector(".cm-content")',
      { polling: 100 },
    )
    const widths = () =>
      page.$$eval('.task, .editor-surface', (all: any[]) =>
        all.map((each) => Math.round(each.getBoundingClientRect().width)),
      )
    const [task, editor] = (await widths()) as [number, number]
    await page.bringToFront()
    const divider = (await page.$('.divider'))!
    const { x, y, width, height } = (await divider.boundingBox())!
    const middle = { x: x + width / 2, y: y + height / 2 }
    await page.mouse.move(middle.x, middle.y)
    await page.mouse.down()
    await page.mouse.move(middle.x - 80, middle.y)
    await page.mouse.up()
    const [narrower, wider] = (await widths()) as [number, number]
    expect(Math.abs(task - 80 - narrower)).toBeLessThanOrEqual(1)
    expect(Math.abs(editor + 80 - wider)).toBeLessThanOrEqual(1)
    await page.keyboard.press('ArrowRight')
    expect((await widths())[0]).toBeGreaterThan(narrower)
    expect(complaints).toEqual([])
  })

  test('a refusal of fetch() is one sentence', async () => {
    const { page } = await newReader()
    await page.goto(await sample.playground('break-the-response'))
    await press(page, '::-p-xpath(//button[.="Nothing at all"])')
    await page.waitForSelector('#by-fetch:not(.waiting)')
    expect(await textOf(page, '#by-fetch')).toMatch(/TypeError: [^.]*[^.]\. The script learns/)
  })

  test('what came of SameSite=None without Secure is explained', async () => {
    const { page } = await newReader()
    await page.goto(await sample.playground('cookies'))
    await press(page, '[value=None]')
    await press(page, '#choice button')
    await page.waitForSelector('#rows tr:nth-child(16)')
    await vi.waitFor(async () =>
      expect(await textOf(page, '#say')).toMatch(
        /^It was (?:never sent .*SameSite=None needs Secure|sent .*engines differ here)/,
      ),
    )
  })
})

/** Not by a locator, which waits for animation frames: a tab that is not in front gets none. */
const press = async (page: Page, selector: string) => {
  await page.bringToFront()
  await (await page.waitForSelector(selector))!.click()
}
const textOf = (page: Page, selector: string) =>
  page.$eval(selector, (element: any) => element.textContent.trim() as string)

/** Does what a playground is for, once. */
const uses: Record<PlaygroundName, (page: Page) => Promise<unknown>> = {
  async cookies(page) {
    await press(page, '#choice button')
    await page.waitForSelector('#rows tr')
    expect(await textOf(page, '#rows tr td:nth-child(2)')).toMatch(/^play=/)
  },
  async 'break-the-request'(page) {
    await press(page, '::-p-xpath(//button[.="Host twice"])')
    await page.waitForSelector('#outcome .judged')
  },
  async 'break-the-response'(page) {
    await press(page, '::-p-xpath(//button[.="As it should be"])')
    await page.waitForSelector('#by-fetch.accepted')
  },
  async 'who-speaks-first'(page) {
    const opened = new Promise((resolve) => page.once('popup', resolve))
    await press(page, '#open')
    await opened
    await page.bringToFront()
    await page.waitForSelector('#replay:not([hidden]) #time')
  },
  async 'get-beside-head'(page) {
    await press(page, '[name=said][value=length]')
    await press(page, '#choice button')
    await page.waitForSelector('#result table')
    expect(await textOf(page, '#say')).toContain('You were right')
    await press(page, '#ahead button')
    await page.waitForSelector('#timeline svg')
    expect(await textOf(page, '#say-ahead')).toMatch(/3 GETs|no link in advance/)
  },
  async 'the-tunnel'(page) {
    await press(page, '[value="2"]')
    await press(page, '#choice button')
    await page.waitForSelector('#account')
    expect(await textOf(page, '#told')).toMatch(/^The page got (?:201|no answer)/)
  },
  async 'two-editors'(page) {
    await press(page, '[value=yes]')
    await press(page, '[value=stays]')
    await press(page, '#choice button')
    await page.waitForSelector('#editors:not([hidden])')
    await press(page, '[data-editor=Ada]')
    await page.waitForSelector('#history li:nth-child(2)')
    await press(page, '[data-editor=Ben]')
    await page.waitForSelector('#history .refused')
    expect(await textOf(page, '#say')).toContain('You were right')
  },
  async 'preflight-or-not'(page) {
    await press(page, '[value=PUT]')
    await press(page, '[value=asks]')
    await press(page, '#choice button')
    await page.waitForSelector('#rows tr')
    expect(await textOf(page, '#say')).toContain('You were right')
  },
  async 'which-method-arrives'(page) {
    for (const each of ['post][value=get', 'put][value=same', 'second][value=asked'])
      await press(page, `[name=${each}]`)
    await press(page, '#choice button')
    await page.waitForSelector('.rulings')
    expect(await textOf(page, '.rulings')).toMatch(/^Right\. The POST arrived as GET/)
  },
  async 'jump-in-a-song'(page) {
    await press(page, '#choice button')
    await page.waitForSelector('#jump:not(:disabled)')
    await press(page, '#jump')
    await page.waitForSelector('#rows tr:nth-child(2)')
    await vi.waitFor(async () =>
      expect(await textOf(page, '#say')).toMatch(/asked for bytes=\d+-, which begins at 2:2\d/),
    )
  },
  async 'which-status'(page) {
    await press(page, '[value="405"]')
    await press(page, '#choice button')
    await vi.waitFor(async () => expect(await textOf(page, '#say')).toMatch(/^Right\. The address/))
  },
  async 'the-herd'(page) {
    await press(page, '[value=doubling-jitter]')
    await press(page, '#choice button')
    await page.waitForSelector('#rows tr')
    expect(await textOf(page, '#happened')).toMatch(/^48 of 50 clients were served/)
  },
}
