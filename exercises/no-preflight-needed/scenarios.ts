import { isAnswered, scenario, type Origin } from '#grader'
import { asPreflight, asSent, isFeedback, isPreflight, isQuotes, seen } from './partner.ts'

const QUOTE = "document.querySelector('#quote').textContent.trim()"

/**
 * After so many looks into the page that saw nothing new, its script counts as finished. Looks
 * instead of seconds, because a look waits for the page: on a busy machine it takes longer, too.
 */
const LOOKS = { allDone: 7, refused: 17, otherwise: 80 }

export const visit = scenario('Chromium opens the page, and your script talks to the partner', {
  async setUp({ origin, random }) {
    const message = `${random.word()} said "${random.word()} für ${random.word()} & Co."`
    const quote = `Nothing is as ${random.word()} as it looks.`
    const others = [random.word(), random.word()].map(
      (word) => `Nothing is as ${word} as it looks.`,
    )
    const open = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' }
    const partner = await origin('the partner', ({ method, path }) => {
      if (method === 'OPTIONS') return { status: 405, headers: { ...open, Allow: 'GET, POST' } }
      if (method === 'POST' && path === '/feedback') return { status: 201, headers: open }
      if (method === 'GET' && path === '/quotes')
        return {
          headers: { 'Content-Type': 'application/json', ...open },
          body: JSON.stringify([quote, ...others]),
        }
      return { status: path === '/feedback' || path === '/quotes' ? 405 : 404, headers: open }
    })
    return { message, quote, partner, environment: { API: partner.url, MESSAGE: message } }
  },
  async record({ newPage, exchanges }, { message, quote, partner }) {
    const page = await newPage()
    await page.open('/')
    const isFinished = watchScript(partner, quote, () => page.corsErrors().length > 0)
    const shown = await page.until(QUOTE, isFinished)
    return {
      message,
      quote,
      shown,
      asked: partner.exchanges(),
      own: exchanges(),
      refused: page.corsErrors().map(({ url, error }) => ({ path: new URL(url).pathname, error })),
    }
  },
  facts: ({ message, quote, shown, asked, own, refused }) => {
    const feedback = asked.filter(isFeedback)
    const quotes = asked.filter(isQuotes)
    return {
      message,
      quote,
      shown,
      asked,
      preflight: asPreflight(asked.find(isPreflight), refused),
      feedback,
      sent: asSent(feedback[0]),
      sentHome: own.find(isFeedback),
      quotes,
      seenOfFeedback: seen(feedback, refused),
      seenOfQuotes: seen(quotes, refused),
      refusals: refused.map(({ error }) => error),
    }
  },
})

/** Judges each look into the page: true once its script has done all, or does nothing more. */
function watchScript(
  partner: Origin,
  quote: string,
  isRefused: () => boolean,
): (shown: unknown) => boolean {
  let before = ''
  let looks = 0
  return (shown) => {
    const answered = partner.exchanges().filter(isAnswered)
    const now = `${answered.length} answers, showing ${String(shown)}`
    looks = now === before ? looks + 1 : 0
    before = now
    if (shown === quote && answered.some(isFeedback)) return looks >= LOOKS.allDone
    return looks >= (isRefused() ? LOOKS.refused : LOOKS.otherwise)
  }
}
