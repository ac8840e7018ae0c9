import { extname } from 'node:path'

/** Languages whose comments begin with `#`; in all others they begin with `//`. */
const HASH = new Set(['.py', '.rb', '.sh', '.pl', '.ex', '.exs', '.r', '.jl', '.tcl', '.php'])

/** A program under a first line that names the misconception: how an author sees a mutant. */
export function withMisconception(path: string, misconception: string, text: string): string {
  return `${HASH.has(extname(path).toLowerCase()) ? '#' : '//'} Misconception: ${misconception}\n${text}`
}

/**
 * What the first line of a program names as its misconception, undefined when it names none, and
 * the program without that line.
 */
export function splitMisconception(text: string): {
  readonly misconception: string | undefined
  readonly text: string
} {
  const [line, misconception] = /^(?:\/\/|#|--|;+|%) ?Misconception:(.*)(?:\r?\n)?/.exec(text) ?? []
  if (line === undefined) return { misconception: undefined, text }
  return { misconception: misconception?.trim(), text: text.slice(line.length) }
}
