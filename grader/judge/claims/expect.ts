import type { Call, ConsoleResult, Exhibit, Jar, ProgramEnd } from '../../types/index.ts'
import { exchangeOf, isOnWire, type OnWire } from '../../types/helpers/on-wire.ts'
import { beginning } from './beginning.ts'
import { claimEach, type Row } from './each.ts'
import { endClaims, type EndClaims } from './end-claims.ts'
import { exchangeClaims, type ExchangeClaims } from './exchange-claims.ts'
import { exchangesClaims, type ExchangesClaims } from './exchanges-claims.ts'
import { jarClaims, type JarClaims } from './jar-claims.ts'
import { inWords, matches, show, showBeside, type Matcher } from './matcher.ts'
import type { Recorder } from './recorder.ts'
import { whereSeen } from '../exhibits/where-seen.ts'

/**
 * Makes claims about recorded things. Each claim goes into the evidence with what it rests on,
 * whether it holds or not; the first that does not hold ends the check.
 */
export interface Expect {
  (subject: Jar): JarClaims
  (subject: ConsoleResult): ConsoleClaims
  (subject: Call): CallClaims
  (subject: ProgramEnd): EndClaims
  (subject: OnWire | null): ExchangeClaims
  /** `what` reads after a number: `requests after second 10.5`. */
  (subjects: readonly OnWire[], what: string): ExchangesClaims
  /**
   * `name` says what the value is, `seenIn` where it was read: `expect(user, 'the user in /me',
   * me)`.
   */
  <Value>(value: Value, name: string, seenIn?: OnWire | Exhibit | null): ValueClaims<Value>
  /**
   * Makes the same claims about every row and shows in a table which rows held. A row is called by
   * its `name` (or is one). One that fails fails the check; where a rule of `diagnose` found the
   * exchange of another row that failed, that row is shown, so that Claim and Why speak of the same.
   */
  each<Item extends Row>(rows: readonly Item[], claim: (row: Item, expect: Expect) => void): void
  /** Puts a picture beside the check, whatever its outcome. */
  show(exhibit: Exhibit): void
}

/** Claims about a value taken out of something recorded. */
export interface ValueClaims<Value> {
  toBe(expected: Matcher<Value>): ValueClaims<Value>
  notToBe(unexpected: Matcher<Value>): ValueClaims<Value>
}

/** Claims about what an expression gave in the page's console. */
export interface ConsoleClaims {
  toGive(expected: Matcher<any>): ConsoleClaims
  /** For text such as document.cookie. */
  toMention(text: string): ConsoleClaims
  notToMention(text: string): ConsoleClaims
}

/** Claims about what a function gave that the learner's file exports. */
export interface CallClaims {
  toGive(expected: Matcher<any>): CallClaims
  /** It threw, and what it said is so. */
  toThrow(expected: Matcher<string>): CallClaims
}

export function createExpect(recorder: Recorder): Expect {
  const expect = (subject: unknown, name?: string, seenIn?: OnWire | Exhibit | null) => {
    if (name === undefined) {
      if (isRecorded(subject, 'jar')) return jarClaims(subject as Jar, recorder)
      if (isRecorded(subject, 'call')) return callClaims(subject as Call, recorder)
      if (isRecorded(subject, 'end')) return endClaims(subject as ProgramEnd, recorder)
      if (isRecorded(subject, 'console')) return consoleClaims(subject as ConsoleResult, recorder)
      if (subject === null || subject === undefined) return exchangeClaims(null, recorder)
      if (isOnWire(subject)) return exchangeClaims(exchangeOf(subject), recorder)
      throw new TypeError(
        'expect() was given a plain value without a name: expect(value, "what it is")',
      )
    }
    if (!Array.isArray(subject) || !subject.every(isOnWire))
      return valueClaims(subject, name, seenIn, recorder)
    // An empty list does not show what it is a list of.
    return {
      ...(subject.length === 0 && valueClaims(subject, name, seenIn, recorder)),
      ...exchangesClaims(
        subject.map((item) => exchangeOf(item)),
        name,
        recorder,
      ),
    }
  }
  return Object.assign(expect, {
    each: (rows: readonly Row[], claim: (row: Row, expect: Expect) => void) =>
      claimEach(rows, claim, recorder, createExpect),
    show: (exhibit: Exhibit) => void recorder.exhibits.push(exhibit),
  }) as Expect
}

