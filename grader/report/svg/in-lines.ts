import { columnsOf, inPieces } from '../text/columns.ts'
import { printable } from '../text/printable.ts'

/**
 * Words of a picture in lines of at most `columns` columns. Lines end at spaces; an address that is
 * longer than a line goes on before its query or one of its pairs, or after a slash, and what has
 * none of these is broken between its characters.
 */
export function inLines(text: string, columns: number): string[] {
  const lines = ['']
  const add = (piece: string, gap: string) => {
    const line = lines.at(-1)!
    const longer = line === '' ? piece : `${line}${gap}${piece}`
    if (columnsOf(longer) <= columns) lines[lines.length - 1] = longer
    else if (line === '') lines[lines.length - 1] = piece
    else lines.push(piece)
  }
  for (const word of printable(text).split(' ').filter(Boolean)) {
    if (columnsOf(word) <= columns) add(word, ' ')
    else
      word
        .split(/(?<=[/;,])|(?=[?&])/)
        .flatMap((part) => inPieces(part, columns))
        .forEach((part, index) => add(part, index === 0 ? ' ' : ''))
  }
  return lines
}
