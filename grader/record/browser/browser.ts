import { dirname } from 'node:path'
import type { Browser } from 'puppeteer'
import { resolvePaths } from '../../../course/paths.ts'
import { findShortage } from '../../machine/shortage.ts'
import { untilAborted } from '../timing/until-aborted.ts'
import { thisMachine } from './install/browser-places.ts'
import { presentBrowser } from './install/find-browser.ts'
import { openBrowser } from './open-browser.ts'
import { prepareSpareVisitor } from './visitors.ts'

export type OnPreparing = (preparing: { text: string; fraction?: number }) => void

/** A browser that is being started, or runs. */
interface Start {
  readonly browser: Promise<Browser>
  /** The same, as soon as it runs. */
  opened: Browser | null
  /** Who waits for it hears what takes long. */
  readonly waiting: Set<OnPreparing>
  /** Until this was called, nobody speaks to it. */
  readonly ask: () => void
  /** Settles when no browser that is at hand starts. */
  readonly missing: Promise<void>
  /** Until this was called, none is installed. */
  readonly install: () => void
  readonly stop: AbortController
}

let warm: Start | null = null

/**
 * The one browser of this process: found or installed and started when first asked for, kept for
 * the gradings that follow, started again when it went away. Several may wait for one start; it is
 * given up when the last of them gives up.
 * @throws BrowserNotFound, BrowserFailed, or the signal's reason
 */
export async function warmBrowser(
  onPreparing: OnPreparing = () => {},
  signal?: AbortSignal,
): Promise<Browser> {
  for (;;) {
    signal?.throwIfAborted()
    const current = (warm ??= start())
    current.install()
    const browser = await waitFor(current, onPreparing, signal)
    if (browser.connected) return browser
    // Of several who find it gone, one starts the next.
    if (warm === current) warm = null
  }
}

/**
 * The same without installing one, for what can do without it. Null where none is at hand or none
 * starts; why is told to whoever asks for one.
 */
export async function browserAtHand(): Promise<Browser | null> {
  const running = runningBrowser()
  if (running) return running
  if (!warm && !isAtHand()) return null
  const current = (warm ??= start())
  const without = new AbortController()
  void current.missing.then(() => without.abort())
  return waitFor(current, () => {}, without.signal).catch(() => null)
}

/**
 * Starts the browser, where one is at hand, for somebody who will ask for it in a moment: it comes
 * up while there is other work. Where it does not come up, nothing is installed before somebody
 * asks.
 */
export function startBrowserAhead(): void {
  // A machine that is short of something gets no grading, and the browser would take the rest.
  if (!warm && isAtHand() && !findShortage()) warm = start()
}

function start(): Start {
  const asked = Promise.withResolvers<void>()
  const missing = Promise.withResolvers<void>()
  const wanted = Promise.withResolvers<void>()
  const stop = new AbortController()
  const waiting = new Set<OnPreparing>()
  const browser = openBrowser({
    stateDir: stateOfBrowsers(),
    onProgress: (preparing) => waiting.forEach((onPreparing) => onPreparing(preparing)),
    signal: stop.signal,
    connectAfter: asked.promise,
    beforeInstalling() {
      missing.resolve()
      return wanted.promise
    },
  }).then((opened) => {
    prepareSpareVisitor(opened.browser)
    started.opened = opened.browser
    return opened.browser
  })
  const started: Start = {
    browser,
    opened: null,
    waiting,
    ask: asked.resolve,
    missing: missing.promise,
    install: wanted.resolve,
    stop,
  }
  browser.catch(() => {})
  // Whoever asks first reads why it failed; whoever asks after that has it tried again.
  void asked.promise
    .then(() => browser)
    .catch(() => {
      if (warm === started) warm = null
    })
  return started
}

async function waitFor(
  current: Start,
  onPreparing: OnPreparing,
  signal: AbortSignal | undefined,
): Promise<Browser> {
  // The same listener may wait twice.
  const waiter: OnPreparing = (preparing) => onPreparing(preparing)
  current.waiting.add(waiter)
  current.ask()
  try {
    return await untilAborted(signal, current.browser)
  } catch (error) {
    if (signal?.aborted && current.waiting.size === 1) giveUp(current)
    throw error
  } finally {
    current.waiting.delete(waiter)
  }
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

/** The browser that runs now, or null. Starts none, and waits for none. */
export function runningBrowser(): Browser | null {
  return warm?.opened?.connected ? warm.opened : null
}

let closing: Promise<void> = Promise.resolve()

/**
 * Closes the browser, if one was started, and settles when it is gone. The command that started it
 * ends with this.
 */
export function closeBrowser(): Promise<void> {
  if (warm) giveUp(warm)
  return closing
}

/** Ends a start or a browser; `closing` settles when nothing of it is left. */
function giveUp(start: Start): void {
  if (warm === start) warm = null
  start.stop.abort(new Error('The browser was closed.'))
  closing = Promise.all([closing, closeWhole(start.browser)]).then(() => {})
}

async function closeWhole(started: Promise<Browser>): Promise<void> {
  const browser = await started.catch(() => null)
  await browser?.close().catch(() => {})
}
