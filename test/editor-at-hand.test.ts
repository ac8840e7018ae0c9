import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { axeFindings } from './axe-findings.ts'
import { textOf } from './course-pages.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let chromium: TestBrowser
let server: FixtureServer
let page: Page
beforeAll(async () => {
  chromium = await openTestBrowser()
})
afterAll(() => chromium.close())
beforeEach(async () => {
  server = await startFixtureServer()
  page = await chromium.newReader()
})
afterEach(async () => {
  expect(chromium.complaints.splice(0)).toEqual([])
  await page.browserContext().close()
  await server.close()
})

const CONTENT = '.editor-surface >>> .cm-content'
const file = () => join(server.paths.work, 'say-hello', 'server.ts')
const open = () => page.goto(`${server.url}/exercises/say-hello`)
const editor = async () => {
  await open()
  await page.waitForSelector(CONTENT)
}
const withControl = async (key: 'Enter' | 'k' | 'Home') => {
  await page.keyboard.down('Control')
  await page.keyboard.press(key)
  await page.keyboard.up('Control')
}
const focused = () =>
  page.evaluate('document.activeElement.closest("main")?.querySelector(":focus")?.className ?? ""')

const widths = () =>
  page.evaluate(
    'Object.fromEntries(["task", "work"].map((name) => [name, Math.round(document.querySelector("." + name).getBoundingClientRect().width)]))',
  ) as Promise<{ task: number; work: number }>
const values = () =>
  page.evaluate(
    'Object.fromEntries(["min", "now", "max"].map((name) => [name, Number(document.querySelector(".divider").getAttribute("aria-value" + name))]))',
  ) as Promise<Record<'min' | 'now' | 'max', number>>
const middleOf = (selector: string) =>
  page.$eval(selector, (element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return { x: x + width / 2, y: y + height / 2 }
  })
/**
 * How far from the end of the first line the editor draws the cursor that is there: far, where it
 * has not measured anew how wide it is.
 */
const cursorIsOff = () =>
  page.$eval('.editor-surface > div', (host: any) => {
    const range = host.ownerDocument.createRange()
    range.selectNodeContents(host.shadowRoot.querySelector('.cm-line'))
    const end = [...range.getClientRects()].at(-1)
    const cursor = host.shadowRoot.querySelector('.cm-cursor').getBoundingClientRect()
    return Math.abs(cursor.left - end.right) + Math.abs(cursor.top - end.top)
  })

const focusedText = () => page.evaluate('document.activeElement.textContent')
const isInEditor = () => page.evaluate('!!document.activeElement.closest(".editor-surface")')

