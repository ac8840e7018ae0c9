import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeEvidence, type CheckResult, type Evidence } from '../grader/index.ts'
import { EPOCH, exchange } from '../testing/exchange-builder.ts'
import { pictureFile, runPictures } from '../grader/report/svg/index.ts'
import { fixtureCheck, fixtureReport } from '../testing/sample-grading.ts'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { saveRun } from '../store/runs.ts'
import { axeFindings } from './axe-findings.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

// What a program may send that a page or a file could stumble over.
const evil =
  '</text></svg><img src=x onerror=document.title=1>&amp;"\'\u0000\u001b[31m\u202e\ufffe\ud800 é 漢 𝄞'
const samples = Array.from({ length: 15 }, (_, index) => ({
  at: index + 1.05,
  sent: index < 9,
  exchange: 1,
}))
const chartCheck: CheckResult = fixtureCheck({
  id: 'chart',
  outcome: 'passed',
  findings: [],
  exhibits: [
    { kind: 'cookie-chart', label: 'token', seconds: 15, samples, expiry: 10 },
    {
      kind: 'table',
      title: 'Three views of one cookie',
      columns: ['cookie', 'wire', 'jar', 'script'],
      rows: [['a', evil, 'a=b', 'not there']],
    },
  ],
})
const evidence: Evidence[] = [
  {
    scenario: 'Chromium opens /start',
    recorded: {},
    log: evil,
    exit: { code: 1, signal: null, at: EPOCH + 5000 },
    remarks: [],
    printed: [{ at: EPOCH + 10, text: evil }],
    exchanges: [
      exchange({ id: 1, target: `/start?${evil}`, sets: [`token=${evil}`], body: evil, at: 0 }),
      exchange({ id: 2, target: '/ping', cookie: 'token=1', at: 1 }),
      exchange({ id: 3, target: '/ping', status: null, cut: 'reset', at: 4 }),
      exchange({ id: 4, garbage: evil, at: 4.5 }),
    ],
  },
]
const report = fixtureReport('00c0ffee', {
  startedAt: new Date(EPOCH).toISOString(),
  checks: [chartCheck, fixtureCheck()],
})

let chromium: TestBrowser
let server: FixtureServer
let page: Page
beforeAll(async () => {
  ;[chromium, server] = await Promise.all([
    openTestBrowser(),
    startFixtureServer({
      files: {
        'exercises/say-hello/mutants/says-nothing/server.ts': '// Misconception: silence.\nx\n',
      },
    }),
  ])
  saveRun(server.paths.runs, { report, evidence: encodeEvidence(evidence), files: [] })
  page = await chromium.newReader()
})
afterAll(async () => {
  await chromium.close()
  await server.close()
})

const submission = async () =>
  (
    await server.store.addSubmission({
      report: { ...report, verdict: 'passed' },
      evidence: encodeEvidence(evidence),
      files: [{ path: 'server.ts', content: Buffer.from('// mine\n') }],
    })
  ).id
/** What axe finds in the page's own part. */
const faults = () => axeFindings(page, 'main')

describe.each(['light', 'dark'])('in %s', (scheme) => {
  test.each([
    ['a run', async () => '/runs/00c0ffee'],
    ['a submission', async () => `/submissions/${await submission()}`],
  ])('%s can be read by everybody, unfolded, on a narrow page too', async (_name, path) => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await page.setViewport({ width: 390, height: 900 })
    await page.goto(server.url + (await path()))
    await page.$$eval('main details', (all) => all.forEach((each) => (each.open = true)))
    expect(await faults()).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await page.title()).not.toBe('1')
    await page.setViewport({ width: 1200, height: 900 })
    expect(await faults()).toEqual([])
  })
})

test.each(['sequence-1', 'connections-1', 'cookie-chart-chart-1', 'table-chart-2', 'exchange-2'])(
  'the link #%s leads to it, unfolded',
  async (id) => {
    await page.goto('about:blank')
    await page.goto(`${server.url}/runs/00c0ffee#${id}`)
    expect(
      await page.$eval(
        `#${id}`,
        (element) => element.checkVisibility() && element.getBoundingClientRect().height > 20,
      ),
    ).toBe(true)
  },
)

test('every mark of a cookie chart is inside its picture', async () => {
  await page.goto(`${server.url}/runs/00c0ffee`)
  const outside = await page.$eval('#cookie-chart-chart-1 svg.picture', (svg) => {
    const frame = svg.getBoundingClientRect()
    return Array.from(svg.querySelectorAll('.sent, .unsent, .expiry')).filter((mark: any) => {
      const { left, right } = mark.getBoundingClientRect()
      return left < frame.left || right > frame.right
    }).length
  })
  expect(outside).toBe(0)
})

test('every picture is a file that opens, whatever was sent', async () => {
  const files = runPictures(report, evidence).map(
    (picture) => [picture.id, pictureFile(picture)] as const,
  )
  expect(files.map(([id]) => id)).toEqual(['sequence-1', 'connections-1', 'cookie-chart-chart-1'])
  // Away from the course's policy, which is not the files'.
  await page.goto('about:blank')
  for (const [id, file] of files) {
    // As a file has it: a half character cannot be written.
    const source = Buffer.from(file).toString('utf8')
    const verdict = await page.evaluate(
      `(() => { const parsed = new DOMParser().parseFromString(${JSON.stringify(source)}, 'image/svg+xml'); return parsed.querySelector('parsererror')?.textContent ?? parsed.querySelectorAll('img, script, foreignObject').length })()`,
    )
    expect([id, verdict]).toEqual([id, 0])
  }
})

test('no page’s script or policy complained', () => {
  expect(chromium.complaints).toEqual([])
})

test.each([390, 640, 1200])('no word in a picture is cut at %i px', async (width) => {
  const long = `/orders/${'a'.repeat(60)}`
  const run = '0badcafe'
  const wide: Evidence = {
    ...evidence[0]!,
    exchanges: [
      exchange({ id: 1, target: long, cookie: `session=${'b'.repeat(70)}`, at: 0 }),
      exchange({ id: 2, target: '/ping', at: 0.03 }),
      exchange({ id: 3, target: `/never-whole/${'c'.repeat(300)}`, at: 0.3 }),
    ],
    printed: [{ at: EPOCH + 10, text: `printed ${'d'.repeat(60)}` }],
  }
  if (width === 390)
    saveRun(server.paths.runs, {
      report: { ...report, run },
      evidence: encodeEvidence([wide]),
      files: [],
    })
  await page.setViewport({ width, height: 900 })
  await page.goto(`${server.url}/runs/${run}`)
  await page.$$eval('details', (all) => all.forEach((each: any) => (each.open = true)))
  const { cut, ellipses } = (await page.evaluate(findCutWords)) as {
    cut: string[]
    ellipses: number
  }
  expect(cut).toEqual([])
  // What needs more than any screen has says so.
  expect(ellipses).toBe(1)
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  expect(await axeFindings(page)).toEqual([])
})

const findCutWords = `(() => {
  const texts = [...document.querySelectorAll('.picture svg > text')]
  return {
    cut: texts
      .filter((text) => text.getComputedTextLength() > text.parentNode.width.baseVal.value + 0.5)
      .map((text) => text.textContent),
    ellipses: texts.filter((text) => text.textContent.endsWith('…')).length,
  }
})()`
