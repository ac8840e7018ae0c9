import { html } from 'hono/html'
import type { TableExhibit } from '../../types/index.ts'
import { words, type Picture } from './picture.ts'

/**
 * Views side by side: one panel per column, so that the same thing stands in the same line of each.
 */
export function tablePicture(
  { title, columns, rows }: TableExhibit,
  { id }: { id: string },
): Picture {
  const widths = shares([columns, ...rows])
  const starts = widths.map((_, index) =>
    widths.slice(0, index).reduce((sum, width) => sum + width, 0),
  )
  const cell = (text: string, column: number, y: number, className: string) =>
    words({
      text,
      className,
      from: starts[column]!,
      to: starts[column]! + widths[column]! - 0.015,
      y,
    })
  return {
    id,
    title,
    summary: `${columns.join(', ')}: ${rows.length === 1 ? 'one line' : `${rows.length} lines`}`,
    height: 40 + rows.length * ROW,
    drawing: html`${columns.map((name, column) => cell(name, column, 18, 'p-party'))}<line class="p-axis" x1="0%" x2="100%" y1="28" y2="28"/>${rows.map((row, index) => html`${row.map((text, column) => cell(text, column, 50 + index * ROW, column === 0 ? 'p-part' : 'p-bytes'))}<line class="p-grid" x1="0%" x2="100%" y1="${62 + index * ROW - 2}" y2="${62 + index * ROW - 2}"/>`)}`,
    twin: { columns, rows: rows.map((cells) => ({ cells })) },
  }
}

const ROW = 32

/** Each column's share of the width, by its longest cell; none less than a tenth. */
function shares(rows: readonly (readonly string[])[]): number[] {
  const longest = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => Math.min(60, row[column]?.length ?? 0))),
  )
  const total = longest.reduce((sum, length) => sum + length, 0)
  const wanted = longest.map((length) => Math.max(0.1, total === 0 ? 0 : length / total))
  const sum = wanted.reduce((a, b) => a + b, 0)
  return wanted.map((share) => share / sum)
}
