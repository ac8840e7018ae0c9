import type { Exhibit, MarkedLine, CookieChart, TableExhibit } from '../../types/index.ts'
import { columnsOf, fromColumn, padToColumns } from './columns.ts'
import { cut, wrap } from './layout.ts'
import { printable } from './printable.ts'

/** An exhibit as lines of at most `columns` columns, without indentation. */
export function exhibitLines(exhibit: Exhibit, columns: number, mostLines: number): string[] {
  switch (exhibit.kind) {
    case 'message':
      return [
        cut(printable(exhibit.summary), columns),
        ...markedLines(exhibit.lines, columns, mostLines),
      ]
    case 'text':
      return [exhibit.title, ...markedLines(exhibit.lines, columns, mostLines)]
    case 'table':
      return tableLines(exhibit, columns)
    case 'cookie-chart':
      return chartLines(exhibit, columns)
  }
}

/**
 * One cell per second: full where the cookie was sent, light where it was not, a dot where nothing
 * was asked. Words stand beside, or below where there is no room.
 */
export function chartLines(
  { label, seconds, samples, expiry }: CookieChart,
  columns = 80,
): string[] {
  const cells = Array.from({ length: seconds + 1 }, (_, second) => {
    const sample = samples.find(({ at }) => Math.round(at) === second)
    if (second === 0 && !sample) return '█'
    return sample ? (sample.sent ? '█' : '░') : '·'
  })
  const gutter = ' '.repeat(columnsOf(label) + 2)
  const axis = Array.from({ length: Math.floor(seconds / 5) + 1 }, (_, tick) =>
    String(tick * 5).padEnd(5),
  )
    .join('')
    .trimEnd()
  const end = expiry === null ? [] : [`the jar's own end: ${expiry.toFixed(1)} s`]
  const [bar, scale, words] = [`${label}  ${cells.join('')}`, gutter + axis, chartWords(samples)]
  const beside = [`${bar}   ${words}`, [scale, ...end].join('   ')]
  return beside.every((line) => columnsOf(line) <= columns)
    ? beside
    : [label, cells.join(''), axis, ...[words, ...end].flatMap((line) => wrap(line, columns))]
}

function chartWords(samples: CookieChart['samples']): string {
  const lastSent = samples.findLast(({ sent }) => sent)
  const firstNot = samples.find(({ sent, at }) => !sent && at > (lastSent?.at ?? -1))
  const parts = [
    lastSent && `sent until ${lastSent.at.toFixed(1)} s`,
    firstNot && `not sent since ${firstNot.at.toFixed(1)} s`,
  ]
  return parts.filter(Boolean).join(', ') || 'nothing asked yet'
}

/** The first lines, or those around the first mark when it stands further down. */
function markedLines(lines: readonly MarkedLine[], columns: number, mostLines: number): string[] {
  const marked = lines.findIndex(({ mark }) => mark)
  const first = marked < mostLines ? 0 : Math.min(marked - mostLines + 2, lines.length - mostLines)
  const behind = lines.length - first - mostLines
  const shown = lines.slice(first, first + mostLines).flatMap((line) => markedLine(line, columns))
  return [
    ...(first > 0 ? [`… ${first} before`] : []),
    ...shown,
    ...(behind > 0 ? [`… ${behind} more`] : []),
  ]
}

function markedLine({ text, mark }: MarkedLine, columns: number): string[] {
  const line = printable(text)
  if (!mark) return [cut(line, columns)]
  // Escapes are longer than what they stand for: the mark moves with them.
  const after = columnsOf(printable(text.slice(0, mark[1])))
  const before = columnsOf(printable(text.slice(0, mark[0])))
  // What combines with the character before it is marked under that one.
  const start = mark[1] > mark[0] && after > 0 ? Math.min(before, after - 1) : before
  const end = Math.max(start + 1, after)
  // A long line is shown from where the mark can be seen.
  const from =
    columnsOf(line) <= columns || end < columns
      ? 0
      : Math.max(0, Math.min(start - 12, end - columns + 2))
  const visible =
    from === 0 ? cut(line, columns) : `…${cut(fromColumn(line, from + 1), columns - 1)}`
  const caretLength = Math.max(1, Math.min(end, from + columns) - start)
  return [visible, ' '.repeat(start - from) + '^'.repeat(caretLength)]
}

function tableLines({ title, columns: names, rows }: TableExhibit, columns: number): string[] {
  const all = [names, ...rows.map((row) => row.map(printable))]
  const natural = names.map((_, index) =>
    Math.max(...all.map((row) => columnsOf(row[index] ?? ''))),
  )
  const widths = fit(natural, columns - 2 * (names.length - 1))
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width, 2 * (names.length - 1)))
  const [heads, ...body] = all.map((row) => rowLines(row, widths))
  return [title, ...heads!, rule, ...body.flat()]
}

/** A row takes as many lines as its longest cell needs. */
function rowLines(row: readonly string[], widths: readonly number[]): string[] {
  const cells = widths.map((width, index) => wrap(row[index] ?? '', width))
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, index) => padToColumns(lines[line] ?? '', widths[index]!))
      .join('  ')
      .trimEnd(),
  )
}

/** Narrow columns keep their width; the wide ones share what is left. */
function fit(natural: readonly number[], room: number): number[] {
  const widths = [...natural]
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths))
    widths[widest]!--
  }
  return widths
}
