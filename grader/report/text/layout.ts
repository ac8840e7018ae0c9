import { beginning, columnsOf, inPieces, padToColumns } from './columns.ts'

/**
 * Words set in lines of at most `width` columns. A word longer than a line is broken. Nothing but
 * the spaces at which lines end is changed: wrap-ansi would compose characters (NFC), and then a
 * name that the learner wrote in two code points is no longer shown as it was received.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    if (columnsOf(paragraph) <= width) return [paragraph]
    const [first = '', ...words] = paragraph.split(' ').flatMap((word) => inPieces(word, width))
    const lines = [first]
    for (const word of words) {
      const line = lines.at(-1)!
      if (columnsOf(line) + 1 + columnsOf(word) > width) lines.push(word)
      else lines[lines.length - 1] = `${line} ${word}`
    }
    return lines
  })
}

/** A label in a column of its own with wrapped text beside it. */
export function labelled(
  label: string,
  text: string,
  options: { indent: number; labelWidth: number; columns: number },
): string[] {
  const start = ' '.repeat(options.indent)
  const lines = wrap(text, options.columns - options.indent - options.labelWidth)
  return lines.map(
    (line, index) => start + padToColumns(index === 0 ? label : '', options.labelWidth) + line,
  )
}

/** Left and right on one line, or on two when they do not fit. */
export function leftRight(left: string, right: string, columns: number): string {
  const gap = columns - columnsOf(left) - columnsOf(right)
  return gap >= 2 ? left + ' '.repeat(gap) + right : `${left}\n  ${right}`
}

/** Cut to `width` columns with an ellipsis, never through a character. */
export function cut(text: string, width: number): string {
  return columnsOf(text) <= width ? text : `${beginning(text, width - 1)}…`
}
