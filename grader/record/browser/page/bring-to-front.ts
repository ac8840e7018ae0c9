import type { BrowserContext, CDPSession, Page as Tab } from 'puppeteer'

/**
 * Shows a tab, and hides the visitor's others. The headless shell gives every tab a window of its
 * own, all of them visible, so those of the others are minimized: their pages become hidden, as
 * they do where tabs share a window.
 */
export async function bringToFront(context: BrowserContext, tab: Tab): Promise<void> {
  const own = await windowOf(tab)
  const others = (await context.pages()).filter((each) => each !== tab)
  const windows = await Promise.all(others.map(windowOf))
  try {
    const elsewhere = windows.filter((window) => window?.id !== own?.id)
    await Promise.all(elsewhere.map((window) => window?.change('minimized')))
    await own?.change('normal')
    await tab.bringToFront()
  } finally {
    await Promise.all([own, ...windows].map((window) => window?.session.detach().catch(() => {})))
  }
}

interface Window {
  readonly id: number
  readonly session: CDPSession
  change(windowState: 'minimized' | 'normal'): Promise<void>
}

/** Null for a tab that is closing. */
async function windowOf(tab: Tab): Promise<Window | null> {
  const session = await tab.createCDPSession().catch(() => null)
  const window = await session?.send('Browser.getWindowForTarget').catch(() => null)
  if (!session || !window) return null
  const { windowId, bounds } = window
  return {
    id: windowId,
    session,
    async change(windowState) {
      if (bounds.windowState === windowState) return
      await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
    },
  }
}
