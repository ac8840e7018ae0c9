// Takes the pictures in docs/screenshots/ anew: the course as a learner sees it after a first hour,
// from the real server in the project's own browser. What is on them was graded for real. `npm run
// screenshots` takes a minute.

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { loadCourseStrictly } from '../course/load-course.ts'
import { resolvePaths } from '../course/paths.ts'
import { authorsFolder } from '../testing/authors-program.ts'

const project = resolvePaths({}).project
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'roundtrip-screenshots-')))
const out = join(project, 'docs', 'screenshots')
// Before the grader is loaded: it looks up the learner's folder by these.
process.env['ROUNDTRIP_WORK'] = join(folder, 'work')
process.env['ROUNDTRIP_HOME'] = join(folder, '.roundtrip')

const PASSED = 'cookies-set-and-return'
const FAILED = 'cookies-max-age'
const MISTAKE = 'express-milliseconds'
const LESSON = '/lessons/cookies-and-state'

const looks = [
  { name: 'light', scheme: 'light', width: 1200, height: 800 },
  { name: 'dark', scheme: 'dark', width: 1200, height: 800 },
  { name: 'narrow', scheme: 'light', width: 390, height: 780 },
] as const

/** A picture: where it is taken, and what has to be done there first. */
interface Shot {
  readonly name: string
  readonly path: string
  readonly before?: (page: Page) => Promise<void>
}

const { findBrowser } = await import('../grader/record/browser/install/find-browser.ts')
const found = await findBrowser({
  stateDir: resolvePaths({}).state,
  onProgress: ({ text }) => console.error(text),
})
// The grader would install another one into the temporary folder.
process.env['PUPPETEER_EXECUTABLE_PATH'] = found.executablePath

const { openStore } = await import('../store/open-store.ts')
const { startServer } = await import('../server/index.ts')
const { closeBrowser, gradeExercise } = await import('../grader/index.ts')
const { launchBrowser } = await import('../grader/record/browser/launch-browser.ts')

// As if the temporary folder were the project's: the pictures show no path of this machine.
const paths = { ...resolvePaths(), project: folder, root: folder }
const store = openStore(paths.store)
const server = await startServer({
  course: await loadCourseStrictly(project),
  store,
  paths,
  grade: gradeExercise,
  port: 0,
})
const browser = await launchBrowser({ found })
try {
  const run = await workForAnHour()
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  let bytes = 0
  for (const shot of shotsOf(run)) for (const look of looks) bytes += await take(shot, look)
  console.log(`${out}: ${Math.round(bytes / 1024)} kB`)
} finally {
  await browser.close()
  await server.close()
  await closeBrowser()
  store.close()
  rmSync(folder, { recursive: true, force: true })
}

/** One exercise passed, the next one tried. Gives the id of the run that passed. */
async function workForAnHour(): Promise<string> {
  await store.markLesson('cookies-and-state', 0.7)
  const page = await browser.newPage()
  const work = async (exercise: string, program: string, button: 'run' | 'submit') => {
    await page.goto(`${server.url}/exercises/${exercise}`)
    cpSync(authorsFolder(exercise, program), join(folder, 'work', exercise), {
      recursive: true,
    })
    await page.click(`form[action$='/${button}'] button`)
    await page.waitForSelector('#results[data-over=true]', { timeout: 60_000 })
    return page.$eval('#results', (results) => results.getAttribute('data-run') ?? '')
  }
  const run = await work(PASSED, 'solution', 'submit')
  await work(FAILED, `mutants/${MISTAKE}`, 'run')
  await page.close()
  return run
}

function shotsOf(run: string): Shot[] {
  return [
    { name: 'home', path: '/' },
    { name: 'lesson', path: LESSON },
    { name: 'exercise', path: `/exercises/${FAILED}`, before: (page) => bringUp(page, '.results') },
    { name: 'run', path: `/runs/${run}`, before: (page) => bringUp(page, '.evidence') },
    {
      name: 'playground',
      path: LESSON,
      async before(page) {
        await bringUp(page, '.embed')
        const frame = await (await page.waitForSelector('.embed iframe'))!.contentFrame()
        await frame.locator('[name=maxAge]').fill('8')
        await frame.locator('#choice button').click()
        await frame.waitForFunction("document.querySelectorAll('#rows tr').length >= 12", {
          timeout: 30_000,
        })
      },
    },
  ]
}

async function bringUp(page: Page, selector: string): Promise<void> {
  await page.$eval(selector, (element) => element.scrollIntoView({ block: 'start' }))
  await page.evaluate('scrollBy(0, -8)')
}

async function take({ name, path, before }: Shot, look: (typeof looks)[number]): Promise<number> {
  const page = await browser.newPage()
  await page.setViewport({ width: look.width, height: look.height, deviceScaleFactor: 1.5 })
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: look.scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ])
  await page.goto(server.url + path, { waitUntil: 'networkidle0' })
  await before?.(page)
  const file = join(out, `${name}-${look.name}.webp`)
  writeFileSync(file, await page.screenshot({ type: 'webp', quality: 72 }))
  await page.close()
  return statSync(file).size
}
