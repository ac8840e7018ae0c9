import type { Page } from 'puppeteer'

/** Presses Tab until the first element that matches has the focus, as somebody without a pointer. */
export async function reachByTab(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await page.$eval(selector, (element) => element.matches(':focus'))) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${selector}.`)
}
