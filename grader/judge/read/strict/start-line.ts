import { targetFault } from './target.ts'
import { DIGITS, FIELD_TEXT, TOKEN, VISIBLE, type Tape } from './tape.ts'

export interface StartLine {
  readonly text: string
  /** The second digit of the version: 1 of HTTP/1.1. */
  readonly minor: number
}

export interface RequestLine extends StartLine {
  readonly method: string
}

export interface StatusLine extends StartLine {
  readonly status: number
}

const NO_REQUEST_LINE =
  "this isn't a request line, which is a method, one space, the target, one space, HTTP/1.1"
const NO_STATUS_LINE =
  "this isn't a status line, which is HTTP/1.1, one space, three digits, one space, and a reason, which may be empty"

/**
 * Reads a request line, RFC 9112 §3, with its target (§3.2). Any HTTP/1.x is read as HTTP/1.1
 * (RFC 9110 §2.5). Throws Problem.
 */
export function readRequestLine(tape: Tape): RequestLine {
  const unfinished = 'the request line is not finished'
  const from = tape.position
  const method = tape.skip(TOKEN)
  if (method === '' && tape.next !== undefined) tape.refuse(NO_REQUEST_LINE)
  tape.expect(' ', unfinished, NO_REQUEST_LINE)
  const start = tape.position
  const target = tape.skip(VISIBLE)
  if (target === '' && tape.next !== undefined) tape.refuse(NO_REQUEST_LINE)
  const fault = targetFault(method, target, tape.next !== undefined)
  if (fault) tape.refuse(fault.say, start + fault.at)
  tape.expect(' ', unfinished, NO_REQUEST_LINE)
  const minor = readVersion(tape, unfinished, NO_REQUEST_LINE)
  const end = tape.position
  tape.expectLineEnd(unfinished, NO_REQUEST_LINE)
  return { text: tape.text.slice(from, end), minor, method }
}

/** Reads a status line, RFC 9112 §4, with a status that RFC 9110 §15 knows. Throws Problem. */
export function readStatusLine(tape: Tape): StatusLine {
  const unfinished = 'the status line is not finished'
  const from = tape.position
  // Where no protocol is named, the first byte is as wrong as the last: it begins something else.
  if (!'HTTP/'.startsWith(tape.text.slice(from, from + 5))) tape.refuse(NO_STATUS_LINE)
  const minor = readVersion(tape, unfinished, NO_STATUS_LINE)
  tape.expect(' ', unfinished, NO_STATUS_LINE)
  const status = readStatus(tape, unfinished)
  tape.expect(' ', unfinished, NO_STATUS_LINE)
  tape.skip(FIELD_TEXT)
  const end = tape.position
  tape.expectLineEnd(unfinished, 'a control character in the reason')
  return { text: tape.text.slice(from, end), minor, status }
}

function readVersion(tape: Tape, unfinished: string, otherwise: string): number {
  for (const character of 'HTTP/1.') tape.expect(character, unfinished, otherwise)
  return Number(readDigit(tape, unfinished, otherwise))
}

function readStatus(tape: Tape, unfinished: string): number {
  if (/[06-9]/.test(tape.next ?? '')) tape.refuse('a status is a number from 100 to 599')
  const digits = [1, 2, 3].map(() => readDigit(tape, unfinished, NO_STATUS_LINE))
  return Number(digits.join(''))
}

function readDigit(tape: Tape, unfinished: string, otherwise: string): string {
  const { next } = tape
  if (next === undefined) tape.missing(unfinished)
  if (!DIGITS[next.charCodeAt(0)]) tape.refuse(otherwise)
  tape.position++
  return next
}
