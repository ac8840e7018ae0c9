import { isType } from '../read/media-type.ts'

/** What a received value is held against: the value itself, a pattern, or a named test. */
export type Matcher<Value> = Value | RegExp | NamedTest<Value>

export interface NamedTest<Value> {
  /** Reads after "expected": `a number from 9 to 11`. */
  readonly expected: string
  readonly test: (value: Value) => boolean
  /** Reads after "received", where JSON would not do: `0.24 s`. */
  readonly received?: (value: Value) => string
}

/** A test with words of its own. */
export function matching<Value>(
  expected: string,
  test: (value: Value) => boolean,
): NamedTest<Value> {
  return { expected, test }
}

/** Any value at all: only its presence counts. */
export const anything: NamedTest<any> = { expected: 'any value', test: () => true }

/** A number from `low` to `high`, both included. */
export function between(low: number, high: number): NamedTest<number> {
  return {
    expected: `a number from ${low} to ${high}`,
    test: (value) => value >= low && value <= high,
  }
}

/** A number not below `low`. */
export function atLeast(low: number): NamedTest<number> {
  return { expected: `at least ${low}`, test: (value) => value >= low }
}

/** A media type, whatever its parameters and its case: for the value of Content-Type. */
export function type(mediaType: string): NamedTest<string> {
  return { expected: mediaType, test: (value) => isType(value, mediaType) }
}

/** A string of more than `length` characters. */
export function longerThan(length: number): NamedTest<string> {
  return { expected: `more than ${length} characters`, test: (value) => value.length > length }
}

/**
 * In how many places two texts have another character; what one has beyond the other counts. Of
 * counters and clocks few do from one value to the next.
 */
export function differing(first: string, second: string): number {
  const length = Math.max(first.length, second.length)
  return Array.from({ length }, (_, index) => first[index] !== second[index]).filter(Boolean).length
}

/** True when `value` is what the matcher asks for. Plain values are compared by structure. */
export function matches<Value>(matcher: Matcher<Value>, value: Value): boolean {
  // search, unlike test, remembers nothing of the last call, whatever the pattern's flags.
  if (matcher instanceof RegExp) return typeof value === 'string' && value.search(matcher) !== -1
  if (isNamedTest(matcher)) return matcher.test(value)
  return sameStructure(matcher, value)
}

/** The matcher in words. */
export function inWords(matcher: Matcher<any>): string {
  if (matcher instanceof RegExp) return `something like ${matcher}`
  if (isNamedTest(matcher)) return matcher.expected
  return show(matcher)
}

/**
 * A value as a person reads it: strings as they are (quoted where blanks at an end would not be
 * seen), bytes by their number, everything else as JSON.
 */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (isQuoted(value)) return JSON.stringify(value)
  if (typeof value === 'string') return value === '' ? 'an empty string' : value
  if (value instanceof Uint8Array) return bytesInWords(value)
  return JSON.stringify(value, wordsForBytes) ?? String(value)
}

function isQuoted(value: unknown): value is string {
  return typeof value === 'string' && value !== value.trim()
}

/** For JSON.stringify, which has asked a Buffer for its own JSON before. */
function wordsForBytes(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key]
  return original instanceof Uint8Array ? bytesInWords(original) : value
}

/** Evidence does not tell a Buffer from another Uint8Array. */
function bytesInWords({ length }: Uint8Array): string {
  return `${length} ${length === 1 ? 'byte' : 'bytes'} (a Buffer or the like)`
}

/**
 * A value that is not `matcher`, told apart from it also where a text has the characters of a
 * number, and quoted where `matcher` is: a line end that is missing can't be seen otherwise.
 */
export function showBeside(value: unknown, matcher: Matcher<any>): string {
  if (isNamedTest(matcher) && matcher.received && value !== undefined)
    return matcher.received(value)
  if (typeof value === 'string' && value !== '' && isQuoted(matcher)) return JSON.stringify(value)
  const shown = show(value)
  if (shown !== inWords(matcher) || matches(matcher, value)) return shown
  return typeof value === 'string' ? `a text: ${JSON.stringify(value)}` : `${shown}, not as a text`
}

function isNamedTest(matcher: unknown): matcher is NamedTest<any> {
  return (
    typeof matcher === 'object' &&
    matcher !== null &&
    'test' in matcher &&
    typeof matcher.test === 'function'
  )
}

function sameStructure(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) &&
        sameStructure((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  )
}
