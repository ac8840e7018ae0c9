import { count } from '../../../course/count.ts'
import type { Exchange, Exhibit } from '../../types/index.ts'
import { LONGEST_HEAD } from '../common-faults.ts'
import { messageExhibit } from '../exhibits/exhibits.ts'
import { isFollowedEarly } from '../../types/helpers/followed-early.ts'
import { wasCutByScenario } from '../../types/helpers/injected.ts'
import { inSeconds, isHeadWhole } from '../read/message.ts'
import type { Recorder } from './recorder.ts'

/** The exchange with its response, after the claim that there is one was made. */
export function claimAnswered(exchange: Exchange | null, recorder: Recorder) {
  const subject = claimArrived(exchange, recorder)
  const { response, request } = subject
  const isWhole = response?.complete || isFollowedEarly(subject)
  if (response && isWhole && response.refused === undefined && response.head.length <= LONGEST_HEAD)
    return { exchange: subject, response }
  if (wasCutByScenario(subject)) throw claimsWhatWasCut(subject)
  recorder.claim({
    exchange: subject,
    claim: `${request.method} ${request.target} is answered`,
    expected: subject.garbage
      ? 'HTTP/1.1 200 OK, or another status line'
      : 'a complete HTTP response',
    received: withoutAnswer(subject),
    holds: false,
    exhibit:
      response || subject.garbage ? messageExhibit(subject, 'response') : askedExhibit(subject),
  })
  throw new Error('a claim that does not hold ends the check')
}

function claimsWhatWasCut({ request: { method, target } }: Exchange): Error {
  return new Error(
    `a claim about the answer to ${method} ${target}, which the scenario's wire.cut ended in the middle: ` +
      'claim something about the request that follows it, or read what came with status() and field()',
  )
}

/** The exchange, after the claim that there is one was made. */
export function claimArrived(exchange: Exchange | null, recorder: Recorder): Exchange {
  if (exchange) return exchange
  recorder.claim({
    claim: 'the request reached your program',
    expected: 'a request on the wire',
    received: 'nothing crossed the wire',
    holds: false,
  })
  throw new Error('a claim that does not hold ends the check')
}

/** The request's first line: the rest of what a browser sends explains nothing here. */
function askedExhibit(exchange: Exchange): Exhibit {
  return { ...messageExhibit(exchange, 'request'), lines: [{ text: exchange.request.startLine }] }
}

function withoutAnswer(exchange: Exchange): string {
  const { response, garbage, cut } = exchange
  if (response && response.head.length > LONGEST_HEAD)
    return `a head of ${Math.round(response.head.length / 1024)} kB`
  if (response?.refused !== undefined) return `a head that Chromium refuses: ${response.refused}`
  if (cut === 'capped') return 'an answer that went on and on; the grader cut it off'
  if (response && !isHeadWhole(response))
    return `a head without its end${cut ? `, then the connection was ${cut}` : ` ${inSeconds(exchange)}`}`
  if (garbage) return `bytes that aren't an HTTP response`
  if (response)
    return `the head came, the content never ended (${count(response.body.length, 'byte')}${cut ? `, then the connection was ${cut}` : ` ${inSeconds(exchange)}`})`
  if (cut === 'refused') return 'nothing: your program no longer accepted connections'
  if (cut === 'reset') return 'nothing: your program reset the connection'
  if (cut === 'closed') return 'nothing: your program closed the connection without an answer'
  return `no answer ${inSeconds(exchange)}`
}
