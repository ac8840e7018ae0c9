import { field, fields, hasStatus, isAnswered, json, matching, type Exchange } from '#grader'
import { spanOf, turnsOf, type Bounds, type Rules, type Turn } from './bucket.ts'

/** In seconds: clocks count in milliseconds, and timers are not exact. */
const INEXACT = 0.05
/** In seconds: rounded up is up to one, and one more is fine. */
const ROUNDED = 2
/** In milliseconds: what a token may come back late. A timer of the program's waits for its turn. */
const LATE = 150

/** An answer to a key without tokens, what it says about the next token, and when that is there. */
export interface Told {
  readonly name: string
  readonly exchange: Exchange | null
  /** Retry-After as it is written. */
  readonly value: string | undefined
  /** Seconds from the answer until the next token. */
  readonly wait: Bounds
  /** Seconds that a client comes after the token if it obeys; undefined for what it can't read. */
  readonly late: Bounds | undefined
}

/** Of one key's requests, those at these places, with their names. */
export function toldIn(
  requests: readonly (Exchange | null)[],
  names: Readonly<Record<number, string>>,
  rules: Rules,
): Told[] {
  const turns = turnsOf(requests, rules)
  return Object.entries(names).map(([place, name]) => {
    const exchange = requests[Number(place)] ?? null
    const turn = turns.find((each) => each.exchange === exchange)
    const value = field(exchange, 'Retry-After')
    if (!turn) return { name, exchange, value, wait: { least: 0, most: 0 }, late: undefined }
    return { name, exchange, value, wait: waitAfter(turn), late: lateness(turn) }
  })
}

function waitAfter({ exchange, nextToken }: Turn): Bounds {
  const { from, until } = spanOf(exchange)
  return { least: (nextToken.least - until) / 1000, most: (nextToken.most - from) / 1000 }
}

function lateness(turn: Turn): Bounds | undefined {
  const value = field(turn.exchange, 'Retry-After') ?? ''
  const { least, most } = /^\d+$/.test(value) ? waitAfter(turn) : inEpochSeconds(turn.nextToken)
  const named = /^\d+$/.test(value) ? Number(value) : dateIn(value)
  return named === undefined ? undefined : { least: named - most, most: named - least }
}

/** Seconds that a client waits after this answer; undefined for what it can't read. */
export function delayIn(refusal: Exchange): number | undefined {
  const value = field(refusal, 'Retry-After') ?? ''
  if (/^\d+$/.test(value)) return Number(value)
  const date = dateIn(value)
  return date === undefined ? undefined : Math.max(0, date - spanOf(refusal).until / 1000)
}

/** Whole seconds or a date (RFC 9110 §10.2.3, §5.6.7). */
export const delayOrDate = matching(
  'a whole number of seconds, or a date',
  (value: string) => /^\d+$/.test(value) || dateIn(value) !== undefined,
)

/** Seconds since the epoch. */
function dateIn(value: string): number | undefined {
  const isFixed = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)
  const time = isFixed ? Date.parse(value) : NaN
  return Number.isNaN(time) ? undefined : time / 1000
}

function inEpochSeconds({ least, most }: Bounds): Bounds {
  return { least: least / 1000, most: most / 1000 }
}

export function isTooShort({ late }: Told): boolean {
  return late !== undefined && late.most < -INEXACT
}

/** By more than any rounding. */
export function isMuchTooShort({ late }: Told): boolean {
  return late !== undefined && late.most < -1.5
}

export function isTooLong({ late }: Told): boolean {
  return late !== undefined && late.least >= ROUNDED
}

/** The time until the next token, rounded up or a second more. */
export const rightWait = (told: Told) =>
  matching(
    `${told.wait.most.toFixed(2)} s rounded up, or 1 s more`,
    () => told.late !== undefined && !isTooShort(told) && !isTooLong(told),
  )

/**
 * Whether a refusal shows which way the program rounds. What it rounds, the wait or the date of the
 * token, is then a little more than a whole second, by whatever was measured.
 */
export function showsRounding(requests: readonly (Exchange | null)[], rules: Rules): boolean {
  return turnsOf(requests, rules).some((turn) => {
    if (!isRefused(turn.exchange)) return false
    const isDate = dateIn(field(turn.exchange, 'Retry-After') ?? '') !== undefined
    const { least, most } = isDate ? inEpochSeconds(turn.nextToken) : waitAfter(turn)
    const whole = Math.floor(most)
    return least - INEXACT > whole && most < whole + 0.49
  })
}

/** Refused although its key had a whole token, and had had it for a while. */
export function isWronglyRefused({ isServed, least }: Turn, { interval }: Rules): boolean {
  return !isServed && least - LATE / interval >= 1
}

/** Served although its key had no whole token. */
export function isWronglyServed({ isServed, most }: Turn, { interval }: Rules): boolean {
  return isServed && most + (INEXACT * 1000) / interval < 1
}

/** The status that a request has to get: the one it got where the time doesn't decide. */
export function wantedOf(turn: Turn, rules: Rules) {
  const isWrong = isWronglyRefused(turn, rules) || isWronglyServed(turn, rules)
  return matching(turn.isServed === isWrong ? '429' : '201', () => !isWrong)
}

export const problemOf429 = matching(
  'a problem document with "status": 429 and a title',
  (content: unknown) => {
    const { status, title } = asObject(content) ?? {}
    return status === 429 && typeof title === 'string' && title.trim() !== ''
  },
)

export function isProblem(of: Exchange | null): boolean {
  return asObject(json(of)) !== undefined
}

export const naming = (scheme: string) =>
  matching(`a challenge of the scheme ${scheme}`, (value: string) =>
    new RegExp(`(^|,\\s*)${scheme}\\b`, 'i').test(value),
  )

/** The challenges of an answer, which may come in several fields (RFC 9110 §11.6.1). */
export function challenges(of: Exchange | null): string {
  return fields(of, 'WWW-Authenticate').join(', ')
}

/** How many keys /stats says are remembered; undefined where it doesn't. */
export function keysIn(stats: Exchange | null): number | undefined {
  const { keys } = asObject(json(stats)) ?? {}
  return typeof keys === 'number' ? keys : undefined
}

export function isRefused(of: Exchange | null | undefined): boolean {
  return isAnswered(of) && hasStatus(429)(of)
}

function asObject(content: unknown): Record<string, unknown> | undefined {
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content)
  return isObject ? { ...content } : undefined
}
