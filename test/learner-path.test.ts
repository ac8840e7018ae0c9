import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { loadCourseStrictly } from '../course/load-course.ts'
import { openStore } from '../store/open-store.ts'
import { authorsFile } from '../testing/authors-program-in-tests.ts'
import { startCourse, type CourseServer } from './course-server.ts'
import { follow, judged, press, pressKey, textOf, type JudgedCheck } from './course-pages.ts'
import { createLearnerHome, root, type LearnerHome } from './learner-home.ts'
import { runCommand } from './run-command.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

// A grading waits longer on a busy machine; what is slow is not wrong.
vi.setConfig({ testTimeout: 120_000 })

const EXERCISE = 'cookies-set-and-return'
const QUESTION = '#quiz-where-is-the-memory'
const ONLY_IN_THE_SOLUTION = 'Without Path the browser would take the folder of this address.'
const COURSE = await loadCourseStrictly(root)
const {
  right: RIGHT,
  wrong: WRONG,
  why: WHY,
  explanation: EXPLANATION,
} = question('where-is-the-memory')

let home: LearnerHome
let course: CourseServer
let chromium: TestBrowser
let page: Page
beforeAll(async () => {
  home = await createLearnerHome()
  ;[course, chromium] = await Promise.all([startCourse(home), openTestBrowser()])
  page = await chromium.newReader()
})
afterAll(async () => {
  await chromium.close()
  await course.stop()
  await home.remove()
})

