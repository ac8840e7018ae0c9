import type { Page } from 'puppeteer'
import { beforeEach, expect, test } from 'vitest'
import { textOf } from './course-pages.ts'
import { playgroundInTests } from './playground-in-tests.ts'
import { unreadable } from './readable.ts'

const playground = playgroundInTests('the-herd')
let page: Page
beforeEach(async () => {
  page = await playground.open()
  await page.waitForSelector('#choice button:not(:disabled)')
})

const rows = () =>
  page.$$eval('#rows tr', (all: any[]) =>
    all.map((row) => Array.from(row.cells, (cell: any) => cell.textContent).join(' | ')),
  )
const choose = async (choice: Record<string, string>) => {
  for (const [name, value] of Object.entries(choice))
    await page.click(`[name=${name}][value="${value}"]`)
}
/** Lets the server fail, and waits for what came of it. */
const run = async (begin: () => Promise<unknown> = () => page.click('#choice button')) => {
  const before = (await rows()).length
  await begin()
  await page.waitForFunction(`document.querySelectorAll('#rows tr').length > ${before}`)
}

test('a wrong prediction is tried, corrected, and the herd vanishes', async () => {
  await page.click('#choice button')
  expect(await page.$eval('#choice', (form: any) => form.checkValidity())).toBe(false)
  expect(await rows()).toEqual([])

  await choose({ prediction: 'doubling' })
  await run()
  expect(await textOf(page, '#say')).toBe('These were equal waits. You predicted doubling waits.')
  expect(await textOf(page, '#happened')).toMatch(/^48 of 50 .* 2 gave up\. .* the peak was 50 /)

  await choose({ wait: 'doubling' })
  await run()
  expect(await textOf(page, '#say')).toBe(
    'Not quite: the peak was above what the server can do. Another setting does better.',
  )
  expect(await textOf(page, '#helps')).toContain('jitter is what spreads them')

  await choose({ prediction: 'doubling-jitter', jitter: 'on' })
  await run()
  expect(await textOf(page, '#say')).toMatch(/^You were right\. With 8 tries, /)
  expect(await textOf(page, '#helps')).toContain('there is no herd')
  expect(await page.$eval('.load svg', (drawing) => drawing.getAttribute('aria-label'))).toBe(
    `The load: ${await textOf(page, '#happened')}`,
  )
  expect(await rows()).toEqual([
    'doubling waits with jitter, 8 tries | 8 | 6.8 s | 0',
    'doubling waits, 8 tries | 50 | 23.0 s | 0',
    'equal waits, 8 tries | 50 | 7.0 s | 2',
  ])
})

test('needs nothing but the keyboard', async () => {
  await page.focus('[name=prediction]')
  await page.keyboard.press('Space')
  for (const key of [
    'ArrowDown',
    'ArrowDown',
    'ArrowDown',
    'Tab',
    'ArrowDown',
    'Tab',
    'ArrowDown',
  ] as const)
    await page.keyboard.press(key)
  // To the tries, of which 8 are chosen, and one fewer.
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowUp')
  await run(() => page.keyboard.press('Enter'))
  expect(await rows()).toEqual(['doubling waits with jitter, 6 tries | 8 | 6.8 s | 1'])
  expect(await textOf(page, '#say')).toContain('Not with 6 tries: 1 client gave up.')
})

test('says so when the playground has ended', async () => {
  await choose({ prediction: 'equal' })
  await page.setRequestInterception(true)
  page.on('request', (request) => void request.abort('connectionrefused'))
  await page.click('#choice button')
  await page.waitForSelector('#say ::-p-text(The playground does not answer)')
  expect(await rows()).toEqual([])
})

test('can be read by everybody', async () => {
  await choose({ prediction: 'equal', jitter: 'on', tries: '10' })
  await run()
  await page.$$eval('details', (all: any[]) => all.forEach((each) => (each.open = true)))
  expect(await unreadable(page)).toEqual([])
})

test('no page complained, but for the requests that were refused', () =>
  expect(
    playground.complaints().filter((each) => !each.includes('ERR_CONNECTION_REFUSED')),
  ).toEqual([]))
