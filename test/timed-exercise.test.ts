import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import type { CookieChart } from '../grader/types/index.ts'
import { decodeEvidence } from '../grader/index.ts'
import { authorsFile } from '../testing/authors-program-in-tests.ts'
import { startCourse, type CourseServer } from './course-server.ts'
import { judged, press, start, textOf } from './course-pages.ts'
import { createLearnerHome, type LearnerHome } from './learner-home.ts'
import { processesOf, seesProcesses, untilGone } from './processes.ts'
import { runCommand } from './run-command.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

// A grading waits longer on a busy machine; what is slow is not wrong.
vi.setConfig({ testTimeout: 120_000 })

const EXERCISE = 'cookies-max-age'

let chromium: TestBrowser
beforeAll(async () => {
  chromium = await openTestBrowser()
})
afterAll(() => chromium.close())

// Side by side, for most of it is waiting.
describe.concurrent('the fifteen seconds', () => {
  test('in the page: a row for each request as it comes, then the picture', async ({
    expect,
    onTestFinished,
  }) => {
    const { home, course } = await startedWith('solution', onTestFinished)
    const page = await chromium.newReader()
    await page.goto(`${course.url}/exercises/${EXERCISE}`)
    await page.evaluate(collectCounts)
    const { verdict, checks } = await judged(page, 'Run the checks')

    expect(verdict).toBe('Passed: 8 of 8')
    expect(checks.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 8 }, () => 'passed'))
    const counts = (await page.evaluate('counts')) as number[]
    expect(counts.length).toBeGreaterThanOrEqual(3)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    expect(counts.at(-1)).toBeGreaterThanOrEqual(14)

    expect(await textOf(page, '.cookie-chart figcaption')).toMatch(
      /^The life of token: sent with \d+ requests, last at (8|9|10)\.\d s; not sent from (9|10|11)\.\d s on$/,
    )
    const drawn = [
      await page.$$('.cookie-chart svg[role=img] line.sent'),
      await page.$$('.cookie-chart svg[role=img] circle.unsent'),
    ].map((marks) => marks.length)
    expect(drawn[0]).toBeGreaterThanOrEqual(9)
    expect(drawn[1]).toBeGreaterThanOrEqual(4)
    const [run] = home.runs()
    const samples = run!.report.checks
      .flatMap(({ exhibits }: any) => exhibits)
      .find(({ kind }: any) => kind === 'cookie-chart').samples as CookieChart['samples']
    expect(drawn).toEqual([
      samples.filter(({ sent }) => sent).length,
      samples.filter(({ sent }) => !sent).length,
    ])
  })

  test('in the terminal: the same, a line each where the cursor cannot move', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await homeWith('solution', onTestFinished)
    const { code, stdout, stderr } = await runCommand(home, ['grade', EXERCISE])
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Passed: 8 of 8 · /m)
    const counts = [...stdout.matchAll(/ (\d+) of 15$/gm)].map(([, count]) => Number(count))
    expect(counts.length).toBeGreaterThanOrEqual(12)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    expect(stdout).toMatch(/^ +\d\.\d s {3}Cookie: token=… sent +\d+ of 15$/m)
    expect(stdout).toMatch(/^ +1\d\.\d s {3}no token in the request +\d+ of 15$/m)
    expect(stdout).toMatch(/token {2}█+░+/)
    expect(stdout).not.toContain('\x1b')
  })

  test('stopped from the page: ends there and leaves no process', async ({
    expect,
    onTestFinished,
  }) => {
    const { home, course } = await startedWith('solution', onTestFinished)
    const page = await chromium.newReader()
    await page.goto(`${course.url}/exercises/${EXERCISE}`)
    await start(page, 'Run the checks')
    await page.waitForSelector('#waits .request-rows li:nth-child(2)')
    if (seesProcesses) expect(programsOf(home)).not.toEqual([])

    await press(page, '.run-head ::-p-text(Stop)')
    await page.waitForSelector('#results[data-over=true]')
    expect(await textOf(page, '#results')).toContain('Stopped. Nothing else was judged.')
    expect(await page.$('#results .verdict')).toBeNull()
    if (seesProcesses) expect(await untilGone(() => programsOf(home))).toEqual([])

    // What was stopped is in nobody's way, and the server ends in the middle of the next one as
    // cleanly.
    await start(page, 'Run the checks')
    await page.waitForSelector('#waits .request-rows li:nth-child(2)')
    const { code, stdout, stderr } = await course.stop()
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' })
    expect(stdout).toMatch(/^Stopped\.$/m)
    if (seesProcesses) expect(await untilGone(() => processesOf(home.dir))).toEqual([])
    expect(home.runs()).toEqual([])
  })

  test('are not waited for when the lifetime is wrong', async ({ expect, onTestFinished }) => {
    const { home, course } = await startedWith('mutants/milliseconds', onTestFinished)
    const page = await chromium.newReader()
    await page.goto(`${course.url}/exercises/${EXERCISE}`)
    await page.evaluate(collectCounts)
    const [{ verdict, checks }, command] = await Promise.all([
      judged(page, 'Run the checks'),
      runCommand(home, ['grade', EXERCISE]),
    ])

    expect(verdict).toBe('Not yet: 1 of 8')
    expect(checks[1]).toMatchObject({
      outcome: 'failed',
      why: 'Max-Age counts seconds, not milliseconds: 10000 seconds are 2.8 hours.',
    })
    expect(checks.slice(2).map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 6 }, () => 'skipped'),
    )
    expect(await page.evaluate('counts')).toEqual([])
    expect(command.code).toBe(1)
    expect(command.stdout.replace(/\s+/g, ' ')).toContain(
      'Max-Age counts seconds, not milliseconds: 10000 seconds are 2.8 hours.',
    )
    expect(command.stdout).not.toContain('of 15')

    const runs = home.runs()
    expect(runs).toHaveLength(2)
    for (const { evidence } of runs) {
      const requests = decodeEvidence(evidence)
        .flatMap(({ exchanges }) => exchanges)
        .map(({ request }) => request.path)
      expect(requests).toContain('/start')
      expect(requests).not.toContain('/ping')
    }
  })
})

type OnTestFinished = (clean: () => Promise<void>) => void

async function homeWith(variant: string, onTestFinished: OnTestFinished): Promise<LearnerHome> {
  const home = await createLearnerHome(onTestFinished)
  home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, variant))
  return home
}

async function startedWith(
  variant: string,
  onTestFinished: OnTestFinished,
): Promise<{ home: LearnerHome; course: CourseServer }> {
  const home = await homeWith(variant, onTestFinished)
  const course = await startCourse(home)
  onTestFinished(async () => void (await course.stop()))
  return { home, course }
}

/** The learner's own programs among the processes of their home. */
function programsOf(home: LearnerHome) {
  return processesOf(home.work).filter(({ command }) => command.includes(`${EXERCISE}/server.ts`))
}

/** How many rows of requests the page showed, each time that there were more. */
const collectCounts = `
  globalThis.counts = []
  new MutationObserver(() => {
    const rows = Math.max(0, ...[...document.querySelectorAll('#waits .request-rows')].map((list) => list.children.length))
    if (rows > (counts.at(-1) ?? 0)) counts.push(rows)
  }).observe(document.body, { childList: true, subtree: true })
`