describe('on a wide screen', () => {
  test('the editor is there without being asked for, and takes no focus', async () => {
    await editor()
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true)
    // What was never touched here follows the file without a word.
    writeFileSync(file(), 'let elsewhere = 1\n')
    await page.waitForFunction(
      'document.querySelector(".editor-surface > div").shadowRoot.textContent.includes("elsewhere")',
      { polling: 200 },
    )
    expect(await textOf(page, '.editor-notice')).toBe('')
  })

  test('closed once, it stays closed on every page; a button leads to it again', async () => {
    await editor()
    await page.click('.editor-bar button:last-child')
    await page.waitForSelector('#edit > button')
    await open()
    await page.waitForSelector('#edit > button')
    expect(await page.$('.editor-surface')).toBeNull()
    await page.click('#edit > button')
    await page.waitForSelector(CONTENT)
    await editor()
  })

  test('a field of plain text, once chosen, comes instead of it', async () => {
    await open()
    await page.evaluate("localStorage.setItem('editor', 'plain')")
    await open()
    await page.waitForSelector('.editor-surface textarea')
  })

  test('Ctrl-Enter saves and runs, from within the editor and from anywhere else', async () => {
    await editor()
    await page.focus(CONTENT)
    await withControl('Home')
    await page.keyboard.type('let a')
    await withControl('Enter')
    await page.waitForSelector('#results[data-over=true] .verdict')
    expect(readFileSync(file(), 'utf8')).toBe('let a// TODO\n')
    const first = await page.$eval('#results', (results) => results.getAttribute('data-run'))
    await page.focus('h1 ::-p-xpath(./ancestor::*[@role="region"])')
    await withControl('Enter')
    await page.waitForFunction(
      `document.querySelector('#results[data-over=true]')?.dataset.run !== '${first}'`,
    )
  })

  test('Ctrl-K opens the palette from within the editor; single keys are text', async () => {
    await editor()
    await page.focus(CONTENT)
    await page.keyboard.type('/jk')
    expect(await page.$('dialog[open]')).toBeNull()
    await withControl('k')
    await page.waitForSelector('dialog[open]')
  })

  test('says how the keyboard gets out, wraps long lines, and its frame shows the focus whole', async () => {
    await editor()
    expect(await textOf(page, '.editor-keys')).toMatch(/Tab indents; Esc then Tab leaves\./)
    await page.focus(CONTENT)
    await withControl('Home')
    await page.keyboard.type(`const long = '${'word '.repeat(60)}'`)
    const widths = await page.$eval('.editor-surface > div', (host: any) => {
      const scroller = host.shadowRoot.querySelector('.cm-scroller')
      return [scroller.scrollWidth, scroller.clientWidth]
    })
    expect(widths[0]).toBe(widths[1])
    expect(
      await page.evaluate(
        '(({ outlineStyle, overflow }) => [outlineStyle, overflow])(getComputedStyle(document.getElementById("edit")))',
      ),
    ).toEqual(['solid', 'visible'])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await focused()).not.toContain('cm-')
  })

  test('Tab comes past it and changes nothing; once something is typed, Tab indents', async () => {
    await editor()
    let tabs = 0
    while ((await focusedText()) !== 'Run the checks' && tabs++ < 60)
      await page.keyboard.press('Tab')
    expect(await focusedText()).toBe('Run the checks')
    expect(await textOf(page, '.editor-state')).toBe('Saved')
    // The same backwards, and then a word.
    await page.keyboard.down('Shift')
    while (!(await isInEditor()) && tabs-- > 0) await page.keyboard.press('Tab')
    await page.keyboard.up('Shift')
    expect(await textOf(page, '.editor-state')).toBe('Saved')
    expect(await page.$eval(CONTENT, (content) => content.getAttribute('aria-label'))).toBe(
      'server.ts. Escape, then Tab, leaves the editor.',
    )
    await withControl('Home')
    await page.keyboard.type('a')
    await page.keyboard.press('Tab')
    expect(await isInEditor()).toBe(true)
    expect(await page.$eval(CONTENT, (content) => content.textContent)).toBe('  a// TODO')
  })

  test('the button that runs and the task stay in sight', async () => {
    const log = 'x\n'.repeat(300)
    await editor()
    await page.$eval('#results', (results, text) => (results.innerHTML = `<pre>${text}</pre>`), log)
    for (const y of [0, 1500, 3000]) {
      await page.evaluate(`scrollTo(0, ${y})`)
      const tops = await page.$$eval('.run-bar button, h1', (all) =>
        all.map((each) => each.getBoundingClientRect().top),
      )
      expect(tops.every((top) => top >= 0 && top < 900)).toBe(true)
    }
  })

  test('the end of a long task is reached with the wheel over it', async () => {
    await editor()
    await page.$eval('.task .prose', (prose) => (prose.innerHTML = '<p>Read on.</p>'.repeat(200)))
    const end = () => page.$eval('.task .neighbours', (last) => last.getBoundingClientRect().bottom)
    const window = await page.evaluate('innerHeight')
    await page.mouse.move(300, 500)
    await expect
      .poll(async () => {
        await page.mouse.wheel({ deltaY: 3000 })
        return end()
      })
      .toBeLessThan(window as number)
  })

  test('a divider between task and editor is dragged, moved by keys, and kept', async () => {
    await editor()
    await page.focus(CONTENT)
    await withControl('Home')
    await page.keyboard.type('a long line '.repeat(12))
    await page.keyboard.press('End')
    await expect.poll(cursorIsOff).toBeLessThan(8)
    const atFirst = await widths()
    const grip = await middleOf('.divider')
    await page.mouse.move(grip.x, grip.y)
    await page.mouse.down()
    await page.mouse.move(grip.x + 100, grip.y)
    await page.mouse.up()
    const dragged = await widths()
    expect(Math.abs(dragged.task - atFirst.task - 100)).toBeLessThanOrEqual(1)
    expect(Math.abs(atFirst.work - 100 - dragged.work)).toBeLessThanOrEqual(1)
    await page.focus(CONTENT)
    await expect.poll(cursorIsOff).toBeLessThan(8)
    await withControl('Enter')
    await page.waitForSelector('#results[data-over=true] .verdict')
    await editor()
    expect(Math.abs((await widths()).task - dragged.task)).toBeLessThanOrEqual(1)

    await page.focus('.divider')
    await page.keyboard.press('ArrowRight')
    expect((await widths()).task).toBeGreaterThan(dragged.task)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect((await widths()).task).toBeLessThan(dragged.task)
    for (const [key, end] of [
      ['Home', 'min'],
      ['End', 'max'],
    ] as const) {
      await page.keyboard.press(key)
      const value = await values()
      expect(value.now).toBe(value[end])
      expect((await widths()).task).toBeGreaterThan(250)
      expect((await widths()).work).toBeGreaterThan(400)
    }
    await page.click('.divider', { count: 2 })
    expect(await widths()).toEqual(atFirst)
    await editor()
    expect(await widths()).toEqual(atFirst)
  })

  test('a kept width that makes no sense is ignored', async () => {
    await open()
    const atFirst = await widths()
    for (const broken of ['', ' ', 'wide', 'NaN', '-1', '2', '1e999', '{}', '0x', '.5;--a:1']) {
      await page.evaluate(`localStorage.setItem('task-part', '${broken}')`)
      await open()
      expect([broken, await widths()]).toEqual([broken, atFirst])
    }
  })

  test('is accessible', async () => {
    await editor()
    await page.focus(CONTENT)
    expect(await axeFindings(page)).toEqual([])
  })
})

test('on a narrow screen a button leads to the editor', async () => {
  await page.setViewport({ width: 640, height: 900 })
  await open()
  await page.waitForSelector('#edit > button')
  expect(await page.$('.editor-surface')).toBeNull()
  expect(await page.$eval('.divider', (divider) => divider.checkVisibility())).toBe(false)
})

test('j and k lead from exercise to exercise, and say where they end', async () => {
  await open()
  await page.keyboard.press('j')
  await page.waitForFunction(
    'document.querySelector(".neighbours [role=status]").textContent === "This is the last exercise."',
  )
})
