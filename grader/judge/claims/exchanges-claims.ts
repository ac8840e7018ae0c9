import type { Exchange } from '../../types/index.ts'
import { cookieSent, setCookie } from '../read/cookie-fields.ts'
import { messageExhibit } from '../exhibits/exhibits.ts'
import { summary } from '../read/message.ts'
import type { Recorder } from './recorder.ts'

/** Claims about several exchanges at once. The first that breaks the rule is shown. */
export interface ExchangesClaims {
  toNumberAtLeast(count: number): ExchangesClaims
  allToSendCookie(name: string, value?: string): ExchangesClaims
  noneToSendCookie(name: string): ExchangesClaims
  noneToSetCookie(name: string): ExchangesClaims
}

/** `what` reads after a number: `requests in the first 9.5 seconds`. */
export function exchangesClaims(
  exchanges: readonly Exchange[],
  what: string,
  recorder: Recorder,
): ExchangesClaims {
  const count = `${exchanges.length} ${what}`
  const claimAll = (
    claim: string,
    expected: string,
    breaks: (exchange: Exchange) => boolean,
    field: { side: 'request' | 'response'; name: string },
    inTruth: string,
  ) => {
    const offender = exchanges.find(breaks)
    const broken = exchanges.filter(breaks).length
    recorder.claim({
      exchange: offender ?? null,
      claim,
      expected: `${expected}: ${count}`,
      received: offender
        ? `${broken} of ${exchanges.length} ${inTruth}, the first was ${summary(offender)}`
        : `${exchanges.length} of ${exchanges.length}`,
      holds: offender === undefined,
      ...(offender && { exhibit: focus(offender, field) }),
    })
    return claims
  }
  const claims: ExchangesClaims = {
    toNumberAtLeast(least) {
      recorder.claim({
        claim: `there were at least ${least} ${what}`,
        expected: `at least ${least} ${what}`,
        received: `${exchanges.length}`,
        holds: exchanges.length >= least,
      })
      return claims
    },
    allToSendCookie: (name, ...values) => {
      const [value = values.length === 0 ? '…' : '… as it was set, and it was not set'] = values
      const breaks = (exchange: Exchange) => {
        const sent = cookieSent(exchange, name)
        return sent === undefined || (values.length > 0 && sent !== values[0])
      }
      return claimAll(
        `all carried ${name}`,
        `Cookie: ${name}=${value} on each`,
        breaks,
        { side: 'request', name: 'Cookie' },
        'did not',
      )
    },
    noneToSendCookie: (name) =>
      claimAll(
        `none carried ${name}`,
        `no ${name} in any Cookie header`,
        (exchange) => cookieSent(exchange, name) !== undefined,
        { side: 'request', name: 'Cookie' },
        'did',
      ),
    noneToSetCookie: (name) =>
      claimAll(
        `none of the answers set ${name}`,
        `no Set-Cookie for ${name} in any answer`,
        (exchange) => setCookie(exchange, name) !== undefined,
        { side: 'response', name: 'Set-Cookie' },
        'did',
      ),
  }
  return claims
}

function focus(exchange: Exchange, field: { side: 'request' | 'response'; name: string }) {
  const exhibit = messageExhibit(exchange, field.side, { field: field.name })
  return exhibit.lines.length > 0 ? exhibit : messageExhibit(exchange, field.side)
}
