import type { Page } from 'puppeteer'

/** A check as an exercise's page shows it. */
export interface JudgedCheck {
  readonly title: string
  readonly outcome: string
  readonly expected: readonly string[]
  readonly received: readonly string[]
  readonly why: string | null
}

export interface Judged {
  /** `Not yet: 1 of 8` */
  readonly verdict: string
  readonly checks: readonly JudgedCheck[]
  /** How many checks were not judged yet, each time that this changed. */
  readonly steps: readonly number[]
}

/** The text of the first element that matches, as it is shown. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.innerText.trim())
}

/** Clicks the first element that matches, wherever on the page it stands. */
export async function press(page: Page, selector: string): Promise<void> {
  await page.locator(selector).click()
}

/** Follows the first link with this text. */
export async function follow(page: Page, text: string): Promise<void> {
  const link = await page.waitForSelector(`main ::-p-xpath(.//a[contains(., "${text}")])`)
  await Promise.all([page.waitForNavigation(), link!.click()])
}

/** The same from the keyboard, for a page without scripts: a pointer cannot be placed there. */
export async function pressKey(
  page: Page,
  selector: string,
  key: 'Enter' | 'Space',
): Promise<void> {
  await page.focus(selector)
  await page.keyboard.press(key)
}

/** Presses a button that starts a grading: `Run the checks` or `Submit`. */
export async function start(page: Page, button: string): Promise<void> {
  // While a run is under way the buttons do nothing.
  await page.waitForSelector('.run-bar button[aria-disabled=false]')
  await press(page, `.run-bar ::-p-text(${button})`)
}

/** Starts a grading and waits for its verdict, watching the page meanwhile. */
export async function judged(page: Page, button: string): Promise<Judged> {
  await page.evaluate(collectSteps)
  await start(page, button)
  await page.waitForSelector('#results[data-over=true] .verdict', { timeout: 110_000 })
  const checks = await page.$$eval('#results .check', (elements) =>
    elements.map((check) => {
      const texts = (selector: string): string[] =>
        Array.from<any, string>(check.querySelectorAll(selector), (element) =>
          element.textContent.trim(),
        )
      const terms = texts('.advice dt')
      return {
        title: check.querySelector('.check-title > span').lastChild.textContent.trim(),
        outcome: String(Array.from(check.classList).find((name) => name !== 'check')),
        expected: texts('.check-body > .finding.broken .compare dd:first-of-type'),
        received: texts('.check-body > .finding.broken .compare dd:last-of-type'),
        why: texts('.advice dd')[terms.indexOf('Why')] ?? null,
      }
    }),
  )
  return {
    verdict: await textOf(page, '#results .verdict strong'),
    checks,
    steps: (await page.evaluate('steps')) as number[],
  }
}

// As a text: what runs in the page knows things that nothing else here knows.
const collectSteps = `
  // What an earlier run left is no step of this one.
  document.getElementById('results')?.replaceChildren()
  globalThis.steps = []
  new MutationObserver(() => {
    const count = (selector) => document.querySelectorAll('#results ' + selector).length
    if (count('.check') > 0 && steps.at(-1) !== count('.check.pending')) steps.push(count('.check.pending'))
  }).observe(document.body, { childList: true, subtree: true })
`
