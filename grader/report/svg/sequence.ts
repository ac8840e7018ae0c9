import { html } from 'hono/html'
import type { Evidence, Exchange } from '../../types/index.ts'
import { aside, telling } from './telling-field.ts'
import {
  inSeconds,
  percent,
  words,
  type Markup,
  type Picture,
  type AlternativeRow,
} from './picture.ts'
import {
  arrow,
  ARROW_HEIGHT,
  CLIENT,
  cross,
  heads,
  lifelines,
  LINE_HEIGHT,
  pause,
  PAUSE_HEIGHT,
  SERVER,
  TOP,
  WIRE,
  type Parties,
} from './sequence-parts.ts'

/**
 * Who said what to whom, from top to bottom: requests and answers as arrows across the wire, where
 * their times were taken, and what the program printed in between as far as its times are known.
 * `origin`: when the run began.
 */
export function sequencePicture(
  evidence: Evidence,
  { id, origin, parties = partiesOf(evidence) }: { id: string; origin: number; parties?: Parties },
): Picture {
  const steps = sequenceSteps(evidence)
  const shown = steps.slice(0, mostSteps)
  const left = steps.length - shown.length
  const { rows, height } = layOut(shown, { origin, named: serversOf(evidence).length > 1 })
  return {
    id,
    title: evidence.scenario,
    summary: summaryOf(evidence, parties),
    height: height + (left > 0 ? 26 : 0),
    drawing: html`${heads({ ...parties, server: serversOf(evidence).length > 1 ? 'servers' : parties.server })}${lifelines(height)}${rows}${left > 0 && words({ text: `… ${left} more stand in the table`, className: 'p-muted', from: 0, to: 1, y: height + 14, align: 'middle' })}`,
    alternative: {
      columns: ['Time', 'From', 'What', 'Connection'],
      rows: steps.map((step) =>
        alternativeRow(step, parties, origin, serversOf(evidence).length > 1),
      ),
    },
  }
}

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

const mostSteps = 120
/** A pause worth showing. */
const PAUSE_MS = 300

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
    steps.push({ kind: 'broken', at: request.endedAt, exchange, text: 'bytes that are no HTTP' })
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

function layOut(steps: readonly Step[], drawn: Drawn): { rows: Markup[]; height: number } {
  const rows: Markup[] = []
  let y = TOP
  let before = steps[0]?.at ?? 0
  for (const step of steps) {
    if (step.at - before > PAUSE_MS) {
      rows.push(pause(y, inSeconds(step.at - before)))
      y += PAUSE_HEIGHT
    }
    const height = rowHeight(step)
    rows.push(row(step, y, drawn))
    y += height
    before = step.at
  }
  return { rows, height: y + 8 }
}

function rowHeight(step: Step): number {
  return step.kind === 'request' || step.kind === 'response' ? ARROW_HEIGHT : LINE_HEIGHT
}

/**
 * `origin`: when the run began. `named`: several servers were asked, so each request says which.
 */
interface Drawn {
  readonly origin: number
  readonly named: boolean
}

function row(step: Step, y: number, { origin, named }: Drawn): Markup {
  switch (step.kind) {
    case 'request':
      return arrow({
        kind: 'request',
        y,
        title: `${step.exchange.request.method} ${step.exchange.request.target}${named ? ` · ${serverOf(step.exchange)}` : ''}`,
        field: telling(step.exchange.request.headers),
        time: inSeconds(step.at - origin),
      })
    case 'response': {
      const { status, reason, headers } = step.exchange.response!
      return arrow({
        kind: 'response',
        y,
        title: `${status} ${reason}`,
        field: telling(headers),
        time: inSeconds(step.at - origin),
      })
    }
    case 'broken':
      return html`<g class="p-broken">${cross(y + 12)}${words({ text: step.text, className: 'p-note', from: CLIENT + 0.01, to: WIRE - 0.03, y: y + 16, align: 'end' })}</g>`
    case 'printed':
    case 'ended':
      return html`<g class="p-printed"><line class="p-tick" x1="${percent(SERVER - 0.02)}" x2="${percent(SERVER)}" y1="${y + 12}" y2="${y + 12}"/>${words({ text: step.kind === 'printed' ? `prints: ${step.text}` : step.text, className: 'p-note', from: CLIENT + 0.01, to: SERVER - 0.03, y: y + 16, align: 'end' })}</g>`
  }
}

/** A browser says who it is; whatever else asked was a connection made by hand. */
function partiesOf({ exchanges }: Evidence): Parties {
  const byBrowser = exchanges.filter(({ request }) =>
    request.headers.some(
      ([name, value]) => name.toLowerCase() === 'user-agent' && value.startsWith('Mozilla/'),
    ),
  ).length
  // Nobody but a learner's client asks servers of the grader's own by other means.
  const others = exchanges.some(({ origin }) => origin !== undefined) ? 'your program' : 'by hand'
  const client =
    byBrowser === exchanges.length ? 'browser' : byBrowser === 0 ? others : `browser, and ${others}`
  return { client, server: serversOf({ exchanges }).join(', ') || 'your server' }
}

function serverOf({ origin = 'your server' }: Exchange): string {
  return origin
}

function serversOf({ exchanges }: Pick<Evidence, 'exchanges'>): string[] {
  return [...new Set(exchanges.map(serverOf))]
}

function summaryOf({ exchanges, printed = [] }: Evidence, { client, server }: Parties): string {
  const answered = exchanges.filter(({ response }) => response).length
  const lines = printed.length > 0 ? `; ${server} printed meanwhile` : ''
  const unanswered = exchanges.length - answered
  return `${exchanges.length} ${exchanges.length === 1 ? 'request' : 'requests'} to ${server} (${client}), ${unanswered === 0 ? (exchanges.length === 1 ? 'answered' : 'each answered') : `${unanswered} without an answer`}${lines}`
}

function alternativeRow(
  step: Step,
  { client, server }: Parties,
  origin: number,
  named: boolean,
): AlternativeRow {
  const time = inSeconds(step.at - origin)
  if (step.kind === 'printed' || step.kind === 'ended')
    return {
      cells: [time, server, step.kind === 'printed' ? `prints: ${step.text}` : step.text, ''],
    }
  const { id, connection, request, response } = step.exchange
  const what = {
    request: () =>
      `${request.method} ${request.target}${named ? ` (to ${serverOf(step.exchange)})` : ''}${aside(request.headers)}`,
    response: () => `${response!.status} ${response!.reason}${aside(response!.headers)}`,
    broken: () => (step as { text: string }).text,
  }[step.kind]()
  return {
    cells: [
      time,
      step.kind === 'request' ? client : serverOf(step.exchange),
      what,
      String(connection),
    ],
    exchange: id,
  }
}
