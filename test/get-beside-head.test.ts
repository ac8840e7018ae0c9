import type { Page } from 'puppeteer'
import { beforeAll, expect, test } from 'vitest'
import { unreadable } from './readable.ts'
import { playgroundInTests } from './playground-in-tests.ts'

const playground = playgroundInTests('get-beside-head')
let page: Page
beforeAll(async () => {
  page = await playground.open()
})

const text = (selector: string) => page.$eval(selector, (element) => element.textContent!.trim())

/** Chooses a server, guesses, and gives the names of the lines that are marked. */
const compare = async (name: string, said: string) => {
  await page.$eval('#result', (result) => result.replaceChildren())
  await page.click(`[name=server][value=${name}]`)
  await page.click(`[name=said][value=${said}]`)
  await page.click('#choice button')
  await page.waitForSelector('#result table')
  return page.$$eval('.heads .differs th', (all) => all.map(({ textContent }) => textContent))
}

test('asks for a guess, and shows the code of the chosen server alone', async () => {
  await page.click('#choice button')
  expect(await page.$eval('#choice', (form: any) => form.checkValidity())).toBe(false)
  await page.focus('[name=server][value=node]')
  await page.keyboard.press('ArrowRight')
  expect(
    await page.$$eval('#choice pre:not([hidden])', (all: any[]) =>
      all.map((each) => each.dataset.server),
    ),
  ).toEqual(['length'])
})

test('HEAD beside GET, guessed right and wrong', async () => {
  expect(await compare('node', 'length')).toEqual(['Content-Length'])
  expect(await text('#say')).toMatch(/^You were right\. Content-Length is missing/)
  expect(await page.$('[name=said]:checked')).toBeNull()
  expect(await compare('express', 'length')).toEqual([])
  expect(await text('#say')).toMatch(
    /^Not quite: you said “only in Content-Length”\. Both heads say the same\./,
  )
  expect(await compare('branch', 'none')).toEqual(['Content-Type', 'Content-Length'])
  expect(await compare('get-only', 'status')).toContain('Status')
  expect(await text('.heads')).toContain('405 Method Not Allowed')
})

test('a page that nobody clicked on deletes lamps by GET, and none where POST is needed', async () => {
  for (const [left, words] of [
    ['It’s empty.', 'Now no lamp is left'],
    ['desk lamp', 'refused each with 405, so all 3 lamps are still there'],
  ] as const) {
    await page.$eval('#timeline', (timeline) => timeline.replaceChildren())
    await page.click('#ahead button')
    await page.waitForFunction(`document.querySelectorAll('#timeline .p-request').length === 5`)
    expect(await text('#say-ahead')).toContain(`Your browser sent 3 GETs that nobody had clicked`)
    expect(await text('#say-ahead')).toContain(words)
    const alternative = await text('#timeline table')
    expect(alternative.match(/Sec-Purpose: prefetch/g)).toHaveLength(3)
    const catalogue = page.frames().find((frame) => frame.url().startsWith('http://127.0.0.1:'))!
    expect(await catalogue.$eval('body', (body) => body.textContent)).toContain(left)
    await page.click('[name=postOnly]')
  }
})

test('can be read by everybody', async () => {
  await page.$$eval('details', (all) => all.forEach((each: any) => (each.open = true)))
  expect(await unreadable(page)).toEqual([])
  // Chromium itself reports what was refused. Nothing else may be reported.
  expect(playground.complaints().filter((each) => !/status of 405/.test(each))).toEqual([])
})
