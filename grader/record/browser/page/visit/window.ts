import { setTimeout as sleep } from 'node:timers/promises'
import type { Page as Tab, Target } from 'puppeteer'
import type { Lead } from '../../../../types/seen-by-browser.ts'
import type { Take } from '../../../wire/find-exchange.ts'
import { shownText } from '../ask-tab.ts'
import type { TabAtWork } from '../tab-at-work.ts'

export interface WindowVisit {
  /** Settles with true when the page opens a window. */
  readonly opened: Promise<boolean>
  /** The visit in it; the window is closed then. */
  visit(): Promise<Lead>
  /** A window that comes from now on is none of the action's. */
  stop(): void
}

/** Waits for a window that a page opens, and gives the visit in it. */
export function visitInWindow({ noticed, ask }: TabAtWork, take: Take): WindowVisit {
  const { promise: target, resolve } = Promise.withResolvers<Target>()
  const stop = noticed.onWindow(resolve)
  return {
    opened: target.then(() => true),
    stop,
    async visit() {
      const window = await (await target).page()
      const isLoaded = window ? await ask(() => untilLoaded(window), false) : false
      const url = window?.url() ?? ''
      const text = window && isLoaded ? String(await ask(() => shownText(window), '')) : ''
      await window?.close().catch(() => {})
      const isAsked = /^https?:/.test(url)
      return {
        kind: 'visit',
        url,
        document: (isAsked && (take('GET', url) ?? take('POST', url))) || null,
        followed: [],
        text,
        console: [],
        error: isLoaded ? null : 'the page did not finish loading',
        to: 'window',
      }
    },
  }
}

const LOADED = 'location.href !== "about:blank" && document.readyState === "complete"'

async function untilLoaded(window: Tab): Promise<boolean> {
  let isLoaded = false
  while (!isLoaded && !window.isClosed()) {
    isLoaded = (await window.evaluate(LOADED).catch(() => false)) === true
    // Chromium tells of the load before the page's own scripts may have.
    if (!isLoaded) await sleep(AGAIN_MS)
  }
  return isLoaded
}

/** Between two looks at a window. */
const AGAIN_MS = 30
