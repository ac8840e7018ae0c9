import { field, type Exchange } from '#grader'
import type { Row } from './server.ts'
import {
  draw,
  get,
  withContent,
  type Case,
  type Drawing,
  type Limits,
  type Message,
  type Short,
} from './steps.ts'

/** How many calls fail six times in a row, and how many once. */
export const GROWING = 50
export const SPREAD = 60
/** An hour: far above any cap. */
export const HOUR = 3_600_000

/** Answers that say when to come back. */
export function drawHinted(drawing: Drawing): Case[] {
  const cap = drawing.random.integer(200, 400)
  return [
    // First those without a wait: a program is slowest at its first call.
    hinted(drawing, get(), [503, 200], ['0']),
    hinted(drawing, get(), [503, 200], ['date +-60000']),
    hinted(drawing, get(), [503, 200], ['1']),
    hinted(drawing, withContent(drawing, 'POST'), [429, 201], ['1']),
    hinted(drawing, get(), [503, 503, 200], ['1', '1']),
    hinted(drawing, get(), [503, 200], ['date +1000']),
    hinted(drawing, withContent(drawing, 'PUT'), [429, 200], ['date +1000']),
    hinted(drawing, get(), [503, 200], ['2'], { cap }),
  ]
}

/**
 * Calls whose waits grow, and calls whose first wait is a random part of the cap. Beside them are
 * others whose waits are known, so that their order says which wait was shorter.
 */
export function drawHerd(drawing: Drawing) {
  const { random } = drawing
  const base = random.integer(112, 118)
  const cap = random.integer(1930, 1960)
  const one = () => hinted(drawing, get(), [503, 200], ['1'])
  const growing = repeat(GROWING, () => {
    const each = draw(drawing, get(), [503], { times: 6, limits: { tries: 6, base } })
    return [each, { ...one(), follows: each.path }]
  }).flat()
  const spread = repeat(SPREAD, (index) => [
    ...(index % 3 === 0 ? [one()] : []),
    draw(drawing, get(), [503, 200], { limits: { tries: 2, base: HOUR, cap } }),
  ]).flat()
  const two = repeat(3, () => hinted(drawing, get(), [503, 200], ['2']))
  const cases = [...growing, ...spread, one(), ...two]
  return { cases: cases.map(withoutReuse), base, cap }
}

/**
 * A request on a connection that is open is seen before one that has to open its own, whichever
 * timer went off first.
 */
function withoutReuse(each: Case): Case {
  const steps = each.steps.map((step) =>
    step.kind === 'answer' ? { ...step, closes: true as const } : step,
  )
  return { ...each, steps: steps as unknown as Case['steps'] }
}

function hinted(
  drawing: Drawing,
  message: Message,
  outcomes: [Short, ...Short[]],
  hints: readonly string[],
  limits: Limits = {},
): Case {
  const plain = draw(drawing, message, outcomes, { limits: { base: 2, ...limits } })
  const steps = plain.steps.map((each, index) => {
    const retryAfter = hints[index]
    return each.kind === 'answer' && retryAfter !== undefined ? { ...each, retryAfter } : each
  })
  return { ...plain, steps: steps as unknown as Case['steps'] }
}

function repeat<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

/** A wait that the server had asked for. */
export interface Pause {
  readonly name: string
  readonly row: Row
  readonly exchange: Exchange
  readonly status: number
  readonly hint: string
  readonly isDate: boolean
  readonly limits: Limits
  /** Undefined when no request came after it. */
  readonly seconds: number | undefined
  readonly least: number
}

/**
 * Each is counted from where the answer passed the recorder, before the program had it, so whatever
 * the machine does makes it longer, never shorter.
 */
export function pausesIn(row: Row): Pause[] {
  return row.asked.flatMap((exchange, index) => {
    const hint = field(exchange, 'Retry-After')
    const { response } = exchange
    if (hint === undefined || !response) return []
    const next = row.asked[index + 1]
    const isDate = hint.endsWith('GMT')
    const least = isDate ? (Date.parse(hint) - response.startedAt) / 1000 : Number(hint)
    const seconds = next && (next.startedAt - response.startedAt) / 1000
    const limits = row.limits ?? {}
    const form = !isDate ? hint : least > 0 ? 'a date' : 'a date that has passed'
    const capped = limits.cap === undefined ? '' : `, cap: ${limits.cap}`
    const again = index > 0 ? ', for the second time' : ''
    const name = `${row.method}: ${response.status}, Retry-After: ${form}${capped}${again}`
    return [{ name, row, exchange, status: response.status, hint, isDate, limits, seconds, least }]
  })
}

/** By how much a timer may be early: clocks tick in milliseconds. A date is read off another clock. */
export function isShort({ seconds, least, isDate }: Pause): boolean {
  return seconds !== undefined && seconds < least - (isDate ? 0.1 : 0.02)
}
