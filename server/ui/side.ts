import { extname } from 'node:path'
import { escape } from '../markdown/escape.ts'
import { highlightLines } from '../markdown/highlight.ts'
import { html, raw, type Html } from './html.ts'
import { visible } from './visible.ts'

/** A version of a file, to be shown by itself or beside another one. */
export interface Side {
  readonly title: string
  readonly lines: readonly string[]
  /** The same lines as HTML (see highlight.ts). */
  readonly highlighted: readonly string[]
}

/** Without colours: quick, for what is looked at in passing. */
export function plainSide(title: string, text: string): Side {
  const lines = linesOf(text)
  return { title, lines, highlighted: lines.map(escape) }
}

/** In the colours of the language that the file's name says. */
export async function highlightedSide(
  title: string,
  name: string,
  content: Uint8Array,
): Promise<Side> {
  const lines = linesOf(Buffer.from(content).toString('utf8'))
  const highlighted = await highlightLines(lines.join('\n'), extname(name).slice(1))
  return { title, lines, highlighted }
}

/** The whole of it. */
export function codeFigure({ highlighted }: Side): Html {
  return html`<figure class="code"><pre tabindex="0"><code>${raw(highlighted.join('\n'))}</code></pre></figure>`
}

function linesOf(text: string): string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(visible)
}
