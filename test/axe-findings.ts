import axe from 'axe-core'
import type { Page } from 'puppeteer'

/** What axe finds in a page, or in the part of it that `within` selects: `rule: where, where`. */
export async function axeFindings(page: Page, within = 'html'): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(
    `axe.run(${JSON.stringify(within)}, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  ) as Promise<string[]>
}
