import { dirname } from 'node:path'
import type { Browser } from 'puppeteer'
import { resolvePaths } from '../../../course/paths.ts'
import { thisMachine } from './install/browser-places.ts'
import { presentBrowser } from './install/find-browser.ts'
import { openBrowser, type OpenBrowserOptions } from './open-browser.ts'
import { prepareSpareVisitor } from './visitors.ts'

export type OnPreparing = (preparing: { text: string; fraction?: number }) => void

let warm: Promise<Browser> | null = null

/** What was started before anybody asked for it: nobody speaks to it yet. */
let ahead: { readonly connect: () => void; readonly giveUp: () => void } | null = null

/**
 * The one browser of this process: found or brought and started when first asked for, kept for the
 * gradings that follow, started again when it went away.
 * @throws BrowserNotFound, BrowserFailed
 */
export async function warmBrowser(
  onPreparing: OnPreparing = () => {},
  signal?: AbortSignal,
): Promise<Browser> {
  ahead?.connect()
  ahead = null
  for (let current = warm; current; current = warm) {
    const known = await current.catch(() => null)
    if (known?.connected) return known
    // Of several who find it gone, one starts the next.
    if (warm === current) warm = null
  }
  return start({ onProgress: onPreparing, ...(signal && { signal }) })
}

/**
 * The same without bringing one, for what can do without it. Null where none is at hand or none
 * starts; why is told to whoever asks for one.
 */
export async function browserAtHand(): Promise<Browser | null> {
  if (!warm && !isAtHand()) return null
  const stop = new AbortController()
  // The one that is there may not start, and another would be brought.
  return warmBrowser(() => stop.abort(), stop.signal).catch(() => null)
}

/**
 * Starts the browser, where one is at hand, for somebody who will ask for it in a moment: it comes
 * up while there is other work.
 */
export function startBrowserAhead(): void {
  if (warm || !isAtHand()) return
  const stop = new AbortController()
  const asked = Promise.withResolvers<void>()
  ahead = { connect: asked.resolve, giveUp: () => stop.abort() }
  start({ onProgress: () => stop.abort(), signal: stop.signal, connectAfter: asked.promise }).catch(
    () => {},
  )
}

function start(
  options: Pick<OpenBrowserOptions, 'onProgress' | 'signal' | 'connectAfter'>,
): Promise<Browser> {
  const starting = (async () => {
    const { browser } = await openBrowser({ ...options, stateDir: stateOfBrowsers() })
    prepareSpareVisitor(browser)
    return browser
  })()
  warm = starting
  starting.catch(() => {
    if (warm === starting) warm = null
  })
  return starting
}

function isAtHand(): boolean {
  const machine = thisMachine()
  return (
    Boolean(machine.env.PUPPETEER_EXECUTABLE_PATH) ||
    presentBrowser({ stateDir: stateOfBrowsers(), onProgress() {} }, machine) !== null
  )
}

function stateOfBrowsers(): string {
  return dirname(resolvePaths().browser)
}

/** The browser that runs now, or null. Starts none. */
export async function runningBrowser(): Promise<Browser | null> {
  const known = warm && (await warm.catch(() => null))
  return known?.connected ? known : null
}

let closing: Promise<void> = Promise.resolve()

/**
 * Closes the browser, if one was started, and settles when it is gone. The command that started it
 * ends with this.
 */
export function closeBrowser(): Promise<void> {
  ahead?.giveUp()
  ahead = null
  const last = warm
  warm = null
  if (last) closing = Promise.all([closing, closeWhole(last)]).then(() => {})
  return closing
}

async function closeWhole(started: Promise<Browser>): Promise<void> {
  const browser = await started.catch(() => null)
  await browser?.close().catch(() => {})
}
