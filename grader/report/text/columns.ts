import { createRequire } from 'node:module'
import { stripVTControlCharacters } from 'node:util'

const require = createRequire(import.meta.url)

/**
 * What takes one column each, so that nothing has to be loaded to measure it: Latin letters, the
 * signs of a sentence, arrows, and what lines and bars are drawn with.
 */
const NARROW =
  /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u259f✓✗]*$/

/** The columns that text takes in a terminal (UAX #11), its colours left out. */
export function columnsOf(text: string): number {
  const plain = stripVTControlCharacters(text)
  return NARROW.test(plain) ? plain.length : stringWidth(plain)
}

/** The longest beginning that takes at most `columns` columns, never ending within a character. */
export function beginning(text: string, columns: number): string {
  if (NARROW.test(text)) return text.slice(0, Math.max(0, columns))
  let taken = 0
  let end = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    taken += columnsOf(segment)
    if (taken > columns) break
    end += segment.length
  }
  return text.slice(0, end)
}

/** The text from this column on. Of a character that the cut goes through, a space is left. */
export function fromColumn(text: string, column: number): string {
  const before = beginning(text, column)
  const rest = text.slice(before.length)
  const missing = column - columnsOf(before)
  if (missing <= 0 || rest === '') return rest
  const [cutThrough] = new Intl.Segmenter().segment(rest)
  const { segment } = cutThrough!
  return ' '.repeat(columnsOf(segment) - missing) + rest.slice(segment.length)
}

/** Text followed by the spaces that it takes to fill `columns` columns. */
export function padToColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}

/**
 * Text in pieces of at most `columns` columns, broken between its characters. A character wider
 * than that is a piece of its own.
 */
export function inPieces(text: string, columns: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (columnsOf(rest) > columns && rest !== '') {
    const [first] = new Intl.Segmenter().segment(rest)
    const piece = beginning(rest, columns) || first!.segment
    pieces.push(piece)
    rest = rest.slice(piece.length)
  }
  return rest !== '' || pieces.length === 0 ? [...pieces, rest] : pieces
}

/**
 * Loaded when it is first needed: that takes 20 ms, because V8 compiles the set of all emoji, and
 * most lines of a report are NARROW.
 */
function stringWidth(text: string): number {
  const module: typeof import('string-width') = require('string-width')
  return module.default(text)
}
