import type { Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
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
  await page.goto(await server.playground('preflight-or-not'))
})

interface Choice {
  readonly method?: string
  readonly type?: string
  readonly permission?: string
  readonly more?: readonly string[]
  readonly prediction?: 'asks' | 'sends'
}

/** Chooses, predicts, sends, and gives the newest row of the table. */
const send = async ({
  method = 'GET',
  type = '',
  permission = 'this',
  more = [],
  prediction = 'asks',
}: Choice) => {
  const before = await page.$$eval('#rows tr', (all) => all.length)
  for (const [name, value] of Object.entries({ method, type, permission, prediction }))
    await page.click(`[name=${name}][value="${value}"]`)
  await page.$$eval(
    'input[type=checkbox]',
    (boxes, chosen) => boxes.forEach((box: any) => (box.checked = chosen.includes(box.name))),
    more,
  )
  await page.click('#choice button')
  await page.waitForFunction(`document.querySelectorAll('#rows tr').length > ${before}`)
  const [, said, came, why, read] = await page.$eval('#rows tr', (row: any) =>
    Array.from(row.cells, (cell: any) => cell.textContent as string),
  )
  return { said, came, why, read }
}
const text = (selector: string) => page.$eval(selector, (element) => element.textContent!.trim())
const messages = () =>
  page.$$eval('#result .w-start', (all) =>
    all.map(({ textContent }) => textContent!.replace(/\/things\/[0-9a-f]{6}/, '/things/…')),
  )
const DONE = '200, “The partner has done it.”'

test.each<[string, Choice, string]>([
  ['a form could', { method: 'POST', type: 'text/plain' }, 'POST is one of'],
  [
    'a form could',
    { method: 'POST', type: 'multipart/form-data', more: ['credentials'] },
    'POST is one of',
  ],
  ['a link could', { more: ['Accept'] }, 'GET is one of'],
])('sends at once what %s: %j', async (_name, choice, why) => {
  expect(await send({ ...choice, prediction: 'sends' })).toEqual({
    said: 'sends at once',
    came: 'sends at once',
    why: expect.stringContaining(why),
    read: DONE,
  })
  expect(await messages()).toEqual([
    `${choice.method ?? 'GET'} /things/… HTTP/1.1`,
    'HTTP/1.1 200 OK',
  ])
  expect(await text('#say')).toMatch(/^You were right/)
})

test.each<[Choice, string]>([
  [{ method: 'PUT' }, "PUT isn't"],
  [{ method: 'POST', type: 'application/json' }, 'Its Content-Type'],
  [{ more: ['X-Color'] }, "X-Color isn't a field"],
  [{ method: 'HEAD', more: ['Authorization'] }, "Authorization isn't a field"],
])('asks first: %j', async (choice, why) => {
  expect(await send({ ...choice, prediction: 'sends' })).toMatchObject({
    said: 'sends at once',
    came: 'asks first',
    why: expect.stringContaining(why),
  })
  expect(await messages()).toEqual([
    'OPTIONS /things/… HTTP/1.1',
    'HTTP/1.1 204 No Content',
    `${choice.method ?? 'GET'} /things/… HTTP/1.1`,
    'HTTP/1.1 200 OK',
  ])
  expect(await text('#say')).toBe(
    `Not quite: you said that your browser sends at once, but it asked first. ${await text('#because')}`,
  )
})

test('a request nobody may read is carried out; one that was asked for and refused is not', async () => {
  expect(await send({ permission: 'nobody' })).toMatchObject({
    came: 'sends at once',
    read: 'nothing',
  })
  expect(await text('#read')).toContain('The partner carried the request out all the same')
  expect(await send({ method: 'PUT', permission: 'nobody' })).toMatchObject({
    came: 'asks first',
    read: 'nothing',
  })
  expect(await messages()).toEqual(['OPTIONS /things/… HTTP/1.1', 'HTTP/1.1 204 No Content'])
  expect(await text('.ruling')).toContain('the request itself was never sent')
  expect(await page.$$eval('#rows tr', (all) => all.length)).toBe(2)
})

test('the star lets read without credentials only', async () => {
  expect(await send({ permission: 'any' })).toMatchObject({ read: DONE })
  expect(await send({ permission: 'any', more: ['credentials'] })).toMatchObject({
    read: 'nothing',
  })
  expect(await text('#read')).toContain('“*” is no wildcard')
})

test('asks for a prediction each time', async () => {
  await page.click('#choice button')
  expect(await page.$eval('#choice', (form: any) => form.checkValidity())).toBe(false)
  await send({})
  expect(await page.$('[name=prediction]:checked')).toBeNull()
})

/**
 * Waits in the frame with this address until an expression is true. A playground's frame has a
 * process of its own, which Puppeteer's Frame does not always notice; then nothing that it is asked
 * is answered. So the frame is asked as a target of the browser.
 */
async function inFrame(reader: Page, address: string) {
  const target = await reader.browserContext().waitForTarget((each) => each.url() === address)
  const session = await target.createCDPSession()
  return (expression: string) =>
    expect
      .poll(
        async () =>
          // A click of a script opens a tab only when a person might have made it.
          (await session.send('Runtime.evaluate', { expression, userGesture: true })).result.value,
        { timeout: 20_000 },
      )
      .toBe(true)
}

const clicked = (selector: string) =>
  `[...document.querySelectorAll('${selector}:not(:disabled)')].map((each) => each.click()).length === 1`
const present = (selector: string) => `document.querySelector('${selector}') !== null`

test('works within a lesson, beside another playground', async () => {
  const block = (name: string) => `\`\`\`playground ${name}\nTry it.\n\`\`\`\n\n`
  const files = {
    'lessons/01-start/02-second.md': `---\nid: second-lesson\ntitle: The second lesson\nminutes: 5\nneeds: []\nobjectives:\n  - Say more\n---\n${block('who-speaks-first')}${block('preflight-or-not')}`,
  }
  const lesson = await startFixtureServer({ files })
  const reader = await chromium.newReader()
  await reader.goto(`${lesson.url}/lessons/second-lesson`)
  for (const [name, selector] of [
    ['who-speaks-first', '#open'],
    ['preflight-or-not', '#choice button'],
  ] as const) {
    await reader.$eval(`#playground-${name}`, (figure) => figure.scrollIntoView())
    const source = await (await reader.waitForSelector(`#playground-${name} iframe`))!.evaluate(
      (frame) => (frame as any).src as string,
    )
    const becomesTrue = await inFrame(reader, source)
    await becomesTrue(`document.readyState === 'complete'`)
    if (name === 'preflight-or-not') await becomesTrue(clicked('[value=sends]'))
    await becomesTrue(clicked(selector))
    if (name === 'who-speaks-first')
      await reader
        .browserContext()
        .waitForTarget((target) => target.url().startsWith('http://127.0.0.1:'))
    await reader.bringToFront()
    await becomesTrue(present(name === 'who-speaks-first' ? '#time' : '#rows tr'))
  }
  // A page that is left open goes on telling the lesson how far it was read.
  await reader.browserContext().close()
  await lesson.close()
})

test('can be read by everybody', async () => {
  await send({ method: 'PUT', more: ['X-Color', 'credentials'] })
  await page.$$eval('details', (all) => all.forEach((each: any) => (each.open = true)))
  expect(await unreadable(page)).toEqual([])
  // Chromium itself reports what it withheld. Nothing else may be reported.
  expect(
    chromium.complaints.filter((each) => !/blocked by CORS policy|net::ERR_FAILED/.test(each)),
  ).toEqual([])
})
