import { html } from 'hono/html'
import { headers } from '../../types/helpers/header-fields.ts'
import type { Evidence, Exchange } from '../../types/index.ts'
import { sequenceSteps, type Step } from './sequence-steps.ts'
import { aside, telling } from './telling-field.ts'
import {
  inSeconds,
  percent,
  widthFor,
  words,
  type Markup,
  type Picture,
  type AlternativeRow,
} from './picture.ts'
import {
  arrow,
  ARROW_HEIGHT,
  arrowWidth,
  CLIENT,
  cross,
  heads,
  lifelines,
  LINE_HEIGHT,
  MOST_WIDTH,
  pause,
  PAUSE_HEIGHT,
  SERVER,
  TOP,
  WIRE,
  type ArrowWords,
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
  const named = serversOf(evidence).length > 1
  const minWidth = Math.min(
    MOST_WIDTH,
    Math.max(LEAST_WIDTH, ...shown.map((step) => widthOf(step, named))),
  )
  const { rows, height } = layOut(shown, { origin, named, minWidth })
  return {
    id,
    title: evidence.scenario,
    summary: summaryOf(evidence, parties),
    height: height + (left > 0 ? 26 : 0),
    minWidth,
    drawing: html`${heads({ ...parties, server: named ? 'servers' : parties.server })}${lifelines(height)}${rows}${left > 0 && words({ text: `… ${left} more are in the table`, className: 'p-muted', from: 0, to: 1, y: height + 14, align: 'middle' })}`,
    alternative: {
      columns: ['Time', 'From', 'What', 'Connection'],
      rows: steps.map((step) => alternativeRow(step, parties, origin, named)),
    },
  }
}

const mostSteps = 120
/** In pixels. */
const LEAST_WIDTH = 360
/** A pause worth showing. */
const PAUSE_MS = 300

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
  readonly minWidth: number
}

/** Where the words of a row stand, as shares of the width. */
const BROKEN = { className: 'p-note', from: CLIENT + 0.01, to: WIRE - 0.03 }
const PRINTED = { className: 'p-note', from: CLIENT + 0.01, to: SERVER - 0.03 }

/** How wide the picture has to be for a row to be whole, in pixels. */
function widthOf(step: Step, named: boolean): number {
  switch (step.kind) {
    case 'request':
    case 'response':
      return arrowWidth(arrowWords(step, named), { timed: true })
    case 'broken':
      return widthFor(step.text, BROKEN)
    case 'printed':
    case 'ended':
      return widthFor(noteOf(step), PRINTED)
  }
}

function arrowWords(step: Step & { kind: 'request' | 'response' }, named: boolean): ArrowWords {
  const field = telling(step.exchange[step.kind]!.headers)
  return { title: [titleOf(step, named)], field: field === undefined ? [] : [field] }
}

function titleOf(step: Step & { kind: 'request' | 'response' }, named: boolean): string {
  if (step.kind === 'response') {
    const { status, reason } = step.exchange.response!
    return `${status} ${reason}`
  }
  const { method, target } = step.exchange.request
  return `${method} ${target}${named ? ` · ${serverOf(step.exchange)}` : ''}`
}

function noteOf(step: Step & { kind: 'printed' | 'ended' }): string {
  return step.kind === 'printed' ? `prints: ${step.text}` : step.text
}

function row(step: Step, y: number, { origin, named, minWidth }: Drawn): Markup {
  switch (step.kind) {
    case 'request':
    case 'response':
      return arrow({
        kind: step.kind,
        y,
        ...arrowWords(step, named),
        time: inSeconds(step.at - origin),
        minWidth,
      })
    case 'broken':
      return html`<g class="p-broken">${cross(y + 12)}${words({ text: step.text, ...BROKEN, y: y + 16, align: 'end', minWidth })}</g>`
    case 'printed':
    case 'ended':
      return html`<g class="p-printed"><line class="p-tick" x1="${percent(SERVER - 0.02)}" x2="${percent(SERVER)}" y1="${y + 12}" y2="${y + 12}"/>${words({ text: noteOf(step), ...PRINTED, y: y + 16, align: 'end', minWidth })}</g>`
  }
}

/** A browser says who it is; whatever else asked was a connection made by hand. */
function partiesOf({ exchanges }: Evidence): Parties {
  const byBrowser = exchanges.filter(({ request }) =>
    headers(request.headers, 'User-Agent').some((value) => value.startsWith('Mozilla/')),
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
