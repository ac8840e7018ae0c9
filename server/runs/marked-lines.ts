import type { MarkedLine } from '../../grader/types/index.ts'
import { html, type Html } from '../ui/html.ts'
import { visible } from '../ui/visible.ts'

/**
 * Recorded lines as they stood, the marked characters underlined and named to those who cannot see
 * the line under them.
 */
export function markedLines(lines: readonly MarkedLine[]): Html {
  return html`<pre class="recorded" tabindex="0"><code>${lines.map((line) => html`${markedLine(line)}\n`)}</code></pre>`
}

function markedLine({ text, mark }: MarkedLine): Html {
  if (!mark) return html`${visible(text)}`
  const [start, end] = mark
  const before = visible(text.slice(0, start))
  const marked = visible(text.slice(start, Math.max(end, start)))
  const after = visible(text.slice(Math.max(end, start)))
  return html`${before}<mark><span class="sr-only">here: </span>${marked === '' ? html`<span class="gap"></span>` : marked}<span class="sr-only"> (end)</span></mark>${after}`
}
