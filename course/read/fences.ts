/** One line of markdown and the fenced block it is part of. */
export interface ScannedLine {
  readonly text: string
  /** From 0, within the markdown. */
  readonly index: number
  /** True for the lines of a fenced block, its fences included. */
  readonly fenced: boolean
}

export interface Fence {
  /** What follows the opening backticks: `quiz id=where-is-the-state`. */
  readonly info: string
  /** Index of the opening line, from 0. */
  readonly start: number
  readonly lines: readonly string[]
  readonly closed: boolean
}

/**
 * Walks through markdown once and tells its fenced code blocks from its other lines (CommonMark
 * 0.31 §4.5).
 */
export function scanFences(markdown: string): {
  readonly lines: readonly ScannedLine[]
  readonly fences: readonly Fence[]
} {
  const lines: ScannedLine[] = []
  const fences: Fence[] = []
  let open: { mark: string; info: string; start: number; lines: string[] } | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    if (open) {
      lines.push({ text, index, fenced: true })
      if (closes(text, open.mark)) {
        fences.push({ info: open.info, start: open.start, lines: open.lines, closed: true })
        open = undefined
      } else {
        open.lines.push(text)
      }
      continue
    }
    // An info string after backticks holds none itself, or the line is inline code.
    const opening = /^ {0,3}(?:(`{3,})([^`]*)|(~{3,})(.*))$/.exec(text)
    lines.push({ text, index, fenced: opening !== null })
    if (opening) {
      const [, backticks, afterBackticks, tildes, afterTildes] = opening
      open = {
        mark: (backticks ?? tildes)!,
        info: (afterBackticks ?? afterTildes ?? '').trim(),
        start: index,
        lines: [],
      }
    }
  }
  if (open) fences.push({ info: open.info, start: open.start, lines: open.lines, closed: false })
  return { lines, fences }
}

function closes(line: string, mark: string): boolean {
  const fence = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1]
  return fence !== undefined && fence[0] === mark[0] && fence.length >= mark.length
}
