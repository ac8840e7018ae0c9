import { hasStatus, isAnswered, type Exchange } from '#grader'
import { isRefused, isWronglyServed } from './answers.ts'
import { spanOf, turnsOf, type Rules } from './bucket.ts'

export type Requests = readonly (Exchange | null)[]

type Ask = () => Promise<Exchange | null>

/** Refused requests beyond the first one, before the key asks more slowly. */
const IN_VAIN = 10
/** So many in a row, where none of the answers decides anything. */
const MOST_IN_A_ROW = 40

/** Ends with the first one that isn't answered. */
export async function askInTurn(count: number, ask: Ask) {
  const asked: (Exchange | null)[] = []
  for (let index = 0; index < count; index++) {
    asked.push(await ask())
    if (!isAnswered(asked.at(-1))) break
  }
  return asked
}

/**
 * Ends with the first one that isn't served, or that is served though its key has no token. On a
 * slow machine tokens come back meanwhile, so it may take more than a bucket has.
 */
export async function askUntilDecided(
  before: Requests,
  rules: Rules,
  ask: Ask,
): Promise<(Exchange | null)[]> {
  const asked: (Exchange | null)[] = []
  do asked.push(await ask())
  while (asked.length < MOST_IN_A_ROW && !isDecided([...before, ...asked], rules))
  return asked
}

/** Whether the last answer says whether the program keeps to the limit. */
export function isDecided(requests: Requests, rules: Rules): boolean {
  const last = turnsOf(requests, rules).at(-1)
  return !hasStatus(201)(requests.at(-1)) || (last !== undefined && isWronglyServed(last, rules))
}

/** Ends once so many were refused, or one got neither a token nor a refusal. */
export async function askInVain(ask: Ask): Promise<(Exchange | null)[]> {
  const asked: (Exchange | null)[] = []
  do asked.push(await ask())
  while (asked.length < MOST_IN_A_ROW && !wasInVain(asked))
  return asked
}

/** Whether enough were refused, or one got neither a token nor a refusal. */
export function wasInVain(requests: Requests): boolean {
  const last = requests.at(-1)
  const isOther = !hasStatus(201)(last) && !isRefused(last)
  return isOther || requests.filter(isRefused).length >= IN_VAIN
}

/** Seconds since its answer came. */
export function secondsSince(exchange: Exchange | null): number {
  return exchange ? (Date.now() - spanOf(exchange).until) / 1000 : 0
}

/** Seconds in which a program has decided about both, at most. */
export function secondsBetween(one: Exchange | null = null, other: Exchange | null = null): number {
  return one && other ? (spanOf(other).until - spanOf(one).from) / 1000 : 0
}
