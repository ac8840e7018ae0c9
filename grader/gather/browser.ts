import { dirname } from 'node:path'
import type { Browser } from 'puppeteer'
import { resolvePaths } from '../../course/paths.ts'
import { openBrowser } from './open-browser.ts'
import { prepareSpareVisitor } from './visitors.ts'

export type OnPreparing = (preparing: { text: string; fraction?: number }) => void

let warm: Promise<Browser> | null = null

/**
 * The one browser of this process: found or brought and started when first asked for, kept for the gradings that follow, started
 * again when it went away.
 * @throws BrowserNotFound, BrowserFailed
 */
export async function warmBrowser(onPreparing: OnPreparing = () => {}, signal?: AbortSignal): Promise<Browser> {
  for (let current = warm; current; current = warm) {
    const known = await current.catch(() => null)
    if (known?.connected) return known
    // Of several who find it gone, one starts the next.
    if (warm === current) warm = null
  }
  const starting = (async () => {
    const { browser } = await openBrowser({ stateDir: dirname(resolvePaths().browser), onProgress: onPreparing, ...(signal && { signal }) })
    prepareSpareVisitor(browser)
    return browser
  })()
  warm = starting
  starting.catch(() => {
    if (warm === starting) warm = null
  })
  return starting
}

/** The browser that runs now, or null. Starts none. */
export async function runningBrowser(): Promise<Browser | null> {
  const known = warm && (await warm.catch(() => null))
  return known?.connected ? known : null
}

/** Closes the browser, if one was started. The command that started it ends with this. */
export async function closeBrowser(): Promise<void> {
  const closing = warm
  warm = null
  const browser = closing && (await closing.catch(() => null))
  await browser?.close().catch(() => {})
}
