import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { record } from '../../../../../testing/record-by-hand.ts'
import type { Page } from '../../../../types/page.ts'
import { closeBrowser, warmBrowser } from '../../browser.ts'

beforeAll(() => warmBrowser())
afterAll(closeBrowser)

const page =
  (body: string): RequestListener =>
  (_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><link rel="icon" href="data:,">${body}`)
  }

describe('what an author writes wrongly', () => {
  test.each<[what: string, act: (tab: Page) => unknown, says: RegExp]>([
    [
      'no selector',
      (tab) => tab.click(undefined as never),
      /^page\.click\(undefined\): the selector is undefined\. Give a text\.$/,
    ],
    [
      'a selector that is none',
      (tab) => tab.click('button['),
      /^page\.click\('button\['\): .*not a valid selector\. Write a CSS selector\.$/,
    ],
    [
      'an unknown option',
      (tab) => tab.click('p', { times: 2 } as never),
      /^page\.click\('p'\) knows no option times; it has count, delay\.$/,
    ],
    [
      'an option of another type',
      (tab) => tab.click('p', { count: '2' } as never),
      /count is a string\. Give a number\.$/,
    ],
    [
      'an unknown key',
      (tab) => tab.press('input', 'Entr'),
      /^page\.press\('input'\): Unknown key: "Entr"\. Name one as in Enter, a, Control\+a\.$/,
    ],
    [
      'a file without bytes',
      (tab) => tab.setInputFiles('input', { name: 'a', type: '' } as never),
      /file 1 has no bytes; text becomes bytes by Buffer\.from\(text\)\./,
    ],
    [
      'files that are none',
      (tab) => tab.setInputFiles('input', undefined as never),
      /file 1 has no name\./,
    ],
    [
      'downloads of a page without them',
      (tab) => tab.downloads(),
      /newPage\('Ann', \{ acceptDownloads: true \}\)\.$/,
    ],
    [
      'leads of a promise',
      (tab) => tab.leads(tab.evaluate('0') as never),
      /^page\.leads\(\): give it something to do: leads\(\(\) => page\.click\('a'\)\)\.$/,
    ],
    [
      'a closed page',
      (tab) => tab.close().then(() => tab.click('p')),
      /^page\.click\(\): the page was closed before\. Open another one by newPage\(\)\.$/,
    ],
  ])('is told to the author: %s', async (_, act, says) => {
    const recording = record(page('<p>a</p><input>'), async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      await act(tab)
    })
    await expect(recording).rejects.toThrow(says)
  })

  test.each<[what: string, options: object, says: RegExp]>([
    [
      'unknown',
      { javascript: false },
      /^newPage\(\) knows no option javascript; it has javaScriptEnabled, /,
    ],
    [
      'of another type',
      { javaScriptEnabled: 'no' },
      /javaScriptEnabled is a string\. Give a boolean\./,
    ],
    [
      'half',
      { httpCredentials: { username: 'a' } },
      /httpCredentials has no username or no password/,
    ],
  ])('as an option of newPage: %s', async (_, options, says) => {
    await expect(record(page(''), ({ newPage }) => newPage('Ann', options))).rejects.toThrow(says)
  })

  test('a click before a page was opened', async () => {
    await expect(
      record(page(''), async ({ newPage }) => (await newPage()).click('p')),
    ).rejects.toThrow("page.click('p'): no page is open. Await page.open(…) before it.")
  })

  test('a click nobody awaited', async () => {
    const recording = record(page(''), async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      void tab.click('.never')
      return null
    })
    await expect(recording).rejects.toThrow(
      "record() of “by hand” returned while page.click('.never') was under way. Await it.",
    )
    const error: unknown = await recording.catch((thrown: unknown) => thrown)
    expect(String((error as Error).stack)).toContain('author-calls.test.ts')
  })
})

describe("what a page lacks is not its author's mistake", () => {
  const body = '<button onclick="fetch(`/slow`)">a</button>'

  test('where another action was under way', async () => {
    const { stopped, recorded } = await record(page(body), async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      return Promise.all([tab.click('#nope'), tab.fill('button ~ #never', 'x')])
    })
    expect(recorded).toBeNull()
    expect(stopped?.claim).toContain('#nope')
  })

  test('where something is held that would have been released', async () => {
    const { stopped, exchanges } = await record(page(body), async ({ newPage, wire }) => {
      const tab = await newPage()
      await tab.open('/')
      const hold = wire.hold({ when: '/slow', what: 'response' })
      await tab.click('button')
      await hold.exchange()
      await tab.click('#nope')
      hold.release()
      return null
    })
    expect(stopped?.claim).toContain('#nope')
    expect(exchanges.at(-1)!.injected).toMatchObject([{ kind: 'held-response', until: null }])
  })
})
