import type { Page } from 'puppeteer'
import { beforeEach, expect, test } from 'vitest'
import { reachByTab } from './reach-by-tab.ts'
import { playgroundInTests } from './playground-in-tests.ts'
import { unreadable } from './readable.ts'

const playground = playgroundInTests('the-tunnel')
let page: Page
beforeEach(async () => {
  page = await playground.open()
})

const text = (selector: string) => page.$eval(selector, (element: any) => element.innerText.trim())
const choose = async (choice: Record<string, string>) => {
  for (const [name, value] of Object.entries(choice))
    await page.click(`[name=${name}][value="${value}"]`)
}
/** Presses the button, and gives what is said once something came of it. */
const press = async () => {
  await page.$eval('#say', (element: any) => (element.textContent = ''))
  await page.click('#choice button')
  await page.waitForFunction(
    `!['', 'Sent. Waiting for the answer.'].includes(document.querySelector('#say').textContent)`,
  )
  return text('#say')
}
const book = async () => [
  await page.$$eval('#account ol li', (all) => all.length),
  await text('.sum'),
]

test('on a connection that is still open the browser repeats the request: twice without a key, once with one', async () => {
  await choose({ prediction: '1' })
  const said = await press()
  expect(said).toMatch(/^Not quite: you said once, but the shop charged twice\. .* by itself/)
  expect(await book()).toEqual([2, '2 orders, 98 euros'])
  expect(await text('#listed')).toBe('Its own list of requests has 1 entry.')
  expect(await text('#told')).toBe('The page got 201 Created: {"id":2,"amount":49}')

  await choose({ key: 'yes', prediction: '1' })
  expect(await press()).toMatch(/^You were right\. .* gave its first answer again\.$/)
  expect(await book()).toEqual([2, '1 order, 49 euros'])
  expect(await text('#told')).toBe('The page got 201 Created: {"id":1,"amount":49}')
  await page.$eval('.messages', (details: any) => (details.open = true))
  const keys = /Idempotency-Key: "[0-9a-f-]{36}"/g
  expect(new Set((await text('.messages')).match(keys)).size).toBe(1)
})

test('on a new connection the reader repeats it: once with a key, twice without', async () => {
  await choose({ connection: 'new', key: 'yes', prediction: '2' })
  expect(await press()).toMatch(/^The shop took the money, but its answer was lost\./)
  expect(await text('#told')).toMatch(/^The page got no answer\./)
  expect(await text('#choice button')).toBe('Pay again')
  expect(await press()).toMatch(
    /^Not quite: you said twice, but the shop charged once\. The answer was lost, so you sent/,
  )
  expect(await book()).toEqual([2, '1 order, 49 euros'])
  expect(await text('#choice button')).toBe('Pay 49 euros')

  await choose({ key: 'no', prediction: '2' })
  await press()
  expect(await press()).toMatch(/^You were right\./)
  expect(await book()).toEqual([2, '2 orders, 98 euros'])
})

test('another setting begins with another lamp, and a guess is asked for each time', async () => {
  await choose({ connection: 'new', prediction: '1' })
  await press()
  await page.click('[name=cut]')
  expect(await text('#say')).toContain('the next payment is for another lamp')
  expect(await text('#choice button')).toBe('Pay 49 euros')
  expect(await press()).toMatch(/^You were right\. One request came to the shop/)
  expect(await book()).toEqual([1, '1 order, 49 euros'])
  expect(await page.$('[name=prediction]:checked')).toBeNull()
  expect(await page.$eval('#choice', (form: any) => form.checkValidity())).toBe(false)
  expect(await page.$$eval('iframe', (all) => all.length)).toBe(0)
})

test('is used from the keyboard alone', async () => {
  await reachByTab(page, '[name=key][value=no]')
  await page.keyboard.press('ArrowRight')
  await reachByTab(page, '[name=prediction][value="1"]')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#account')
  expect(await book()).toEqual([2, '1 order, 49 euros'])
})

test('can be read by everybody', async () => {
  await choose({ key: 'yes', prediction: '1' })
  await press()
  await page.$$eval('details', (all) => all.forEach((each: any) => (each.open = true)))
  expect(await unreadable(page)).toEqual([])
  await page.setViewport({ width: 390, height: 900 })
  expect(
    await page.$eval('.picture-scroll', (box: any) => box.scrollWidth <= box.clientWidth),
  ).toBe(true)
  // Chromium itself reports an answer that was lost. Nothing else may be reported.
  expect(
    playground.complaints().filter((each) => !each.includes('net::ERR_EMPTY_RESPONSE')),
  ).toEqual([])
})
