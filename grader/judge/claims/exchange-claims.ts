import { count } from '../../../course/count.ts'
import type { Exchange, Exhibit, Response } from '../../types/index.ts'
import { cookieSent, cookiesSent, setCookie, setCookies } from '../read/cookie-fields.ts'
import { beginning } from './beginning.ts'
import { bodyExhibit, messageExhibit } from '../exhibits/exhibits.ts'
import { anything, inWords, matches, matching, show, showBeside, type Matcher } from './matcher.ts'
import { header, headers } from '../../types/helpers/header-fields.ts'
import { MOST_LEVELS } from '../../types/helpers/nesting.ts'
import { bodyText, contentProblem, jsonBody } from '../read/message.ts'
import { isJsonTooDeep } from '../read/parse-json.ts'
import { claimAnswered, claimArrived } from './claim-answered.ts'
import { answeredAfter, requireTimed } from './duration-claims.ts'
import { fieldNameExhibit, nearField } from '../exhibits/near-field.ts'
import type { Recorder } from './recorder.ts'
import { claimSetCookie, type ExpectedAttributes } from './set-cookie-claims.ts'

/**
 * Claims about one exchange. Each gives the same object back, so that they read as one sentence.
 */
export interface ExchangeClaims {
  /** The program answered, in HTTP. Every claim about a response makes this one first. */
  toBeAnswered(): ExchangeClaims
  /**
   * The whole answer came within so many seconds from the request's first byte. Fair on a busy
   * machine: the exchange has to be recorded within `critical(…)`, else the check errs. Leave a
   * second between what is right and what is wrong.
   */
  toBeAnsweredWithin(seconds: number): ExchangeClaims
  toHaveStatus(status: Matcher<number>): ExchangeClaims
  toHaveHeader(name: string, value?: Matcher<string>): ExchangeClaims
  notToHaveHeader(name: string): ExchangeClaims
  toHaveEmptyBody(): ExchangeClaims
  toHaveText(text: Matcher<string>): ExchangeClaims
  /** The content is JSON that matches. */
  toHaveJson(value: Matcher<any>): ExchangeClaims
  /** The response carries a Set-Cookie for that name, with these attributes. */
  toSetCookie(name: string, as?: ExpectedAttributes): ExchangeClaims
  notToSetCookie(name: string): ExchangeClaims
  /** The request carried the cookie in its Cookie header. */
  toSendCookie(name: string, value?: Matcher<string>): ExchangeClaims
  notToSendCookie(name: string): ExchangeClaims
}