// One learner, from the first page to the last: each test goes on where the one before it ended.
describe('a learner with a browser', () => {
  test('reads the course page and follows it to the lesson', async () => {
    await page.goto(course.url)
    expect(await page.title()).toBe('HTTP from scratch')
    expect(await textOf(page, 'main')).toMatch(
      /\b0 of \d+ lessons done · 0 of \d+ exercises passed/,
    )
    await follow(page, 'Cookies and state')
    expect(await textOf(page, 'h1')).toBe('Cookies and state')
    const prose = await textOf(page, '.prose')
    expect(prose.split(/\s+/).length).toBeGreaterThan(1000)
    expect(prose).not.toMatch(/\{\{|```|\(x\)/)
  })

  test('answers a question wrongly, then rightly, and reads why', async () => {
    expect(await textOf(page, QUESTION)).not.toContain(EXPLANATION)
    await answer(WRONG)
    await page.waitForSelector(`${QUESTION}[data-answer=wrong]`)
    expect(await textOf(page, `${QUESTION} .outcome`)).toMatch(/^Not quite\./)
    expect(await textOf(page, `${QUESTION} .outcome`)).toContain(WHY)
    expect(await page.$(`${QUESTION} details:not([open])`)).not.toBeNull()
    await press(page, `${QUESTION} summary`)
    expect(await textOf(page, `${QUESTION} details[open]`)).toContain(EXPLANATION)
    await answer(RIGHT)
    await page.waitForSelector(`${QUESTION}[data-answer=right]`)
    expect(await textOf(page, `${QUESTION} .outcome`)).toMatch(/^Right\./)
    expect(await textOf(page, `${QUESTION} .outcome`)).toContain(EXPLANATION)
  })

  test('finds the answer again after a reload, and after the server was started anew', async () => {
    await page.reload()
    expect(await chosenAnswer()).toContain(RIGHT)
    // A page that is left tells how far it was read, as long as there is somebody to tell.
    await page.goto('about:blank')
    expect((await course.stop()).code).toBe(130)
    course = await startCourse(home)
    await page.goto(`${course.url}/lessons/cookies-and-state`)
    expect(await chosenAnswer()).toContain(RIGHT)
    expect(await textOf(page, `${QUESTION} .outcome`)).toContain(EXPLANATION)
    expect(await textOf(page, 'main')).not.toContain('The server answered')
  })

  test('opens the exercise: the task, their own file, hints one at a time', async () => {
    await follow(page, 'The cookie comes back')
    expect(await textOf(page, '.task')).toContain(
      'Your server hands out a cookie at one address and recognises it at another.',
    )
    expect(await textOf(page, '#path')).toBe(join(home.work, EXERCISE, 'server.ts'))
    expect(readFileSync(join(home.work, EXERCISE, 'server.ts'), 'utf8')).toBe(
      authorsFile(EXERCISE, 'stub'),
    )

    expect(await hintsShown()).toBe(0)
    expect(await page.content()).not.toContain('crypto.randomUUID()')
    for (const count of [1, 2]) {
      await press(page, '#hints button')
      await page.waitForSelector(`#hints li:nth-child(${count})`)
      expect(await hintsShown()).toBe(count)
    }
    await page.reload()
    expect(await hintsShown()).toBe(2)
    await press(page, '#hints button')
    await page.waitForSelector('#hints li:nth-child(3)')
    expect(await page.$('#hints button')).toBeNull()
  })

  test('runs the checks on the stub and reads there what the command says', async () => {
    const seen = await judged(page, 'Run the checks')
    expect(seen.verdict).toBe('Not yet: 1 of 8')
    expect(seen.checks).toHaveLength(8)
    // The checks were there before they were judged, and turned one after another.
    expect(seen.steps.length).toBeGreaterThanOrEqual(3)
    expect(seen.steps.toSorted((a, b) => b - a)).toEqual(seen.steps)
    expect(seen.steps.at(-1)).toBe(0)
    await expectTheSameFromTheCommand(seen.checks, ['starts'])
  })

  test('makes a mistake and reads the same diagnosis in both places', async () => {
    home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'mutants/path-too-narrow'))
    const { checks } = await judged(page, 'Run the checks')
    expect(checks[2]).toMatchObject({
      outcome: 'failed',
      why: expect.stringMatching(
        /^Chromium keeps session for \/login only, so the request for \/whoami went out without it\./,
      ),
    })
    await expectTheSameFromTheCommand(checks, ['starts', 'set'])
  })

  test('submits too early: it is kept, and the solution stays closed', async () => {
    expect((await judged(page, 'Submit')).verdict).toMatch(/^Not yet: \d of 8$/)
    await follow(page, 'Your submission')
    expect(await textOf(page, 'main')).toContain('The files you submitted')
    expect(await textOf(page, '.results')).toContain('went out without it')
    expect(await page.content()).not.toContain(ONLY_IN_THE_SOLUTION)
    for (const path of [
      `/exercises/${EXERCISE}`,
      `/exercises/${EXERCISE}/solution`,
      `/exercises/${EXERCISE}/solution/server.ts`,
      '/static/../exercises/cookies-set-and-return/solution/server.ts',
    ]) {
      expect(await (await fetch(course.url + path)).text()).not.toContain(ONLY_IN_THE_SOLUTION)
    }
  })

  test('solves it: the run passes, the submission shows both files side by side', async () => {
    home.writeWork(`${EXERCISE}/server.ts`, ownSolution)
    await page.goto(`${course.url}/exercises/${EXERCISE}`)
    const run = await judged(page, 'Run the checks')
    expect(run.verdict).toBe('Passed: 8 of 8')
    expect(run.checks.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 8 }, () => 'passed'),
    )
    expect((await judged(page, 'Submit')).verdict).toBe('Passed: 8 of 8')
    await follow(page, 'Compare with the reference solution')
    const text = await textOf(page, 'main')
    expect(text).toContain('Your solution and the reference')
    expect(text).toContain('The files you submitted')
    const diff = await textOf(page, '.diff')
    expect(diff).toContain('nobody guesses this')
    expect(diff).toContain(ONLY_IN_THE_SOLUTION)
  })

  test('finds the progress on the course page and in the terminal', async () => {
    await page.goto(course.url)
    const overall = /\d of \d+ lessons? done · \d of \d+ exercises? passed/.exec(
      await textOf(page, 'main'),
    )?.[0]
    expect(overall).toMatch(/1 of \d+ exercises passed$/)
    expect(await textOf(page, '.exercise-row.passed')).toContain('The cookie comes back')
    const { code, stdout } = await runCommand(home, ['progress'])
    expect(code).toBe(0)
    expect(stdout.split('\n')).toContain(overall)
    expect(stdout).toMatch(/^ +✓ cookies-set-and-return +passed$/m)
    expect(stdout).toMatch(/^ +◐ Cookies and state +.*1 of \d questions right$/m)
  })

  test('is judged by the page and by a command at the same time, and both submissions are kept', async () => {
    await page.goto(`${course.url}/exercises/${EXERCISE}`)
    const before = await submissions()
    const [inPage, inTerminal] = await Promise.all([
      judged(page, 'Submit'),
      runCommand(home, ['submit', EXERCISE]),
    ])
    expect(inPage.verdict).toBe('Passed: 8 of 8')
    expect(inTerminal.stdout).toMatch(/^Passed: 8 of 8 · /m)
    expect(inTerminal.code).toBe(0)
    const added = (await submissions()).filter(({ id }) => before.every((each) => each.id !== id))
    expect(added.map(({ verdict }) => verdict)).toEqual(['passed', 'passed'])
    const address = /http:\S+(\/submissions\/\w+)/.exec(inTerminal.stdout)![1]!
    await page.goto(course.url + address)
    expect(await textOf(page, '.results')).toContain('Passed: 8 of 8')
  })

  test('met no error in any page’s script', () => {
    expect(chromium.complaints).toEqual([])
  })
})

