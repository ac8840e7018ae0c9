import type { Page } from 'puppeteer'
import { beforeEach, expect, test } from 'vitest'
import { reachByTab } from './reach-by-tab.ts'
import { playgroundInTests } from './playground-in-tests.ts'
import { unreadable } from './readable.ts'

const playground = playgroundInTests('two-editors')
let page: Page
beforeEach(async () => {
  page = await playground.open()
})

const text = (selector: string) => page.$eval(selector, (element: any) => element.innerText.trim())
const open = async (precondition: 'no' | 'yes', prediction: 'overwritten' | 'stays') => {
  await page.click(`[name=precondition][value=${precondition}]`)
  await page.click(`[name=prediction][value=${prediction}]`)
  await page.click('#choice button')
  await page.waitForFunction(`document.querySelectorAll('#history li').length === 1`)
  await page.waitForSelector('#editors:not([hidden])')
}
/** Saves for one of the two, and gives what is said of it. */
const save = async (editor: 'Ada' | 'Ben', typed?: string) => {
  const before = await page.$$eval('#history li', (all) => all.length)
  if (typed !== undefined)
    await page.$eval(
      `#text-${editor.toLowerCase()}`,
      (box: any, value) => (box.value = value),
      typed,
    )
  const said = await text('#say')
  await page.click(`[data-editor=${editor}]`)
  await page.waitForFunction(
    (count, words) =>
      (globalThis as any).document.querySelectorAll('#history li').length > count &&
      (globalThis as any).document.querySelector('#say').innerText !== words,
    {},
    before,
    said,
  )
  return text('#say')
}
const history = () =>
  page.$$eval('#history li', (all: any[]) => all.map((item) => [item.className, item.innerText]))

test('without If-Match the second save overwrites the first, which its page never saw', async () => {
  await open('no', 'stays')
  expect(await save('Ada')).toMatch(/^Ada's page knew version 1, .* Now let Ben save\.$/)
  expect(await save('Ben')).toMatch(
    /^Not quite: you said that the first text stays, but it was overwritten\. .* both pages were told 200\.$/,
  )
  expect(await history()).toEqual([
    ['stored', 'Version 1\nMon-Fri 9-18'],
    ['lost', 'Version 2, by Ada\nMon-Fri 9-18, Sat 10-14\noverwritten, and Ben never saw it'],
    ['stored', 'Version 3, by Ben\nMon-Fri 9-19'],
  ])
  expect(await text('#result')).not.toContain('If-Match')
})

test('with If-Match it is refused, and both texts can be brought together', async () => {
  await open('yes', 'overwritten')
  await save('Ben')
  expect(await save('Ada')).toMatch(
    /^Not quite: you said that the first text is overwritten, but it stays\. .* 412 with Ben's text/,
  )
  expect(await text('#note-ada')).toBe('Refused. The shop sent version 2: “Mon-Fri 9-19”')
  // What somebody typed is not taken from them.
  expect(await page.$eval('#text-ada', (box: any) => box.value)).toBe('Mon-Fri 9-18, Sat 10-14')
  expect(await save('Ada', 'Mon-Fri 9-19, Sat 10-14')).toMatch(/^By now Ada had seen version 2/)
  expect(await history()).toEqual([
    ['stored', 'Version 1\nMon-Fri 9-18'],
    ['stored', 'Version 2, by Ben\nMon-Fri 9-19'],
    ['refused', 'Ada’s save\nMon-Fri 9-18, Sat 10-14\nrefused, not stored'],
    ['stored', 'Version 3, by Ada\nMon-Fri 9-19, Sat 10-14'],
  ])
  await page.$eval('.text-alternative', (details: any) => (details.open = true))
  const exchange = (await page.$$eval('.text-alternative tbody tr', (all: any[]) =>
    all.slice(-4).map((row) => row.innerText.replaceAll('\t', ' ')),
  )) as string[]
  expect(exchange).toEqual([
    'Ada and Ben PUT /hours · Ada saves · If-Match: "1"',
    'lamp shop 412 Precondition Failed · ETag: "2"',
    'Ada and Ben PUT /hours · Ada saves · If-Match: "2"',
    'lamp shop 200 OK · ETag: "3"',
  ])
})

test('a right guess is said once, and each round begins anew with a guess', async () => {
  await open('yes', 'stays')
  await save('Ada')
  expect(await save('Ben')).toMatch(/^You were right\./)
  expect(await save('Ben')).not.toMatch(/right|quite/)
  expect(await page.$('[name=prediction]:checked')).toBeNull()
  expect(await page.$eval('#choice', (form: any) => form.checkValidity())).toBe(false)
  await open('no', 'overwritten')
  await save('Ada')
  expect(await save('Ben')).toMatch(/^You were right\./)
  expect(await page.$$eval('iframe', (all) => all.length)).toBe(1)
})

test('says so when the shop takes no more', async () => {
  await open('no', 'stays')
  for (let count = 0; count < 22; count++) await save(count % 2 === 0 ? 'Ada' : 'Ben')
  await page.click('[data-editor=Ada]')
  await page.waitForFunction(
    `document.querySelector('#say').innerText.includes('Have both open the page once more')`,
  )
})

test('can be read by everybody, and used from the keyboard', async () => {
  await reachByTab(page, '[name=precondition][value=no]')
  await page.keyboard.press('ArrowRight')
  await reachByTab(page, '[name=prediction][value=overwritten]')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#editors:not([hidden])')
  await reachByTab(page, '#text-ada')
  await page.keyboard.type('Sun closed, ')
  await reachByTab(page, '[data-editor=Ada]')
  await page.keyboard.press('Enter')
  await page.waitForFunction(`document.querySelectorAll('#history li').length === 2`)
  expect((await history())[1]![1]).toContain('Sun closed')
  await save('Ben', 'a very long text '.repeat(20))
  await page.$$eval('details', (all) => all.forEach((each: any) => (each.open = true)))
  expect(await unreadable(page)).toEqual([])
  await page.setViewport({ width: 390, height: 900 })
  expect(
    await page.$eval('.picture-scroll', (box: any) => box.scrollWidth <= box.clientWidth),
  ).toBe(true)
  // Chromium itself reports an answer that says 412, or 403. Nothing else may be reported.
  expect(playground.complaints().filter((each) => !/status of (?:412|403)/.test(each))).toEqual([])
})
