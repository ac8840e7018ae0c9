import type { Page } from 'puppeteer'
import { axeFindings } from './axe-findings.ts'

/**
 * What keeps somebody from reading a page: what axe finds, light on a phone and dark on a wide
 * screen, and a page that is wider than its window. Empty when all is well.
 */
export async function unreadable(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const [scheme, width] of [
    ['light', 390],
    ['dark', 1200],
  ] as const) {
    await page.setViewport({ width, height: 900 })
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    found.push(...(await axeFindings(page)))
    if (!(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')))
      found.push(`wider than ${width} px`)
  }
  return found
}
