import type { Page } from 'puppeteer'
import { beforeAll, expect, test } from 'vitest'
import { cards } from '../server/playground/which-status/cards.ts'
import { playgroundInTests } from './playground-in-tests.ts'
import { unreadable } from './readable.ts'

const playground = playgroundInTests('which-status')
let page: Page
beforeAll(async () => {
  page = await playground.open()
})

const text = (selector: string) => page.$eval(selector, (element) => element.textContent!.trim())
const turnTo = async (id: string) => {
  const index = cards.findIndex((card) => card.id === id)
  while ((await text('#number')) !== `Card ${index + 1} of 12`) await page.click('#on')
}
/** Chooses, and gives what is said and what the client did. */
const answer = async (id: string, status: number) => {
  await turnTo(id)
  await page.click(`[name=status][value="${status}"]`)
  await page.click('#choice button')
  await expect.poll(() => text('#say')).toMatch(/^(Right|Not this one)\./)
  const steps = await page.$$eval('#steps li', (all) => all.map(({ textContent }) => textContent))
  return { say: await text('#say'), steps }
}

test.each<[string, number, string]>([
  ['wrong-method', 405, 'That worked.'],
  ['missing-comma', 400, 'That worked.'],
  ['no-login', 401, 'That worked.'],
  ['not-yours', 403, 'It says that this isn’t allowed. It changes nothing, and stops.'],
  ['negative-count', 422, 'That worked.'],
  ['removed', 410, 'It deletes its link to this address. It will never ask for it again.'],
  ['wrong-address', 404, 'It says that nothing is there. It keeps the link, and stops.'],
  ['taken-name', 409, 'That worked.'],
  ['xml', 415, 'That worked.'],
  ['too-fast', 429, 'That worked.'],
  ['too-large', 413, 'That worked.'],
  ['nothing-found', 200, 'It takes this as success, and shows what came.'],
])('after the right answer to %s, %i, the client does what helps', async (id, status, last) => {
  const { say, steps } = await answer(id, status)
  expect(say).toBe(`Right. ${cards.find((card) => card.id === id)!.why}`)
  expect(steps.at(-1)).toBe(last)
  expect(await text('#solved')).toMatch(/solved, this one too$/)
})

test.each<[string, number, RegExp, RegExp]>([
  ['not-yours', 401, /the token was valid, so a new login changes nothing\.$/, /^The same answer/],
  ['missing-comma', 422, /nobody can read it/, /checks its values, and finds nothing/],
  ['negative-count', 400, /found no slip in it\.$/, /finds none\. It gives up\.$/],
  ['negative-count', 200, /the client takes it as done/, /takes this as success/],
  ['wrong-method', 429, /waiting doesn’t help/, /^The same answer came again/],
  ['removed', 404, /asks again tomorrow\.$/, /keeps the link/],
])('a wrong answer to %s, %i, is told by what came of it', async (id, status, say, last) => {
  const told = await answer(id, status)
  expect(told.say).toMatch(new RegExp(`^Not this one\\. ${status} says that`))
  expect(told.say).toMatch(say)
  expect(told.steps.at(-1)).toMatch(last)
})

test('the whole conversation is told, with the field that the client read', async () => {
  expect((await answer('wrong-method', 405)).steps).toEqual([
    'The client sends PUT /orders.',
    'The shop answers 405, Allow: POST.',
    'It reads Allow, and uses POST.',
    'The client sends POST /orders.',
    'The shop answers 201.',
    'That worked.',
  ])
})

test('another card forgets the answer, and nothing is sent without a choice', async () => {
  await answer('xml', 400)
  await page.focus('#on')
  await page.keyboard.press('Enter')
  expect([await text('#say'), await page.$('[name=status]:checked')]).toEqual(['', null])
  expect(await page.$eval('#result', (result: any) => result.hidden)).toBe(true)
  await page.click('#choice button')
  expect([await text('#say'), await text('#steps')]).toEqual(['', expect.any(String)])
  await page.focus('#back')
  await page.keyboard.press('Enter')
  expect(await text('#situation')).toContain('XML')
})

test('can be read by everybody', async () => {
  await answer('too-large', 413)
  expect(await unreadable(page)).toEqual([])
  // Chromium itself reports each 4xx. Nothing else may be reported.
  expect(
    playground.complaints().filter((each) => !/the server responded with a status of 4/.test(each)),
  ).toEqual([])
})
