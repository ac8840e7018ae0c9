import { scenario, type Exchange, type Origin } from '#grader'

const QUOTE = "document.querySelector('#quote').textContent.trim()"

/** Longer than a page on a slow machine does nothing between two requests. */
const QUIET_MS = 3000

const QUIET_AFTER_REFUSAL_MS = 500

export const visit = scenario('Chromium opens the page, and your script talks to the partner', {
  async setUp({ origin, random }) {
    const message = `${random.word()} said "${random.word()} für ${random.word()} & Co."`
    const quotes = [random.word(), random.word(), random.word()].map(
      (word) => `Nothing is as ${word} as it looks.`,
    )
    const open = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' }
    const partner = await origin('the partner', ({ method, path }) => {
      if (method === 'OPTIONS') return { status: 405, headers: { ...open, Allow: 'GET, POST' } }
      if (method === 'POST' && path === '/feedback') return { status: 201, headers: open }
      if (method === 'GET' && path === '/quotes')
        return {
          headers: { 'Content-Type': 'application/json', ...open },
          body: JSON.stringify(quotes),
        }
      return { status: path === '/feedback' || path === '/quotes' ? 405 : 404, headers: open }
    })
    return { message, quotes, partner, environment: { API: partner.url, MESSAGE: message } }
  },
  async record({ newPage, exchanges, wait }, { message, quotes, partner }) {
    const page = await newPage()
    await page.open('/')
    const isDone = (shown: unknown) => shown === quotes[0] && partner.exchanges().some(isFeedback)
    const shown = await page.until(
      QUOTE,
      untilQuiet(partner, isDone, () => page.corsErrors().length > 0),
    )
    // What comes on top comes at once.
    await wait(0.2)
    const asked = partner.exchanges()
    return {
      message,
      quotes,
      shown,
      asked,
      own: exchanges(),
      refused: page.corsErrors().map(({ url, error }) => ({ path: new URL(url).pathname, error })),
    }
  },
})

export function isFeedback({ request }: Exchange): boolean {
  return request.method === 'POST' && request.path === '/feedback'
}

/**
 * True once all is done, or the partner was asked nothing more for a while: a short one when
 * something was refused, since then it is lost already.
 */
function untilQuiet(
  partner: Origin,
  isDone: (shown: unknown) => boolean,
  isLost: () => boolean,
): (shown: unknown) => boolean {
  let seen = 0
  let since = performance.now()
  return (shown) => {
    const now = partner.exchanges().filter(({ response }) => response?.complete).length
    if (now !== seen) since = performance.now()
    seen = now
    return (
      isDone(shown) || performance.now() - since > (isLost() ? QUIET_AFTER_REFUSAL_MS : QUIET_MS)
    )
  }
}
