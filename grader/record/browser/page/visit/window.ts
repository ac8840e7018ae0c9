import type { Page as Tab, Target } from 'puppeteer'
import type { Lead } from '../../../../types/seen-by-browser.ts'
import type { Take } from '../../../wire/find/find-exchange.ts'
import { shownText } from '../ask-tab.ts'
import { lookAgain } from '../look-again.ts'
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
export function visitInWindow(at: TabAtWork, take: Take): WindowVisit {
  const { noticed, ask } = at
  const { promise: target, resolve } = Promise.withResolvers<Target>()
  const stop = noticed.onWindow(resolve)
  return {
    opened: target.then(() => true),
    stop,
    async visit() {
      const window = await (await target).page()
      const isLoaded = window ? await untilLoaded(window, at) : false
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

/** It is asked again and again: Chromium tells of the load before the page's own scripts may have. */
async function untilLoaded(window: Tab, at: TabAtWork): Promise<boolean> {
  let isLoaded = false
  await lookAgain(at, async () => {
    isLoaded = (await window.evaluate(LOADED).catch(() => false)) === true
    return isLoaded || window.isClosed()
  })
  return isLoaded
}
