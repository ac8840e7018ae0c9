import { hasStatus, isAnswered, type Exchange } from '#grader'

/** The limit that a program was given. */
export interface Rules {
  /** Tokens in a full bucket. */
  readonly limit: number
  /** Milliseconds that a token takes to come back. */
  readonly interval: number
}

/** A request of a key, and how many tokens were in its bucket then, by the task's rules. */
export interface Turn {
  readonly exchange: Exchange
  readonly isServed: boolean
  /**
   * The program decided at some moment between the request and its answer, so the tokens have
   * bounds. They are tight where both crossed the wire quickly, and true on every machine.
   */
  readonly least: number
  readonly most: number
  /** When the bucket has a whole token, in milliseconds since the epoch. */
  readonly nextToken: Bounds
}

export interface Bounds {
  readonly least: number
  readonly most: number
}

/** Of requests that one key sent one after the other, the first of all included. */
export function turnsOf(requests: readonly (Exchange | null)[], rules: Rules): Turn[] {
  const answered = requests.flatMap((each) => (each && isAnswered(each) ? [each] : []))
  const served: Exchange[] = []
  return answered.map((exchange) => {
    // From each earlier token that was taken until now, no more came back than the time allows,
    // and no less than that, but for what a full bucket cannot take.
    const counts = served.map((earlier, index) => {
      const left = rules.limit - (served.length - index)
      const { from, until } = spanOf(earlier)
      return { left, from, until }
    })
    const { from, until } = spanOf(exchange)
    const tokens = (now: number, part: 'from' | 'until') =>
      counts.map((each) => each.left + Math.max(0, now - each[part]) / rules.interval)
    const moments = (part: 'from' | 'until') =>
      counts.map((each) => each[part] + (1 - each.left) * rules.interval)
    const turn = {
      exchange,
      isServed: hasStatus(201)(exchange),
      least: Math.min(rules.limit, ...tokens(from, 'until')),
      most: Math.min(rules.limit, ...tokens(until, 'from')),
      nextToken: {
        least: Math.max(from, ...moments('from')),
        most: Math.max(from, ...moments('until')),
      },
    }
    if (turn.isServed) served.push(exchange)
    return turn
  })
}

/** When the program can have decided about it, in milliseconds since the epoch. */
export function spanOf({ startedAt, response }: Exchange): { from: number; until: number } {
  return { from: startedAt, until: response?.startedAt ?? startedAt }
}
