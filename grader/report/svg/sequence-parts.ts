import { html } from 'hono/html'
import { percent, widthFor, words, type Markup } from './picture.ts'

/** Who stands on the left of the wire, and who on the right. */
export interface Parties {
  readonly client: string
  readonly server: string
}

/** Where the three lines stand, as shares of the width. */
export const CLIENT = 0.03
export const WIRE = 0.64
export const SERVER = 0.97

/** Pixels: where the first row begins, and how high each kind of row is. */
export const TOP = 34
export const LINE_HEIGHT = 28
export const PAUSE_HEIGHT = 26
/** Of an arrow whose title and field have a line each; and of each further line. */
export const ARROW_HEIGHT = 46
export const NEXT_LINE = 16

/** Where an arrow's words stand, as shares of the width. */
const WORDS = { from: CLIENT + 0.015, to: SERVER - 0.01 }
export const TITLE = { className: 'p-title', ...WORDS }
export const FIELD = { className: 'p-field', ...WORDS }
const TITLE_BESIDE_TIME = { ...TITLE, to: WIRE - 0.01 }

/** An arrow's words: lines above it and below it. */
export interface ArrowWords {
  readonly title: readonly string[]
  readonly field: readonly string[]
}

/** How high an arrow's row is, in pixels. */
export function arrowHeight({ title, field }: ArrowWords): number {
  return ARROW_HEIGHT + NEXT_LINE * (title.length - 1 + Math.max(0, field.length - 1))
}

/** How wide the picture has to be for an arrow's words to be whole, in pixels. */
export function arrowWidth({ title, field }: ArrowWords, { timed }: { timed: boolean }): number {
  const beside = timed ? TITLE_BESIDE_TIME : TITLE
  return Math.max(
    ...title.map((line) => widthFor(line, beside)),
    ...field.map((line) => widthFor(line, FIELD)),
  )
}

/**
 * The arrow goes from one side to the other. With a time there is a dot on the wire, which is where
 * it was taken.
 */
export function arrow({
  kind,
  y,
  title,
  field,
  time,
  minWidth,
}: ArrowWords & {
  readonly kind: 'request' | 'response'
  readonly y: number
  readonly time?: string
  /** Of the picture, in pixels: words that need more end in an ellipsis. */
  readonly minWidth?: number
}): Markup {
  const line = y + 22 + NEXT_LINE * (title.length - 1)
  const timed = time !== undefined
  const least = minWidth === undefined ? {} : { minWidth }
  const head =
    kind === 'request'
      ? html`<svg x="${percent(SERVER)}" y="${line}" overflow="visible"><path d="M-9 -5 0 0 -9 5"/></svg>`
      : html`<svg x="${percent(CLIENT)}" y="${line}" overflow="visible"><path d="M9 -5 0 0 9 5"/></svg>`
  return html`<g class="p-${kind}">
<line class="p-arrow" x1="${percent(CLIENT)}" x2="${percent(SERVER)}" y1="${line}" y2="${line}"/>${head}${timed && html`<circle cx="${percent(WIRE)}" cy="${line}" r="3.5"/>`}
${timed && field.length > 0 && html`<rect class="p-paper" x="${percent(WIRE - 0.01)}" y="${line + 6}" width="2%" height="13"/>`}${title.map((text, index) => words({ text, ...(timed ? TITLE_BESIDE_TIME : TITLE), y: y + 15 + NEXT_LINE * index, ...least }))}
${field.map((text, index) => words({ text, ...FIELD, y: line + 16 + NEXT_LINE * index, ...least }))}
${timed && words({ text: time, className: 'p-time', from: WIRE + 0.02, to: SERVER - 0.01, y: line - 7 })}</g>`
}

export function pause(y: number, length: string): Markup {
  return html`<g class="p-pause">${words({ text: `${length} later`, className: 'p-muted', from: CLIENT, to: WIRE - 0.02, y: y + 16, align: 'end' })}<line x1="${percent(WIRE)}" x2="${percent(WIRE)}" y1="${y + 3}" y2="${y + 23}"/></g>`
}

export function cross(y: number): Markup {
  return html`<svg x="${percent(WIRE)}" y="${y}" overflow="visible"><path d="M-5 -5 5 5M5 -5 -5 5"/></svg>`
}

/** In pixels. A line that needs more ends in an ellipsis; the table has it whole. */
export const MOST_WIDTH = 1400

/** Where the sides' names end and begin when nothing is between them, as shares of the width. */
const [LEFT_END, RIGHT_START] = [0.49, 0.51]

/** How wide the picture has to be for the sides' names to be whole beside each other, in pixels. */
export function sidesWidth({ client, server }: Parties): number {
  const className = 'p-party'
  return Math.max(
    widthFor(client, { className, from: 0, to: LEFT_END }),
    widthFor(server, { className, from: RIGHT_START, to: 1 }),
  )
}

/** The names of both sides, and of the wire between them where it is drawn. */
export function heads({ client, server }: Parties, { wire = true } = {}): Markup {
  const [left, right] = wire ? [WIRE - 0.07, WIRE + 0.07] : [LEFT_END, RIGHT_START]
  return html`${words({ text: client, className: 'p-party', from: 0, to: left, y: 16 })}${wire && words({ text: 'wire', className: 'p-party', from: WIRE - 0.1, to: WIRE + 0.1, y: 16, align: 'middle' })}${words({ text: server, className: 'p-party', from: right, to: 1, y: 16, align: 'end' })}`
}

export function lifelines(height: number, { wire = true } = {}): Markup[] {
  return [CLIENT, ...(wire ? [WIRE] : []), SERVER].map(
    (share) =>
      html`<line class="p-life${share === WIRE ? ' p-wire' : ''}" x1="${percent(share)}" x2="${percent(share)}" y1="24" y2="${height}"/>`,
  )
}
