import type { Browser } from 'puppeteer'
import { BrowserFailed, BrowserNotFound } from './browser-errors.ts'
import { identityOf, type FoundBrowser } from './install/browser-places.ts'
import {
  findBrowser,
  NAMED,
  type FindBrowserOptions,
  type UnusableBrowser,
} from './install/find-browser.ts'
import { launchBrowser, type LaunchOptions } from './launch-browser.ts'

export type OpenBrowserOptions = FindBrowserOptions & Pick<LaunchOptions, 'connectAfter'>

export interface OpenedBrowser {
  readonly browser: Browser
  readonly found: FoundBrowser
  /** From the decision to start it until it answers. */
  readonly launchMs: number
}

const SLOW_MS = 1000
/** So often a browser is started that is killed while it starts. */
const MOST_STARTS = 3

/**
 * Finds or installs a browser and starts it. One that cannot start on this machine (a shared
 * library is missing, a file is damaged) is passed over for the next one, except where
 * PUPPETEER_EXECUTABLE_PATH names it; one that was installed and is damaged is installed again. One
 * that somebody kills meanwhile is started again.
 * @throws BrowserNotFound, BrowserFailed, or the signal's reason
 */
export async function openBrowser(options: OpenBrowserOptions): Promise<OpenedBrowser> {
  const except = new Map<string, UnusableBrowser>()
  let firstFailure: BrowserFailed | null = null
  const starts = new Map<string, number>()
  for (;;) {
    const found = await findBrowser({ ...options, except }).catch((error: unknown) => {
      throw error instanceof BrowserNotFound && firstFailure ? withBoth(firstFailure, error) : error
    })
    const startedAt = performance.now()
    const identity = identityOf(found.executablePath)
    const release = reportSlowStart(options)
    try {
      const browser = await launchBrowser({ ...options, found })
      return { browser, found, launchMs: performance.now() - startedAt }
    } catch (error) {
      if (!(error instanceof BrowserFailed)) throw error
      const started = (starts.get(found.executablePath) ?? 0) + 1
      starts.set(found.executablePath, started)
      if (error.failure.killed && started < MOST_STARTS) continue
      if (!error.failure.unusable || found.source === NAMED) throw error
      firstFailure ??= error
      except.set(found.executablePath, {
        maybeDamaged: error.failure.maybeDamaged ?? false,
        identity,
      })
    } finally {
      release()
    }
  }
}

/** Says what is awaited, when it is awaited for longer than usual. Gives what ends that. */
function reportSlowStart({ onProgress, connectAfter }: OpenBrowserOptions): () => void {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  void Promise.resolve(connectAfter).then(() => {
    if (!isOver)
      timer = setTimeout(onProgress, SLOW_MS, { text: 'Waiting for the browser to start' })
  })
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

/**
 * A browser that lacks a library is nearer to working than none at all: what fixes it comes first.
 */
function withBoth(
  { failure }: BrowserFailed,
  { message, remedies }: BrowserNotFound,
): BrowserFailed {
  return new BrowserFailed({
    ...failure,
    message: `${failure.message}\n${message}`,
    remedies: [...failure.remedies, ...remedies],
  })
}