export function exchangeClaims(exchange: Exchange | null, recorder: Recorder): ExchangeClaims {
  const claims: ExchangeClaims = {
    toBeAnswered() {
      claimAnswered(exchange, recorder)
      return claims
    },
    toBeAnsweredWithin(limit) {
      if (exchange) requireTimed(exchange, 'toBeAnsweredWithin()')
      const { exchange: subject } = answered()
      const took = answeredAfter(subject)
      recorder.claim({
        exchange: subject,
        claim: `the answer comes within ${limit} s`,
        expected: `an answer within ${limit} s`,
        received: `an answer after ${took.toFixed(2)} s`,
        holds: took <= limit,
        exhibit: startLine(subject),
      })
      return claims
    },
    toHaveStatus(status) {
      const { response, ...rest } = answered()
      recorder.claim({
        ...rest,
        claim: `the status is ${inWords(status)}`,
        expected: `status ${inWords(status)}`,
        received: response.startLine,
        holds: matches(status, response.status),
        exhibit: startLine(rest.exchange),
      })
      return claims
    },
    toHaveHeader(name, ...values) {
      const value = wanted(values)
      const { response, exchange: subject } = answered()
      const received = headers(response.headers, name)
      const misnamed = received.length === 0 ? nearField(response.headers, name) : undefined
      recorder.claim({
        exchange: subject,
        claim: `the response carries ${name}`,
        expected:
          value === anything
            ? `the field ${name}`
            : `${name}: ${value === nothing ? 'the value it had before, and it had none' : inWords(value)}`,
        received:
          received.length === 0
            ? `no ${name} field${misnamed === undefined ? '' : `; ${misnamed} is another name`}`
            : received.map((line) => `${name}: ${line}`).join('\n'),
        holds: received.some((line) => matches(value, line)),
        exhibit:
          misnamed === undefined
            ? fieldOrHead(subject, 'response', name)
            : fieldNameExhibit(subject, misnamed),
      })
      return claims
    },
    notToHaveHeader(name) {
      const { response, exchange: subject } = answered()
      const received = header(response.headers, name)
      recorder.claim({
        exchange: subject,
        claim: `the response carries no ${name}`,
        expected: `no ${name} field`,
        received: received === undefined ? `no ${name} field` : `${name}: ${received}`,
        holds: received === undefined,
        exhibit: fieldOrHead(
          subject,
          'response',
          name,
          received === undefined ? undefined : { mark: [0, received.length] },
        ),
      })
      return claims
    },
    toHaveEmptyBody() {
      const { response, exchange: subject } = answered()
      recorder.claim({
        exchange: subject,
        claim: 'the response has no content',
        expected: 'no content',
        received:
          response.body.length === 0
            ? 'no content'
            : `${count(response.body.length, 'byte')} of content`,
        holds: response.body.length === 0,
        exhibit: bodyExhibit(subject),
      })
      return claims
    },
    toHaveText(text) {
      const { response, exchange: subject } = answered()
      const received = bodyText(response)
      const unreadable = unreadableContent(response)
      recorder.claim({
        exchange: subject,
        claim: `the content is ${inWords(text)}`,
        expected: inWords(text),
        received:
          unreadable ??
          (received.length > 200 ? `${beginning(received, 200)} …` : showBeside(received, text)),
        holds: unreadable === undefined && matches(text, received),
        exhibit: bodyExhibit(subject),
      })
      return claims
    },
    toHaveJson(value) {
      const { response, exchange: subject } = answered()
      const received = jsonBody(response)
      const expected = typeof value === 'string' ? jsonText(value) : inWords(value)
      recorder.claim({
        exchange: subject,
        claim: `the content is JSON: ${expected}`,
        expected,
        received:
          received === undefined
            ? (unreadableContent(response) ?? notJson(response))
            : typeof received === 'string'
              ? jsonText(received)
              : show(received),
        holds: received !== undefined && matches(value, received),
        exhibit: bodyExhibit(subject),
      })
      return claims
    },
    toSetCookie(name, as = {}) {
      claimSetCookie(answered().exchange, name, as, recorder)
      return claims
    },
    notToSetCookie(name) {
      const { exchange: subject } = answered()
      const cookie = setCookie(subject, name)
      recorder.claim({
        exchange: subject,
        claim: `the response does not set ${name}`,
        expected: `no Set-Cookie for ${name}`,
        received: cookie ? `Set-Cookie: ${cookie.line}` : 'none',
        holds: cookie === undefined,
        exhibit: fieldOrHead(
          subject,
          'response',
          'Set-Cookie',
          cookie && {
            nth: setCookies(subject).findIndex(({ line }) => line === cookie.line),
            mark: [0, cookie.line.length],
          },
        ),
      })
      return claims
    },
    toSendCookie(name, ...values) {
      const value = wanted(values)
      const subject = arrived()
      const sent = cookiesSent(subject).filter((cookie) => cookie.name === name)
      recorder.claim({
        exchange: subject,
        claim: `the request carried ${name}`,
        expected:
          value === anything
            ? `Cookie: ${name}=…`
            : `Cookie: ${name}=${value === nothing ? '… as it was set, and it was not set' : inWords(value)}`,
        received: cookieLine(subject),
        holds: sent.some((cookie) => matches(value, cookie.value)),
        exhibit: fieldOrHead(subject, 'request', 'Cookie'),
      })
      return claims
    },
    notToSendCookie(name) {
      const subject = arrived()
      recorder.claim({
        exchange: subject,
        claim: `the request did not carry ${name}`,
        expected: `no ${name} in the Cookie header`,
        received: cookieLine(subject),
        holds: cookieSent(subject, name) === undefined,
        exhibit: fieldOrHead(subject, 'request', 'Cookie'),
      })
      return claims
    },
  }
  const answered = () => claimAnswered(exchange, recorder)
  const arrived = () => claimArrived(exchange, recorder)
  return claims
}

/** An author who hands over a value that turned out not to be there means that value, not any. */
const nothing = matching<any>('nothing', () => false)

function wanted(values: readonly [value?: Matcher<string> | undefined]): Matcher<string> {
  return values.length === 0 ? anything : (values[0] ?? nothing)
}

/** A text of JSON's, which isn't to be taken for another value of the same characters. */
function jsonText(value: string): string {
  return `a text: ${JSON.stringify(value).slice(0, 200)}`
}

/** What was received in place of content; undefined when the content is readable. */
function notJson(response: Response): string {
  const text = bodyText(response)
  const words = isJsonTooDeep(text)
    ? `JSON of more than ${MOST_LEVELS} lists or objects within one another`
    : 'no JSON'
  return `${words}: ${show(text.slice(0, 200))}`
}

function unreadableContent(response: Response): string | undefined {
  return (
    contentProblem(response) && `${count(response.body.length, 'byte')} that Chromium cannot decode`
  )
}

function cookieLine(exchange: Exchange): string {
  const lines = headers(exchange.request.headers, 'Cookie')
  return lines.length === 0 ? 'no Cookie header' : lines.map((line) => `Cookie: ${line}`).join('\n')
}

function startLine(exchange: Exchange): Exhibit {
  const exhibit = messageExhibit(exchange, 'response')
  const [first, ...rest] = exhibit.lines
  const status = first && /^HTTP\/\S+ (\d+)/.exec(first.text)
  return status
    ? {
        ...exhibit,
        lines: [
          { text: first.text, mark: [status[0].length - status[1]!.length, status[0].length] },
          ...rest,
        ],
      }
    : exhibit
}

/** The field's lines when it is there; the whole head when its absence is the point. */
function fieldOrHead(
  exchange: Exchange,
  side: 'request' | 'response',
  field: string,
  marked?: { nth?: number; mark: readonly [number, number] },
): Exhibit {
  const exhibit = messageExhibit(exchange, side, { field, ...marked })
  return exhibit.lines.length > 0 ? exhibit : messageExhibit(exchange, side)
}
