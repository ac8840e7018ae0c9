import { html } from 'hono/html'
import { columnsOf } from '../text/columns.ts'
import { cut } from '../text/layout.ts'
import { printable } from '../text/printable.ts'

/** Escaped markup, ready to stand in a page's template or in a file. */
export type Markup = ReturnType<typeof html>

/**
 * Something recorded, drawn. Whoever shows it puts `drawing` into an `<svg>` of any width and
 * `height` pixels: places along the width are percentages, so that letters keep their size on a
 * narrow page. The text alternative says the same in words.
 */
export interface Picture {
  /** Unique within the run; a page's anchor and a file's name: `sequence-1`. */
  readonly id: string
  readonly title: string
  /** What it shows, in one sentence. */
  readonly summary: string
  readonly height: number
  /**
   * In pixels: narrower than this, words in it would be cut. Whoever shows it scrolls it there.
   */
  readonly minWidth?: number
  readonly drawing: Markup
  readonly alternative: TextAlternative
  /**
   * Where time goes from left to right: the shares of the width at which its first and its last
   * moment stand. Milliseconds.
   */
  readonly axis?: {
    readonly from: number
    readonly to: number
    readonly left: number
    readonly right: number
  }
}

export interface TextAlternative {
  readonly columns: readonly string[]
  readonly rows: readonly AlternativeRow[]
}

export interface AlternativeRow {
  readonly cells: readonly string[]
  /** Id of the exchange the row is about. */
  readonly exchange?: number
}

/** A share of the width, 0 to 1, as SVG writes it. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`
}

interface Words {
  readonly text: string
  readonly className: string
  /** Shares of the width between which the words have to stay: they are cut there. */
  readonly from: number
  readonly to: number
  /** Of the line the letters stand on. */
  readonly y: number
  readonly align?: 'start' | 'middle' | 'end'
  /** How wide the picture is at least, in pixels: what does not fit then ends in an ellipsis. */
  readonly minWidth?: number
}

/** What has letters of 12 pixels; all else has 13 (see pictures.css). */
const SMALL = new Set(['p-field', 'p-muted', 'p-note', 'p-small', 'p-time'])

/** How wide a column of text is at most, in pixels, whichever of the fonts is there. */
function columnWidth(className: string): number {
  return SMALL.has(className) ? 7.25 : 8
}

/** Which words, and between which shares of the width. */
type Room = Pick<Words, 'className' | 'from' | 'to'>

/** How wide a picture has to be for this text to be whole in its room, in pixels. */
export function widthFor(text: string, { className, from, to }: Room): number {
  return Math.ceil((columnsOf(printable(text)) * columnWidth(className)) / (to - from))
}

/** How many columns of text are whole in this room of a picture `width` pixels wide. */
export function columnsIn(width: number, { className, from, to }: Room): number {
  return Math.floor((width * (to - from)) / columnWidth(className))
}

/**
 * One line of words that never leaves its place. What is cut off stands in the text alternative.
 */
export function words({
  text: whole,
  className,
  from,
  to,
  y,
  align = 'start',
  minWidth,
}: Words): Markup {
  const text =
    minWidth === undefined ? whole : cut(whole, columnsIn(minWidth, { className, from, to }))
  const x = { start: '0', middle: '50%', end: '100%' }[align]
  return html`<svg x="${percent(from)}" y="${y - 16}" width="${percent(Math.max(0, to - from))}" height="22"><text class="${className}" x="${x}" y="16" text-anchor="${align}">${printable(text)}</text></svg>`
}

/** "0.14 s": two digits below ten seconds, one above. */
export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

/** Steps of 1, 2 or 5 times a power of ten, as many as fit: at most `most`. */
export function niceSteps(length: number, most = 8): number[] {
  if (!(length > 0)) return [0]
  const rough = length / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!
  return Array.from({ length: Math.floor(length / step + 1e-9) + 1 }, (_, index) => index * step)
}
