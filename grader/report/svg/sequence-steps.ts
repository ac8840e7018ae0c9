import type { Evidence, Exchange } from '../../types/index.ts'

/** Something that has a place in the sequence. `at`: milliseconds, as everything recorded. */
export type Step =
  | { readonly kind: 'request'; readonly at: number; readonly exchange: Exchange }
  | { readonly kind: 'response'; readonly at: number; readonly exchange: Exchange }
  | {
      readonly kind: 'broken'
      readonly at: number
      readonly exchange: Exchange
      readonly text: string
    }
  | { readonly kind: 'printed'; readonly at: number; readonly text: string }
  | { readonly kind: 'ended'; readonly at: number; readonly text: string }

/** What a sequence consists of, in the order of its rows and of its text alternative's. */
export function sequenceSteps({ exchanges, printed = [], exit }: Evidence): Step[] {
  const steps: Step[] = [
    ...exchanges.flatMap(exchangeSteps),
    ...printed.flatMap(({ at, text }) =>
      text
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map((line): Step => ({ kind: 'printed', at, text: line })),
    ),
  ]
  if (exit)
    steps.push({
      kind: 'ended',
      at: exit.at,
      text: exit.signal === null ? `ended with code ${exit.code}` : `ended by ${exit.signal}`,
    })
  return steps.toSorted((a, b) => a.at - b.at)
}

function exchangeSteps(exchange: Exchange): Step[] {
  const { request, response, garbage, cut, injected = [] } = exchange
  const steps: Step[] = [
    { kind: 'request', at: exchange.startedAt, exchange },
    ...injected.map((fault): Step => ({
      kind: 'broken',
      at: fault.at,
      exchange,
      text: INJECTED[fault.kind],
    })),
  ]
  if (response) steps.push({ kind: 'response', at: response.startedAt, exchange })
  if (garbage)
    steps.push({ kind: 'broken', at: request.endedAt, exchange, text: 'bytes that are not HTTP' })
  else if (cut !== null)
    steps.push({
      kind: 'broken',
      at: response?.endedAt ?? request.endedAt,
      exchange,
      text: cuts[cut],
    })
  else if (!response && injected.length === 0)
    steps.push({ kind: 'broken', at: request.endedAt, exchange, text: 'no answer while watched' })
  return steps
}

/**
 * Short: on a phone there is room for 25 characters beside the wire, and what is longer loses its
 * beginning.
 */
const cuts = {
  closed: 'closed before the end',
  reset: 'reset before the end',
  refused: 'nothing listened any more',
  capped: 'cut: too much was sent',
} as const

const INJECTED = {
  cut: 'cut by the scenario',
  'held-request': 'held by the scenario',
  'held-response': 'answer held by scenario',
} as const
