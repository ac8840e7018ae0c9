import type { Page } from 'puppeteer'
import { beforeAll, expect, test } from 'vitest'
import { unreadable } from './readable.ts'
import { playgroundInTests } from './playground-in-tests.ts'

const playground = playgroundInTests('which-method-arrives')
let page: Page
beforeAll(async () => {
  page = await playground.open()
})

const text = (selector: string) => page.$eval(selector, (element) => element.textContent!.trim())
const guess = async (post: string, put: string, second: string) => {
  for (const [name, value] of Object.entries({ post, put, second }))
    await page.click(`[name=${name}][value=${value}]`)
  const { length } = await filled()
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await filled()).length).toBeGreaterThan(length)
  await page.waitForFunction(`!document.querySelector('#say').textContent.startsWith('Sent')`)
}
/** The rows that are filled in: every cell's parts, one after the other. */
const filled = () =>
  page.$$eval('#matrix tbody tr:has(b)', (rows: any[]) =>
    rows.map((row) => Array.from<any, string>(row.cells, (cell) => cell.textContent).join(' | ')),
  )
const chosen = () => page.$eval('[name=status]:checked', (radio: any) => radio.value as string)

test('asks for all three parts of a guess', async () => {
  await page.click('[name=post][value=same]')
  await page.click('#choice button')
  expect(await page.$eval('#choice', (form: any) => form.checkValidity())).toBe(false)
  expect(await page.$eval('#rest', (rest: any) => rest.hidden)).toBe(true)
})

test('fills in what arrived, and says of each part what it was worth', async () => {
  await guess('same', 'same', 'skipped')
  expect(await text('#say')).toBe('301: you were right about 2 of 3.')
  expect(
    await page.$$eval('.rulings li', (all: any[]) => all.map(({ dataset }) => dataset.answer)),
  ).toEqual(['wrong', 'right', 'right'])
  expect(await text('.rulings')).toContain('The POST arrived as GET, without its content.')
  expect(await filled()).toEqual([
    '301 | GET2nd: skipped | GETno content2nd: asked | PUTwith content2nd: asked | DELETE2nd: asked',
  ])
  expect([await chosen(), await page.$('[name=post]:checked')]).toEqual(['302', null])

  await page.click('[name=status][value="307"]')
  await guess('same', 'same', 'asked')
  expect(await text('#say')).toBe('307: you were right about all 3.')
  expect(await chosen()).toBe('302')
})

test('fills in the rest, and then sums up', async () => {
  expect(await text('#sum')).toBe('')
  await page.click('#rest button')
  await page.waitForSelector('#sum:not(:empty)')
  expect(await filled()).toEqual([
    '301 | GET2nd: skipped | GETno content2nd: asked | PUTwith content2nd: asked | DELETE2nd: asked',
    '302 | GET2nd: asked | GETno content2nd: asked | PUTwith content2nd: asked | DELETE2nd: asked',
    '303 | GET2nd: asked | GETno content2nd: asked | GETno content2nd: asked | GET2nd: asked',
    '307 | GET2nd: asked | POSTwith content2nd: asked | PUTwith content2nd: asked | DELETE2nd: asked',
    '308 | GET2nd: skipped | POSTwith content2nd: asked | PUTwith content2nd: asked | DELETE2nd: asked',
  ])
  expect(await text('#sum')).toContain('skipped the old address with 301 and 308')
  expect(await page.$eval('#rest', (rest: any) => rest.hidden)).toBe(true)
})

test('can be read by everybody', async () => {
  expect(await unreadable(page)).toEqual([])
  expect(playground.complaints()).toEqual([])
})
