import { browserAtHand } from '../browser.ts'
import { newVisitor } from '../visitors.ts'

/** What Chromium made of an address. */
export interface PageObservation {
  /** Of the response, where one could be read. */
  readonly status: number | null
  /** Why it failed, or broke off: `ERR_CONTENT_LENGTH_MISMATCH`. */
  readonly error: string | null
  /** What the page shows. */
  readonly text: string
}

const LONGEST_MS = 8000

/**
 * Opens an address in the browser that gradings use, as somebody nobody knows, and gives what came
 * of it. Scripts of the page do not run. Null when no browser is at hand: none is installed for
 * this.
 */
export async function observePage(address: string): Promise<PageObservation | null> {
  const browser = await browserAtHand()
  if (!browser) return null
  const { context, newTab } = await newVisitor(browser)
  try {
    const { tab, session } = await newTab()
    let main: string | undefined
    let [status, error] = [null, null] as [PageObservation['status'], PageObservation['error']]
    session.on('Network.requestWillBeSent', ({ requestId, type }) => {
      if (type === 'Document') main ??= requestId
    })
    session.on('Network.responseReceived', ({ requestId, response }) => {
      if (requestId === main) status = response.status
    })
    const ended = new Promise<void>((resolve) => {
      session.on('Network.loadingFinished', ({ requestId }) => requestId === main && resolve())
      session.on('Network.loadingFailed', ({ requestId, errorText }) => {
        if (requestId !== main) return
        error = errorText.replace('net::', '')
        resolve()
      })
      setTimeout(resolve, LONGEST_MS).unref()
    })
    await tab.setJavaScriptEnabled(false)
    await tab.goto(address, { waitUntil: 'load', timeout: LONGEST_MS }).catch(() => {})
    await ended
    const text =
      tab.url() === address
        ? await tab.evaluate('document.body?.innerText ?? ""').catch(() => '')
        : ''
    return { status, error, text: String(text).slice(0, 500) }
  } finally {
    await context.close().catch(() => {})
  }
}
