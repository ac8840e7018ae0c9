import type { Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CheckResult } from '../grader/types/index.ts'
import { begin, fixtureCheck, fixtureReport, scriptedGrade } from '../testing/sample-grading.ts'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { axeFindings } from './axe-findings.ts'
import { judged, textOf } from './course-pages.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

const EXERCISE = '/exercises/say-hello'

let chromium: TestBrowser
let server: FixtureServer
let page: Page
/** How the next run of each check ends. */
let outcomes: readonly CheckResult['outcome'][]
beforeAll(async () => {
  chromium = await openTestBrowser()
})
afterAll(() => chromium.close())
beforeEach(async () => {
  outcomes = ['passed', 'passed']
  const { grade } = scriptedGrade(async (script) => {
    begin(script)
    const [first, second] = outcomes
    const checks = [
      fixtureCheck({ outcome: first!, findings: [] }),
      fixtureCheck({ id: 'after', title: 'It ended', outcome: second!, findings: [] }),
    ]
    const verdict = outcomes.every((outcome) => outcome === 'passed') ? 'passed' : 'failed'
    for (const result of checks) script.emit({ type: 'check', result })
    return fixtureReport(script.run, { verdict, checks })
  })
  const hello = '---\ntitle: Say more\nlesson: first-lesson\nkind: server\nlevel: 2\nminutes: 5\n'
  const files = {
    'exercises/say-more/exercise.md': `${hello}gradingSeconds: 2\nhints:\n  - Read on.\n---\nAnswer.\n`,
    'exercises/say-more/stub/server.ts': '// TODO\n',
    'exercises/say-more/solution/server.ts': '// solved\n',
    'exercises/say-more/mutants/says-nothing/server.ts': '// Misconception: silence is golden.\n',
    'exercises/say-more/checks.ts': 'export default {}\n',
  }
  server = await startFixtureServer({ grade, files })
  page = await chromium.newReader()
  await page.goto(server.url + EXERCISE)
})
afterEach(async () => {
  await page.browserContext().close()
  await server.close()
})

const primaryButtons = () =>
  page.$$eval('main .primary', (all) =>
    all.filter((each) => each.offsetParent !== null).map((each) => each.textContent.trim()),
  )

test('a pass is said in the tab, and Submit becomes the button to press', async () => {
  expect(await primaryButtons()).toEqual(['Run the checks'])
  await judged(page, 'Run the checks')
  await expect.poll(() => page.title()).toBe('Passed, not submitted · Say hello · A small course')
  expect(await primaryButtons()).toEqual(['Submit'])
  expect(await textOf(page, '.task header')).toContain('passed, not submitted')
  expect(await textOf(page, '#results')).toContain('Passed, but not submitted yet.')
  await page.reload()
  expect(await page.title()).toBe('Passed, not submitted · Say hello · A small course')
  expect(await primaryButtons()).toEqual(['Submit'])
  expect(await axeFindings(page)).toEqual([])
})

test('the course page, the lesson and Continue know of it', async () => {
  await server.store.markLesson('first-lesson', 1)
  await server.store.addAnswer({
    questionId: 'who-speaks-first',
    option: 'The client',
    correct: true,
  })
  // Kept before the run, so that it would be shown again if nobody looked at the runs.
  await page.goto(`${server.url}/lessons/first-lesson`)
  expect(await textOf(page, '.exercise-row')).toContain('not passed yet')
  await page.goto(server.url + EXERCISE)
  await judged(page, 'Run the checks')
  await page.goto(`${server.url}/lessons/first-lesson`)
  expect(await textOf(page, '.exercise-row.unsubmitted')).toContain('passed, not submitted')
  await page.goto(server.url)
  expect(await textOf(page, '.exercise-row.unsubmitted')).toContain('passed, not submitted')
  expect(await textOf(page, '.continue a')).toMatch(/Submit: Say hello/)
  expect(await page.$eval('.continue a', (link) => link.getAttribute('href'))).toBe(EXERCISE)
})

test('after a submission: the next exercise, and the reference also after a reload', async () => {
  await judged(page, 'Submit')
  const expectWayOn = async () => {
    expect(await primaryButtons()).toEqual(['Next exercise: Say more'])
    expect(await textOf(page, '.way-on')).toContain('Compare with the reference solution')
    expect(await page.title()).toBe('Passed · Say hello · A small course')
    await page.setViewport({ width: 390, height: 780 })
    const [next, compare] = await page.$$eval('.way-on .button', (buttons) =>
      buttons.map((button) => {
        const { top, bottom } = button.getBoundingClientRect()
        return { top, bottom }
      }),
    )
    expect(compare!.top - next!.bottom).toBeGreaterThanOrEqual(8)
    await page.setViewport(null)
  }
  await expectWayOn()
  await page.reload()
  await expectWayOn()
  // A later run that fails takes neither away.
  outcomes = ['passed', 'failed']
  await judged(page, 'Run the checks')
  expect(await primaryButtons()).toEqual(['Run the checks'])
  await page.reload()
  expect(await primaryButtons()).toEqual(['Run the checks'])
  expect(await textOf(page, '.way-on')).toContain('Compare with the reference solution')
  await page.click('.way-on a[href^="/submissions/"]')
  await page.waitForSelector('.submission-page')
  expect(await textOf(page, '.submission-page header')).toMatch(/Passed: 2 of 2/)
  expect(await page.title()).toBe('Passed · Submission: Say hello · A small course')
  expect(await primaryButtons()).toEqual(['Next exercise: Say more'])
})

test('runs are listed, and each says how it differs from the one before it', async () => {
  outcomes = ['passed', 'failed']
  await judged(page, 'Run the checks')
  expect(await page.title()).toBe('Not yet: 1 of 2 · Say hello · A small course')
  expect(await page.$('.since')).toBeNull()
  outcomes = ['failed', 'passed']
  await judged(page, 'Run the checks')
  expect(await textOf(page, '.since')).toBe('Since the last run: 1 passes now, 1 broke.')
  expect(await textOf(page, '#history summary')).toBe('2 runs so far')
  await page.click('#history summary')
  outcomes = ['passed', 'passed']
  await judged(page, 'Submit')
  // Opened, and still open with the run that came.
  expect(await textOf(page, '#history ol')).toMatch(
    /passed: 2 of 2\s*submitted[\s\S]*not yet: 1 of 2/,
  )
  await page.reload()
  expect(await textOf(page, '.since')).toBe('Since the last run: 1 passes now.')
})
