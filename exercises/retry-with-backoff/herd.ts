import type { Exchange } from '#grader'
import type { Row } from './server.ts'

/** The waits before the requests with one number, of all calls that fail six times in a row. */
export interface Growth {
  readonly name: string
  /** Seconds that the task allows at most. */
  readonly limit: number
  readonly waits: readonly number[]
}

export function growthOf(rows: readonly Row[], base: number) {
  const growing = rows.filter(isGrowing)
  const growth = Array.from({ length: 5 }, (_, index): Growth => {
    const limit = limitAfter(base, index) / 1000
    const waits = growing.flatMap(({ asked }) => timesAfter(asked, index) ?? []).map(secondsOf)
    return { name: `before request ${index + 2}`, limit, waits }
  })
  const known = timesOf(rows.filter(isBeside))
  const last = growing.flatMap(({ asked }) => timesAfter(asked, 4) ?? [])
  /** Of the last waits, those that were longer than one second. */
  const long = last.filter((wait) => known.some((each) => isShorter(each, wait))).length
  return { growth, long }
}

export function longerThan(seconds: number, { waits }: Growth): number {
  return waits.filter((each) => each > seconds).length
}

export function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length
}

export function medianOf(waits: readonly number[]): number {
  const sorted = waits.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/**
 * The waits of the calls that fail once, held against waits that the server had asked for in the
 * same moments. Timers of one process go off in their order, however late a busy machine makes
 * them: a wait that began later and was over earlier is a shorter one.
 */
export function spreadOf(rows: readonly Row[]) {
  const spread = rows.filter(isSpread)
  const [one, two] = ['1', '2'].map((seconds) => timesOf(rows.filter(hasHint(seconds))))
  const times = timesOf(spread)
  const waits = times.map(secondsOf)
  return {
    /** Shorter than one second, and longer than that. */
    shorter: times.filter((wait) => one!.some((known) => isShorter(wait, known))).length,
    longer: times.filter((wait) => one!.some((known) => isShorter(known, wait))).length,
    /** Not over when two seconds were that had begun later; none where these were not over, either. */
    late:
      two!.length &&
      spread.length - times.filter(({ to }) => two!.some((known) => to < known.to)).length,
    example: spread[0]!,
    waits,
    shortest: Math.min(...waits),
    isInOrder: inOrder(times) > 0.85,
  }
}

interface Times {
  /** When the answer had come, and when the next request did. */
  readonly from: number
  readonly to: number
}

function timesOf(rows: readonly Row[]): Times[] {
  return rows.flatMap(({ asked }) => timesAfter(asked, 0) ?? [])
}

function isShorter(one: Times, other: Times): boolean {
  return one.from >= other.from && one.to < other.to
}

/** Of all that began next to each other, the part whose waits were over in the same order. */
function inOrder(times: readonly Times[]): number {
  const sorted = times.toSorted((one, other) => one.from - other.from)
  const pairs = sorted.flatMap((one, index) =>
    sorted.slice(index + 1, index + 3).map((other) => one.to < other.to),
  )
  return pairs.filter(Boolean).length / pairs.length
}

export function isGrowing({ limits }: Row): boolean {
  return limits?.tries === 6
}

/** Called when the last wait of another call begins. */
export function isBeside({ follows }: Row): boolean {
  return follows !== undefined
}

export function isSpread({ limits }: Row): boolean {
  return limits?.tries === 2
}

export function hasHint(seconds: string): (row: Row) => boolean {
  return ({ steps: [first] }) => first.kind === 'answer' && first.retryAfter === seconds
}

/** In milliseconds; without a cap of the caller's, 2 s are the most. */
export function limitAfter(base: number, index: number): number {
  return Math.min(2000, base * 2 ** index)
}

/** The wait after one of the answers. */
function timesAfter(asked: readonly Exchange[], index: number): Times | undefined {
  const [answer, next] = [asked[index]?.response, asked[index + 1]]
  return answer && next ? { from: answer.endedAt, to: next.startedAt } : undefined
}

function secondsOf({ from, to }: Times): number {
  return (to - from) / 1000
}
