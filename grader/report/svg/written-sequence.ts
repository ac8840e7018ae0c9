import { html } from 'hono/html'
import type { Headers } from '../../types/index.ts'
import { widthFor, words, type AlternativeRow, type Markup, type Picture } from './picture.ts'
import {
  arrow,
  ARROW_HEIGHT,
  arrowWidth,
  CLIENT,
  heads,
  lifelines,
  LINE_HEIGHT,
  MOST_WIDTH,
  SERVER,
  sidesWidth,
  TOP,
  type Parties,
} from './sequence-parts.ts'
import { aside, telling } from './telling-field.ts'

/** A message as a lesson shows it, or what happens between two of them. */
export type WrittenStep =
  | {
      readonly kind: 'request' | 'response'
      /** `GET /basket`, `200 OK`, and what the author added. */
      readonly title: string
      readonly headers: Headers
    }
  | { readonly kind: 'note'; readonly text: string }

/**
 * The sequence of a recorded run, drawn for what a lesson shows of one: the same arrows, without
 * times and without the wire on which they are taken.
 */
export function writtenSequence(
  steps: readonly WrittenStep[],
  { id, title, parties }: { id: string; title: string; parties: Parties },
): Picture {
  const minWidth = Math.min(MOST_WIDTH, Math.max(sidesWidth(parties), ...steps.map(widthOf)))
  let y = TOP
  const rows: Markup[] = []
  for (const step of steps) {
    rows.push(row(step, y, minWidth))
    y += step.kind === 'note' ? LINE_HEIGHT : ARROW_HEIGHT
  }
  const height = y + 8
  return {
    id,
    title,
    summary: summaryOf(steps, parties),
    height,
    minWidth,
    drawing: html`${heads(parties, { wire: false })}${lifelines(height, { wire: false })}${rows}`,
    alternative: {
      columns: ['From', 'What'],
      rows: steps.map((step) => alternativeRow(step, parties)),
    },
  }
}

/** Where a note stands, as shares of the width. */
const NOTE = { from: CLIENT + 0.015, to: SERVER - 0.01 }

/** How wide the picture has to be for a row to be whole, in pixels. */
function widthOf(step: WrittenStep): number {
  return step.kind === 'note'
    ? widthFor(step.text, NOTE.from, NOTE.to)
    : arrowWidth(step.title, telling(step.headers), { timed: false })
}

function row(step: WrittenStep, y: number, minWidth: number): Markup {
  if (step.kind !== 'note')
    return arrow({ kind: step.kind, y, title: step.title, field: telling(step.headers), minWidth })
  return words({
    text: step.text,
    className: 'p-muted',
    ...NOTE,
    y: y + 18,
    align: 'middle',
    minWidth,
  })
}

function summaryOf(steps: readonly WrittenStep[], { client, server }: Parties): string {
  const requests = steps.filter(({ kind }) => kind === 'request').length
  const responses = steps.filter(({ kind }) => kind === 'response').length
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
  return `${counted(requests, 'request')} from ${client} to ${server}, ${counted(responses, 'response')} back`
}

function alternativeRow(step: WrittenStep, { client, server }: Parties): AlternativeRow {
  if (step.kind === 'note') return { cells: ['', step.text] }
  const from = step.kind === 'request' ? client : server
  return { cells: [from, `${step.title}${aside(step.headers)}`] }
}
