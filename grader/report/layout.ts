/** Words set in lines of at most `width` columns. Words longer than a line stand alone on one. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = []
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    return [...lines, line]
  })
}

/** A label in a column of its own with wrapped text beside it. */
export function labelled(label: string, text: string, options: { indent: number; labelWidth: number; columns: number }): string[] {
  const start = ' '.repeat(options.indent)
  const lines = wrap(text, options.columns - options.indent - options.labelWidth)
  return lines.map((line, index) => start + (index === 0 ? label : '').padEnd(options.labelWidth) + line)
}

/** Left and right on one line, or on two when they do not fit. */
export function leftRight(left: string, right: string, columns: number): string {
  const gap = columns - left.length - right.length
  return gap >= 2 ? left + ' '.repeat(gap) + right : `${left}\n  ${right}`
}

/** Cut to `width` with an ellipsis. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}
