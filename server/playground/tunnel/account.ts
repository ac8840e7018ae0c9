import type { Delivery } from './deliveries.ts'

/** What became of one lamp, for its buyer and for the shop. */
export interface Account {
  /** How often the shop took money. */
  readonly charged: number
  /** Whether the page got an answer in the end. */
  readonly answered: boolean
  /** Why it was charged that often, or what to do next, in sentences. */
  readonly because: string
}

/** What the recorded payments of one lamp mean. */
export function accountOf(deliveries: readonly Delivery[]): Account {
  const charged = deliveries.filter((each) => each.charged).length
  const answered = deliveries.at(-1)?.answered ?? false
  return { charged, answered, because: answered ? settled(deliveries) : lost(deliveries) }
}

/** Milliseconds in words. */
export function later(ms: number): string {
  if (ms < 1) return 'less than 1 ms later'
  return ms < 1000 ? `${Math.round(ms)} ms later` : `${(ms / 1000).toFixed(1)} s later`
}

/** The page has an answer. */
function settled(deliveries: readonly Delivery[]): string {
  const last = deliveries.at(-1)!
  if (deliveries.length === 1)
    return `One request came to the shop, and its answer came back.${last.key === undefined ? '' : " The key wasn't needed this time."}`
  const what = last.charged
    ? "Nothing in it says that it's the same order, so the shop took money again."
    : 'It had the same key, so the shop knew the order. It took nothing more, and gave its first answer again.'
  return `${whoRepeated(deliveries)} ${what}`
}

function whoRepeated([first, ...again]: readonly Delivery[]): string {
  const byBrowser = again.find(({ by }) => by === 'browser')
  if (!byBrowser) return 'The answer was lost, so you sent the request again.'
  if (again.some(({ by }) => by !== 'browser'))
    return 'Your browser sent the request again by itself, and so did you.'
  const guess = `The line was cut before an answer came. Your browser guessed that the request hadn't arrived, and sent it again by itself, ${later(byBrowser.afterMs)}.`
  return first!.reused
    ? guess
    : `${guess} Chromium does that only on a connection that was used before, and this one was new. Engines differ here.`
}

/** The page has no answer yet. */
function lost(deliveries: readonly Delivery[]): string {
  const last = deliveries.at(-1)
  if (!last) return 'Nothing came to the shop, because your browser let no request out.'
  const why = last.reused
    ? "Your browser didn't send it again. Chromium does, on a connection that was used before. Engines differ here."
    : "On a new connection your browser had no reason to guess that the request hadn't arrived, so it didn't send it again."
  return `The shop took the money, but its answer was lost. ${why} Now the page can't know whether the order arrived. Press the button again, as Ada would.`
}
