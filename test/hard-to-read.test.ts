import type { Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { startCourse, type CourseServer } from './course-server.ts'
import { createLearnerHome, type LearnerHome } from './learner-home.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let home: LearnerHome
let course: CourseServer
let sample: FixtureServer
let chromium: TestBrowser
let page: Page
beforeAll(async () => {
  home = await createLearnerHome()
  ;[course, sample, chromium] = await Promise.all([
    startCourse(home),
    startFixtureServer(),
    openTestBrowser(),
  ])
})
beforeEach(async () => {
  page = await chromium.newReader()
})
afterAll(async () => {
  await chromium.close()
  await course.stop()
  await sample.close()
  await home.remove()
})

const PAGES = [
  '/',
  '/search?q=cookie',
  '/review',
  '/glossary',
  '/lessons/cookies-and-state',
  '/exercises/first-exchange',
  '/playground/cookies',
  '/nowhere',
]
const PLAYGROUNDS = [
  'cookies',
  'break-the-request',
  'break-the-response',
  'who-speaks-first',
  'get-beside-head',
  'the-tunnel',
  'two-editors',
  'preflight-or-not',
  'which-method-arrives',
  'jump-in-a-song',
  'which-status',
  'the-herd',
] as const

describe('at 400 % of a window of 1280 pixels', () => {
  const isWithin = () =>
    page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')
  beforeEach(() => page.setViewport({ width: 320, height: 256 }))

  test.each(PAGES)('%s is read without scrolling sideways', async (path) => {
    await page.goto(course.url + path)
    expect(await isWithin()).toBe(true)
  })

  test.each(PLAYGROUNDS)('the playground %s, too', async (name) => {
    await page.goto(await sample.playground(name))
    expect(await isWithin()).toBe(true)
  })
})

describe('in forced colours', () => {
  const style = (selector: string, name: string) =>
    page.$eval(
      selector,
      (element, property) =>
        (globalThis as any).getComputedStyle(element)[property as string] as string,
      name,
    )
  const forced = (scheme: 'light' | 'dark') =>
    page.emulateMediaFeatures([
      { name: 'forced-colors', value: 'active' },
      { name: 'prefers-color-scheme', value: scheme },
    ])

  test('what is pressed differs from what is not', async () => {
    await forced('dark')
    await page.goto(await sample.playground('break-the-request'))
    expect(await style('.preset[aria-pressed=true]', 'backgroundColor')).not.toBe(
      await style('.preset[aria-pressed=false]', 'backgroundColor'),
    )
    await page.goto(course.url)
    expect(await style('.themes [aria-pressed=true]', 'backgroundColor')).not.toBe(
      await style('.themes [aria-pressed=false]', 'backgroundColor'),
    )
  })

  test('seconds with the cookie differ from those without', async () => {
    await forced('light')
    await page.goto(await sample.playground('cookies'))
    await page.click('#choice button')
    await page.waitForSelector('.strip .there')
    const ink = await style('body', 'color')
    expect(await style('.strip .there', 'backgroundColor')).toBe(ink)
    expect(await style('.strip i:not([class])', 'backgroundColor')).not.toBe(ink)
  })

  test.each([
    ['light', 'dark'],
    ['dark', 'light'],
  ] as const)('drawings have the system’s, under the theme %s as well', async (theme, scheme) => {
    await forced(scheme)
    await page.goto(course.url)
    await page.click(`.themes [value=${theme}]`)
    const ink = () =>
      page.$eval('.brand svg', (svg) => {
        const { getComputedStyle } = globalThis as any
        const probe = svg.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'path')
        svg.append(probe)
        probe.style.fill = 'var(--ink)'
        return [getComputedStyle(probe).fill, getComputedStyle(svg.ownerDocument.body).color]
      })
    const [drawn, written] = (await ink()) as [string, string]
    expect(drawn).toBe(written)
  })
})
