import { html } from 'hono/html'
import type { Headers } from '../../types/index.ts'
import { inLines } from './in-lines.ts'
import {
  columnsIn,
  widthFor,
  words,
  type AlternativeRow,
  type Markup,
  type Picture,
} from './picture.ts'
import {
  arrow,
  arrowHeight,
  arrowWidth,
  CLIENT,
  FIELD,
  heads,
  lifelines,
  LINE_HEIGHT,
  NEXT_LINE,
  SERVER,
  sidesWidth,
  TITLE,
  TOP,
  type ArrowWords,
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
 * times and without the wire on which they are taken. Words that a phone has no room for go on in
 * another line.
 */
export function writtenSequence(
  steps: readonly WrittenStep[],
  { id, title, parties }: { id: string; title: string; parties: Parties },
): Picture {
  const rows = steps.map(rowOf)
  let height = TOP
  const drawn = rows.map((row) => {
    const y = height
    height += row.height
    return row.draw(y)
  })
  height += 8
  return {
    id,
    title,
    summary: summaryOf(steps, parties),
    height,
    minWidth: Math.max(sidesWidth(parties), ...rows.map(({ width }) => width)),
    drawing: html`${heads(parties, { wire: false })}${lifelines(height, { wire: false })}${drawn}`,
    alternative: {
      columns: ['From', 'What'],
      rows: steps.map((step) => alternativeRow(step, parties)),
    },
  }
}

/** The room a lesson has for a drawing on a page of 390 pixels, beside a scroll bar. Pixels. */
const PHONE = 324

/** Where a note stands, as shares of the width. */
const NOTE = { className: 'p-muted', from: CLIENT + 0.015, to: SERVER - 0.01 }

interface Row {
  /** How wide the picture has to be for the row to be whole, in pixels. */
  readonly width: number
  /** In pixels. */
  readonly height: number
  draw(y: number): Markup
}

function rowOf(step: WrittenStep): Row {
  if (step.kind === 'note') return noteRow(inLines(step.text, columnsIn(PHONE, NOTE)))
  const field = telling(step.headers)
  const lines: ArrowWords = {
    title: inLines(step.title, columnsIn(PHONE, TITLE)),
    field: field === undefined ? [] : inLines(field, columnsIn(PHONE, FIELD)),
  }
  return {
    width: arrowWidth(lines, { timed: false }),
    height: arrowHeight(lines),
    draw: (y) => arrow({ kind: step.kind, y, ...lines }),
  }
}

function noteRow(lines: readonly string[]): Row {
  return {
    width: Math.max(...lines.map((line) => widthFor(line, NOTE))),
    height: LINE_HEIGHT + NEXT_LINE * (lines.length - 1),
    draw: (y) =>
      html`${lines.map((text, index) => words({ text, ...NOTE, y: y + 18 + NEXT_LINE * index, align: 'middle' }))}`,
  }
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
