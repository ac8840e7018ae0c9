import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { HTTPRequest, Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { GradeSubmission } from '../class/worker/grade-job.ts'
import { closeBrowser, encodeEvidence, gradeExercise, programOf } from '../grader/index.ts'
import { authorsFile } from '../testing/authors-program-in-tests.ts'
import { openForwardProxy, type ForwardProxy } from '../testing/forward-proxy.ts'
import { openServedClass, type ServedClass } from '../testing/class/served-class-in-tests.ts'
import { axeFindings } from './axe-findings.ts'
import { judged, press, textOf } from './course-pages.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

const EXERCISE = 'first-exchange'
const NAME = 'Ada <Lovelace>'

let served: ServedClass
let chromium: TestBrowser
let proxy: ForwardProxy
let teacher: Page
let learner: Page
/** As it is printed on the card. */
let code: string
beforeAll(async () => {
  ;[served, chromium] = await Promise.all([
    openServedClass({ wholeCourse: true }),
    openTestBrowser(),
  ])
  await served.work(gradeHere)
  // As a class in one room does: by plain http, under a name of the network. There, a browser says
  // less of where a request comes from, and lets pages do less.
  proxy = await openForwardProxy(Number(new URL(served.url).port))
  const proxyServer = proxy.url
  ;[teacher, learner] = await Promise.all([
    chromium.newReader({ proxyServer }),
    chromium.newReader({ proxyServer }),
  ])
  // Closed the last time: what leads to the editor are its buttons.
  await learner.evaluateOnNewDocument("localStorage.setItem('editor', 'closed')")
})
afterAll(async () => {
  await chromium.close()
  await proxy.close()
  await served.close()
  await closeBrowser()
})

// One class, from the first card to the gradebook: each test goes on where the one before it ended.
describe('a class in Chromium', () => {
  test('the teacher comes in and adds people, with the keyboard alone', async () => {
    await teacher.goto(`${served.origin}/class/people`)
    expect(await axeFindings(teacher)).toEqual([])
    // The field has the focus.
    await typeAndSend(teacher, served.teacher.code)
    expect(await textOf(teacher, 'h1')).toBe('People')
    await tabTo(teacher, 'textarea')
    await teacher.keyboard.type(`${NAME}\tada-1`)
    await teacher.keyboard.press('Tab')
    await send(teacher)
    expect(await textOf(teacher, '.cards strong')).toBe(NAME)
    code = await textOf(teacher, '.cards code')
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  })

  test('cards print as cards alone, three in a row', async () => {
    await teacher.emulateMediaType('print')
    const shown = await teacher.$$eval('header, nav, h1, p, .cards li', (elements) =>
      elements.filter((each) => each.checkVisibility()).map((each) => each.tagName),
    )
    expect(shown).toEqual(['LI'])
    const columns = await teacher.evaluate(
      `getComputedStyle(document.querySelector('.cards')).gridTemplateColumns`,
    )
    expect(columns).toMatch(/^\S+ \S+ \S+$/)
    await teacher.emulateMediaType('screen')
  })

  test('the learner comes in with the card’s code and lands where they wanted to go', async () => {
    await learner.goto(`${served.origin}/exercises/${EXERCISE}`)
    await typeAndSend(learner, ` ${code.toLowerCase().replace('-', ' ')}`)
    expect(new URL(learner.url()).pathname).toBe(`/exercises/${EXERCISE}`)
    expect(await textOf(learner, '.leave button')).toMatch(/^Leave/)
    expect(await learner.$('.class-link')).toBeNull()
  })

  test('runs the stub, and the teacher sees who is stuck, and where', async () => {
    expect((await judged(learner, 'Run the checks')).verdict).toMatch(/^Not yet: \d of \d$/)
    await teacher.goto(`${served.origin}/class/stuck`)
    expect(await textOf(teacher, '.stuck')).toContain(NAME)
    expect(await textOf(teacher, '.stuck')).toContain('Answer your first request')
    await teacher.goto(`${served.origin}/class/gradebook`)
    expect(await textOf(teacher, 'main')).not.toContain('Answer your first request')
  })

  test('edits in the page, keeps what was typed while the database is away, and saves it then', async () => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
    await press(learner, '#edit ::-p-xpath(.//button[normalize-space(.)="Plain text field"])')
    await learner.waitForFunction(
      `document.querySelector('.editor-state')?.textContent === 'Saved'`,
    )
    const solution = authorsFile(EXERCISE, 'solution')
    await learner.$eval('.editor-surface textarea', fill, solution)
    const before = chromium.complaints.length
    await served.database.cut()
    try {
      await press(learner, '.run-bar ::-p-text(Submit)')
      await learner.waitForFunction(
        `/database does not answer.*Try again/.test(document.getElementById('connection').textContent)`,
      )
      expect(await textOfEditor()).toBe(solution)
      expect(await textOf(learner, '.editor-state')).toBe('Not saved yet')
    } finally {
      await served.database.restore()
    }
    // The browser itself notes answers that are errors.
    for (const each of chromium.complaints.splice(before)) expect(each).toContain('503')
    complaints.mockRestore()
  })

  test('waits for a run that the server cannot tell of for a while', async () => {
    const before = chromium.complaints.length
    const refused: string[] = []
    await learner.setRequestInterception(true)
    // The stream breaks, and what asks for the run then is refused, too.
    const refuse = (request: HTTPRequest) => {
      const { pathname } = new URL(request.url())
      if (!pathname.startsWith('/api/runs/') || refused.length === 3) return void request.continue()
      refused.push(pathname)
      void request.respond({ status: 503, headers: { 'Retry-After': '5' }, body: '{}' })
    }
    learner.on('request', refuse)
    try {
      const { verdict } = await judged(learner, 'Run the checks')
      expect(verdict).toMatch(/^Passed/)
      expect(refused).toHaveLength(3)
      expect(await textOf(learner, '#connection')).toBe('')
    } finally {
      learner.off('request', refuse)
      await learner.setRequestInterception(false)
    }
    for (const each of chromium.complaints.splice(before)) expect(each).toContain('503')
  })

  test('submits, sees each check as it is judged, and passes', async () => {
    const seen = await judged(learner, 'Submit')
    expect(seen.verdict).toMatch(/^Passed/)
    expect(seen.steps.length).toBeGreaterThanOrEqual(2)
    expect(seen.steps.at(-1)).toBe(0)
    expect(await axeFindings(learner, '#results')).toEqual([])
    await learner.reload()
    expect(await textOf(learner, '.past')).toContain('passed')
  })

  test('the teacher finds it in the gradebook and its CSV, and nobody is stuck any more', async () => {
    await teacher.goto(`${served.origin}/class/gradebook`)
    expect(await textOf(teacher, '.gradebook td.passed')).toBe('passed')
    const csv = (await teacher.evaluate(
      `fetch('/class/gradebook.csv?for=canvas').then((answer) => answer.text())`,
    )) as string
    expect(csv).toMatch(/^Ada <Lovelace>,,,ada-1,,100,/m)
    await press(teacher, '.gradebook td.passed a')
    await teacher.waitForSelector('.of-learner')
    expect(await textOf(teacher, '.of-learner')).toContain(`Submitted by ${NAME}`)
    expect(await textOf(teacher, '#comparison')).toContain('the reference')
    await teacher.goto(`${served.origin}/class/stuck`)
    expect(await textOf(teacher, 'main')).toContain('Nobody is stuck.')
  })

  test('the teacher regrades it, sees what changes without a reload, and publishes', async () => {
    // As if the checks had been stricter.
    await served.pool.query(
      `UPDATE judgements SET checks_version = 'of before', verdict = 'failed', passed_checks = 1
       FROM submissions WHERE submissions.id = submission_id AND purpose = 'submit'`,
    )
    await teacher.goto(`${served.origin}/class/regrade?exercise=${EXERCISE}&which=best`)
    await tabTo(teacher, 'main button.primary')
    await send(teacher)
    await teacher.evaluate('globalThis.sameDocument = true')
    await teacher.waitForSelector('input[name=sure]')
    expect(await teacher.evaluate('globalThis.sameDocument')).toBe(true)
    expect(await textOf(teacher, '.wide tbody')).toMatch(/1 of 6\s+passed\s+better/)
    expect(await axeFindings(teacher)).toEqual([])
    await tabTo(teacher, 'input[name=sure]')
    await teacher.keyboard.press('Space')
    await teacher.keyboard.press('Tab')
    await send(teacher)
    expect(await textOf(teacher, '.notice')).toContain('1 submission counts by the new verdict')
    await teacher.goto(`${served.origin}/class/gradebook`)
    expect(await textOf(teacher, '.gradebook td.passed')).toBe('passed')
  })

  test.each([
    '/class',
    '/class/people',
    '/class/gradebook?exercises=all',
    '/class/stuck',
    '/class/assignments',
    `/class/regrade?exercise=${EXERCISE}`,
  ])('%s: accessible, in both themes, and no wider than a phone', async (path) => {
    await teacher.setViewport({ width: 390, height: 800 })
    for (const theme of ['light', 'dark']) {
      await teacher
        .browserContext()
        .setCookie({ name: 'theme', value: theme, domain: 'course.example' })
      await teacher.goto(served.origin + path)
      expect(await axeFindings(teacher)).toEqual([])
      expect(await teacher.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(
        true,
      )
    }
    const links = await teacher.$$eval('main a[href^="/"]', (all) =>
      all.map((each) => each.getAttribute('href')).filter((_, at) => at < 6),
    )
    for (const link of links)
      expect([link, (await served.teacher.get(link)).status]).toEqual([link, 200])
  })

  test('a lesson says how to use its playgrounds, and has no link to one', async () => {
    await learner.goto(`${served.origin}/lessons/cookies-and-state`)
    expect(await textOf(learner, '#playground-cookies')).toContain(
      'start the course on your own machine with npm start',
    )
    expect(await learner.$('a[href^="/playground"], .embed button, .embed iframe')).toBeNull()
    expect(await axeFindings(learner, '#playground-cookies')).toEqual([])
  })

  test('Leave ends the session', async () => {
    await learner.focus('.leave button')
    await send(learner)
    expect(await textOf(learner, 'h1')).toBe('Access required')
    await learner.goto(`${served.origin}/exercises/${EXERCISE}`)
    expect(await textOf(learner, 'h1')).toBe('Access required')
  })

  test('no page complained', () => {
    // Of those who were asked for a code. And by plain http a browser says which field it ignores.
    const expected = /401|Cross-Origin-Opener-Policy header has been ignored/
    expect(chromium.complaints.filter((each) => !expected.test(each))).toEqual([])
  })
})

/** As a worker grades, without a box around it. */
const gradeHere: GradeSubmission = async (job, { onEvent, signal }) => {
  const { exercise, lesson, run, files } = job
  const dir = mkdtempSync(join(tmpdir(), 'roundtrip-graded-'))
  try {
    for (const { path, content } of files) writeFileSync(join(dir, path), content)
    const program = programOf(exercise, dir, files[0]!.path)
    const { report, evidence } = await gradeExercise({
      exercise,
      lesson,
      program,
      kept: files,
      run,
      onEvent,
      signal,
    })
    return { report, evidenceGz: gzipSync(encodeEvidence(evidence)) }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function fill(field: any, text: any): void {
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

function textOfEditor(): Promise<string> {
  return learner.$eval('.editor-surface textarea', (field) => field.value)
}

async function typeAndSend(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text)
  await send(page)
}

async function send(page: Page): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
  }
  throw new Error(`The keyboard never comes to ${selector}.`)
}
