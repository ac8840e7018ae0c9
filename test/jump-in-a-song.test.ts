import type { Page } from 'puppeteer'
import { beforeEach, expect, test } from 'vitest'
import { playgroundInTests } from './playground-in-tests.ts'
import { unreadable } from './readable.ts'

const playground = playgroundInTests('jump-in-a-song')
let page: Page
beforeEach(async () => {
  page = await playground.open()
})

const text = (selector: string) => page.$eval(selector, (element) => element.textContent!.trim())
const load = async (ranges: 'yes' | 'no') => {
  await page.click(`[name=ranges][value=${ranges}]`)
  await page.click('#choice button')
  await page.waitForSelector('#jump:not(:disabled)')
  await said(/^Your browser began/)
}
/** Clicks into the map where a second is. */
const jumpTo = async (second: number) => {
  const map = (await (await page.$('.map'))!.boundingBox())!
  await page.mouse.click(map.x + (map.width * second) / 299, map.y + 20)
}
const said = (words: RegExp) => expect.poll(() => text('#say')).toMatch(words)
const rows = () =>
  page.$$eval('#rows tr', (all) =>
    all.map((row: any) => [row.cells[0].textContent, row.cells[1].textContent] as const),
  )
const place = () => page.$eval('#song', (audio: any) => audio.currentTime as number)

test('a click asks for a part, and the player is there at once', async () => {
  await load('yes')
  expect(await text('#say')).toContain('began with Range: bytes=0-, and the server answered 206')
  await jumpTo(150)
  await said(
    /asked for bytes=\d+-, which begins at 2:2\d\. .* so the player went to 2:\d\d\. The 4\.\d MB before that were never sent/,
  )
  const [first, second] = await rows()
  expect(first).toEqual(['bytes=0-', '206, bytes 0-9600043/9600044'])
  const [, from] = /^bytes=(\d+)-$/.exec(second![0])!
  expect(second![1]).toBe(`206, bytes ${from}-9600043/9600044`)
  expect(Number(from)).toBeGreaterThan(4_000_000)
  expect(await place()).toBeGreaterThan(145)
  expect(await page.$$eval('#lanes rect.asked', (all) => all.length)).toBe(2)
  await jumpTo(2)
  await said(/asked for nothing, because the bytes for 0:0\d had been sent already/)
})

test('the keys jump, too, and a screen reader hears where to', async () => {
  await load('yes')
  await page.focus('#jump')
  await page.keyboard.press('End')
  await said(/so the player went to 4:59\./)
  await page.keyboard.press('ArrowLeft')
  await expect.poll(place).toBe(294)
  const valueText = () => page.$eval('#jump', (slider) => slider.getAttribute('aria-valuetext'))
  await expect.poll(valueText).toBe('4:54')
  await page.keyboard.press('Home')
  await said(/because the bytes for 0:00 had been sent already/)
})

test('where Range is ignored, the player goes back to the start and nothing is asked', async () => {
  await load('no')
  expect(await text('#say')).toContain('began with Range: bytes=0-, and the server answered 200')
  await jumpTo(150)
  await said(/asked for nothing, and the player went back to the start\. The server had answered/)
  await jumpTo(3)
  await said(/back to the start, although the bytes for 0:0\d had been sent already/)
  expect(await rows()).toEqual([['bytes=0-', '200']])
  expect(await place()).toBeLessThan(1)
})

test('makes no sound and plays nothing before it is asked to', async () => {
  const state = () =>
    page.$eval('#song', (audio: any) => [audio.paused, audio.muted] as [boolean, boolean])
  await load('yes')
  await jumpTo(200)
  await said(/so the player went to/)
  expect([...(await state()), await text('#play')]).toEqual([true, true, 'Play'])
  await page.click('#play')
  await page.click('#sound')
  await expect.poll(place).toBeGreaterThan(200)
  expect([...(await state()), await text('#play')]).toEqual([false, false, 'Pause'])
  await load('no')
  expect([await page.$eval('#song', (audio: any) => audio.paused), await text('#play')]).toEqual([
    true,
    'Play',
  ])
})

test('can be read by everybody', async () => {
  await load('yes')
  await jumpTo(100)
  await said(/so the player went to/)
  expect(await unreadable(page)).toEqual([])
  expect(playground.complaints()).toEqual([])
})
