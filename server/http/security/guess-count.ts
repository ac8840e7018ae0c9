/** The wrong codes of one place, or of many together, and how many are being looked up now. */
export interface GuessCount {
  /**
   * Settles when one more code may be looked up: with null, or with the milliseconds until one may,
   * because too many were wrong. Never refuses for what is not decided yet: it waits for that.
   */
  begin(): Promise<number | null>
  /** The code that was looked up is wrong. The same one counts once: it is no second guess. */
  noteWrong(code: string): void
  /** What began is decided, or came to nothing. */
  end(): void
}

/**
 * Counts up to `limit` wrong codes within `windowMs`, which begins with the first. `onEmpty` is
 * called whenever nothing is left to be remembered.
 */
export function createGuessCount(
  limit: number,
  windowMs: number,
  onEmpty: () => void = () => {},
): GuessCount {
  const wrong = new Set<string>()
  const waiting: ((refusedForMs: number | null) => void)[] = []
  let underWay = 0
  let windowEnds = 0

  const isFull = () => wrong.size >= limit
  // Were all of those that are under way wrong, too, one more would still be in order.
  const hasRoom = () => wrong.size + underWay < limit
  const refusedForMs = () => Math.max(1, windowEnds - performance.now())
  const reportIfEmpty = () => void (underWay === 0 && wrong.size === 0 && onEmpty())
  const endWindow = () => {
    wrong.clear()
    reportIfEmpty()
  }

  return {
    async begin() {
      if (isFull()) return refusedForMs()
      if (!hasRoom()) return new Promise((resolve) => waiting.push(resolve))
      underWay++
      return null
    },
    noteWrong(code) {
      if (wrong.size === 0) {
        windowEnds = performance.now() + windowMs
        setTimeout(endWindow, windowMs).unref()
      }
      wrong.add(code)
    },
    end() {
      underWay--
      if (isFull()) for (const answer of waiting.splice(0)) answer(refusedForMs())
      while (waiting.length > 0 && hasRoom()) {
        underWay++
        waiting.shift()!(null)
      }
      reportIfEmpty()
    },
  }
}
