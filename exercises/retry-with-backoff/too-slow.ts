import { hasHint, isBeside, isGrowing, isSpread, limitAfter, meanOf } from './herd.ts'
import type { Row } from './server.ts'

/**
 * The part of a right program's waits that is seen to be shorter or longer than a known one, on
 * average. On a quiet machine nearly half are. With these, chance alone leaves too few for the checks
 * once in ten thousand times.
 */
const LEAST_SHORTER = 0.36
const LEAST_LONGER = 0.22
const LEAST_LONG = 0.34
/** What `Retry-After: 1` asks for, in milliseconds. */
const KNOWN = 1000

/**
 * Whether a right program could fail here: how long its waits are is seen only where known ones begin
 * next to them, and a busy machine lets those begin late.
 */
export function isTooSlowToTell(
  rows: readonly Row[],
  { base, cap }: { base: number; cap: number },
): boolean {
  const parts = partsThatShow(rows, { base, cap })
  return parts.shorter < LEAST_SHORTER || parts.longer < LEAST_LONGER || parts.long < LEAST_LONG
}

function partsThatShow(rows: readonly Row[], { base, cap }: { base: number; cap: number }) {
  const hinted = beginnings(rows.filter(hasHint('1')))
  const beside = beginnings(rows.filter(isBeside))
  const spread = beginnings(rows.filter(isSpread))
  const last = beginnings(rows.filter(isGrowing), 4)
  return {
    shorter: meanPart(spread.map((from) => partShorter(from, hinted, cap))),
    longer: meanPart(spread.map((from) => partLonger(from, hinted, cap))),
    long: meanPart(last.map((from) => partLonger(from, beside, limitAfter(base, 4)))),
  }
}

/** The chance that a wait is over before the known one that began last before it. */
function partShorter(from: number, known: readonly number[], limit: number): number {
  const before = known.filter((each) => each <= from)
  return Math.max(0, (Math.max(...before) + KNOWN - from) / limit)
}

/** The chance that a wait is over after the known one that began first after it. */
function partLonger(from: number, known: readonly number[], limit: number): number {
  const after = known.filter((each) => each >= from)
  return Math.max(0, 1 - (Math.min(...after) + KNOWN - from) / limit)
}

/** What never happened was not too slow. */
function meanPart(parts: readonly number[]): number {
  return parts.length === 0 ? 1 : meanOf(parts)
}

/** When the answers came after which is waited. */
function beginnings(rows: readonly Row[], index = 0): number[] {
  return rows.flatMap(({ asked }) => asked[index]?.response?.endedAt ?? [])
}
