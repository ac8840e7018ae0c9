import { isPassing } from '../../store/postgres/trouble-of.ts'

/** Whether the database can be reached, told once when that changes. */
export interface Reach {
  reached(): void
  failed(error: Error): void
}

export function watchReach(say: (sentence: string) => void): Reach {
  let isAway = false
  const told = new Set<string>()
  return {
    reached() {
      if (isAway) say('The database is back.')
      isAway = false
    },
    failed(error) {
      if (isPassing(error)) {
        if (!isAway)
          say(`The database cannot be reached (${wordsOf(error)}). Trying again until it can.`)
        isAway = true
        return
      }
      // The same fault comes again with each attempt.
      const words = wordsOf(error)
      if (!told.has(words)) say(`The database refused something: ${words}`)
      told.add(words)
    },
  }
}

/** An error of several addresses has no message of its own. */
function wordsOf(error: Error): string {
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error
  return first.message
}