describe('a learner without a script', () => {
  let plain: Page
  beforeAll(async () => {
    plain = await chromium.newReader({ javaScript: false })
  })

  test('reads the lesson and answers by form', async () => {
    await plain.goto(`${course.url}/lessons/cookies-and-state`)
    expect((await textOf(plain, '.prose')).split(/\s+/).length).toBeGreaterThan(1000)
    const { right, explanation } = question('deleted-and-still-sent')
    const form = '#quiz-deleted-and-still-sent'
    await pressKey(plain, `${form} ::-p-xpath(.//label[contains(., "${right}")]//input)`, 'Space')
    await Promise.all([plain.waitForNavigation(), pressKey(plain, `${form} button`, 'Enter')])
    expect(new URL(plain.url()).hash).toBe(form)
    const outcome = await textOf(plain, `${form} .outcome`)
    expect(outcome).toMatch(/^Right\./)
    expect(outcome).toContain(explanation)
  })

  test('takes a hint, runs the checks and sees the verdict appear', async () => {
    await plain.goto(`${course.url}/exercises/cookies-httponly`)
    await Promise.all([plain.waitForNavigation(), pressKey(plain, '#hints button', 'Enter')])
    expect(await plain.$$('#hints li')).toHaveLength(1)
    await Promise.all([plain.waitForNavigation(), pressKey(plain, '.run-bar form button', 'Enter')])
    // The page asks again by itself until the run is over.
    while (!(await plain.$('.verdict'))) await plain.waitForNavigation()
    expect(await textOf(plain, '.verdict')).toMatch(/^Not yet: \d of \d/)
    expect(await textOf(plain, '.checks')).toContain('expected')
  })
})

/** What a question of the course has as answers; of those without markup. */
function question(id: string): { right: string; wrong: string; why: string; explanation: string } {
  const lessons = COURSE.sections.flatMap((section) => section.lessons)
  const { options, explanation } = lessons
    .flatMap(({ questions }) => questions)
    .find((one) => one.id === id)!
  const option = (correct: boolean) => options.find((each) => each.correct === correct)!
  const wrong = option(false)
  return { right: option(true).text, wrong: wrong.text, why: wrong.why!, explanation }
}

async function answer(option: string): Promise<void> {
  const choice = await page.$(`${QUESTION} ::-p-text(${option})`)
  await choice!.click()
  await press(page, `${QUESTION} button`)
}

function chosenAnswer(): Promise<string> {
  return page.$eval(`${QUESTION} :checked`, (input) => input.closest('label')?.textContent ?? '')
}

async function hintsShown(): Promise<number> {
  return (await page.$$('#hints li')).length
}

async function submissions() {
  const store = openStore(join(home.state, 'roundtrip.sqlite'))
  try {
    return await store.submissions(EXERCISE)
  } finally {
    store.close()
  }
}

/** What the page says of each check, the command says of it too: in its report and in its words. */
async function expectTheSameFromTheCommand(
  seen: readonly JudgedCheck[],
  passed: readonly string[],
): Promise<void> {
  const [json, text] = await Promise.all([
    runCommand(home, ['grade', EXERCISE, '--reporter', 'json']),
    runCommand(home, ['grade', EXERCISE]),
  ])
  expect([json.code, text.code]).toEqual([1, 1])
  const report = JSON.parse(json.stdout)
  expect(report.checks.slice(0, passed.length).map(({ id }: { id: string }) => id)).toEqual(passed)
  expect(
    seen.map((check) => ({
      ...check,
      expected: check.expected.map(withoutDrawn),
      received: check.received.map(withoutDrawn),
    })),
  ).toEqual(
    report.checks.map(({ title, outcome, findings, diagnosis }: any) => {
      const failed = outcome === 'failed' ? findings.filter(({ holds }: any) => !holds) : []
      return {
        title,
        outcome,
        expected: failed.map((finding: any) => withoutDrawn(finding.expected)),
        received: failed.map((finding: any) => withoutDrawn(finding.received)),
        why: diagnosis?.say ?? null,
      }
    }),
  )
  const said = withoutDrawn(text.stdout.replace(/\s+/g, ' '))
  for (const { title, outcome, expected, received, why } of seen) {
    if (outcome === 'skipped') continue
    for (const words of [title, why ?? '']) expect(said).toContain(words)
    // The terminal shows the first failure in full.
    if (outcome === 'failed' && title === seen.find((each) => each.outcome === 'failed')?.title) {
      expect(said).toContain(withoutDrawn(`expected ${expected[0]} received ${received[0]}`))
    }
  }
}

/** Values that are drawn in every run are not the same in two. */
function withoutDrawn(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<drawn>')
}

/** As right as the reference and written otherwise. */
const ownSolution = authorsFile(EXERCISE, 'solution')
  .replace(/^ *\/\/ .*\n/gm, '')
  .replace('function login', '// nobody guesses this\nfunction login')
