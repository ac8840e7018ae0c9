import { escape } from '../markdown/escape.ts'
import type { Side } from '../ui/diff.ts'
import { visible } from '../ui/visible.ts'

/** One side of a comparison without colours: quick, for what is looked at in passing. */
export function plainSide(title: string, text: string): Side {
  const lines = text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(visible)
  return { title, lines, highlighted: lines.map(escape) }
}