function isRecorded(subject: unknown, kind: string): boolean {
  return (
    typeof subject === 'object' && subject !== null && 'kind' in subject && subject.kind === kind
  )
}

function valueClaims<Value>(
  value: Value,
  name: string,
  seenIn: OnWire | Exhibit | null | undefined,
  recorder: Recorder,
): ValueClaims<Value> {
  const where = () => {
    if (!seenIn) return {}
    if (!isOnWire(seenIn)) return { exhibit: seenIn }
    const exchange = exchangeOf(seenIn)
    const exhibit = whereSeen(exchange, value)
    return { exchange, ...(exhibit && { exhibit }) }
  }
  const claims: ValueClaims<Value> = {
    toBe(expected) {
      recorder.claim({
        ...where(),
        claim: `${name} is ${inWords(expected)}`,
        expected: `${name}: ${inWords(expected)}`,
        received: showBeside(value, expected),
        holds: matches(expected, value),
      })
      return claims
    },
    notToBe(unexpected) {
      recorder.claim({
        ...where(),
        claim: `${name} is not ${inWords(unexpected)}`,
        expected: `${name}: not ${inWords(unexpected)}`,
        received: show(value),
        holds: !matches(unexpected, value),
      })
      return claims
    },
  }
  return claims
}

function consoleClaims(result: ConsoleResult, recorder: Recorder): ConsoleClaims {
  const claim = (expected: string, holds: boolean, mention?: string) => {
    recorder.claim({
      console: result,
      claim: `${result.expression}: ${expected}`,
      expected,
      received: result.error ?? show(result.value),
      holds,
      exhibit: transcript(result, holds ? undefined : mention),
    })
    return claims
  }
  const text = result.error === null ? String(result.value) : ''
  const claims: ConsoleClaims = {
    toGive: (expected) =>
      claim(inWords(expected), result.error === null && matches(expected, result.value)),
    toMention: (part) => claim(`${part} in it`, text.includes(part)),
    notToMention: (part) =>
      claim(`no ${part} in it`, result.error === null && !text.includes(part), part),
  }
  return claims
}

function transcript(result: ConsoleResult, mention?: string): Exhibit {
  const answer = result.error ?? JSON.stringify(result.value) ?? 'undefined'
  const at = mention === undefined ? -1 : answer.indexOf(mention)
  return {
    kind: 'text',
    title: "The page's console",
    lines: [
      { text: `> ${result.expression}` },
      { text: answer, ...(at !== -1 && { mark: [at, at + mention!.length] as const }) },
    ],
  }
}

function callClaims(result: Call, recorder: Recorder): CallClaims {
  const gave =
    result.error ??
    (typeof result.value === 'string' && result.value.includes('\n')
      ? withLineEnds(result.value)
      : show(result.value))
  const exhibit: Exhibit = {
    kind: 'text',
    title: 'The call',
    lines: [`> ${result.call}`, ...gave.split('\n')].slice(0, MOST_LINES).map((text) => ({ text })),
  }
  const claim = (expected: string, holds: boolean) => {
    recorder.claim({
      claim: `${result.call}: ${expected}`,
      expected,
      received: oneLine(gave),
      holds,
      exhibit,
    })
    return claims
  }
  const claims: CallClaims = {
    toGive: (expected) =>
      claim(inWords(expected), result.error === null && matches(expected, result.value)),
    toThrow: (expected) =>
      claim(
        `an error: ${inWords(expected)}`,
        result.error !== null && matches(expected, result.error),
      ),
  }
  return claims
}

const MOST_LINES = 14
const LONGEST_LINE = 300

/** Every line end is seen, and still ends a line. */
function withLineEnds(text: string): string {
  return text.replaceAll('\r', '␍').replaceAll('\n', '␊\n').replace(/\n$/, '')
}

function oneLine(text: string): string {
  const line = text.replaceAll('␊\n', '␊').replaceAll('\r', '␍').replaceAll('\n', '␊')
  return line.length > LONGEST_LINE ? `${beginning(line, LONGEST_LINE)}…` : line
}
