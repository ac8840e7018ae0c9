/** Words set in lines of at most `width` columns. A word longer than a line is broken. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const [first = '', ...words] = paragraph.split(' ').flatMap((word) => chunks(word, width))
    const lines = [first]
    for (const word of words) {
      const line = lines.at(-1)!
      if (line.length + 1 + word.length > width) lines.push(word)
      else lines[lines.length - 1] = `${line} ${word}`
    }
    return lines
  })
}

/** Text in pieces of at most `width` characters. */
function chunks(text: string, width: number): string[] {
  return text.match(new RegExp(`[^]{1,${Math.max(1, width)}}`, 'gu')) ?? ['']
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
    (line, index) => start + (index === 0 ? label : '').padEnd(options.labelWidth) + line,
  )
}

/** Left and right on one line, or on two when they do not fit. */
export function leftRight(left: string, right: string, columns: number): string {
  const gap = columns - left.length - right.length
  return gap >= 2 ? left + ' '.repeat(gap) + right : `${left}\n  ${right}`
}

/** Cut to `width` with an ellipsis, never through a character. */
export function cut(text: string, width: number): string {
  return text.length <= width
    ? text
    : `${text.slice(0, Math.max(0, width - 1)).replace(/[\ud800-\udbff]$/, '')}…`
}
