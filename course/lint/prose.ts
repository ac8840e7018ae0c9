import { scanFences } from '../read/fences.ts'

/** Markdown outside of fenced blocks, where an author's words are. */
export interface ProseLine {
  /**
   * The line with inline code blanked out, so that columns stay: what stands in code is no link, no
   * tag and no demand.
   */
  readonly text: string
  /** From 0, within the markdown. */
  readonly index: number
}

/** A run of lines without an empty one between them. */
export type Paragraph = readonly ProseLine[]

/** The lines outside of fenced blocks. */
export function proseLines(markdown: string): ProseLine[] {
  return scanFences(markdown)
    .lines.filter(({ fenced }) => !fenced)
    .map(({ text, index }) => ({ text: withoutCode(text), index }))
}

/**
 * The same by paragraph; a heading, a list entry, a table row and a callout's first line begin a
 * new one.
 */
export function paragraphs(markdown: string): Paragraph[] {
  const found: ProseLine[][] = []
  let open: ProseLine[] | null = null
  let last = -2
  for (const line of proseLines(markdown)) {
    const blank = /^[ \t>]*$/.test(line.text)
    const begins = /^[ \t>]*(#{1,6} |[-*+] |\d+[.)] |\||\[!)/.test(line.text)
    if (blank || begins || line.index !== last + 1) open = null
    last = line.index
    if (blank) continue
    if (open) open.push(line)
    else found.push((open = [line]))
  }
  return found
}

export interface Sentence {
  readonly text: string
  /** The place of a character. */
  at(offset: number): { readonly index: number; readonly column: number }
}

// A callout's mark may stand between two sentences, and blanked code may begin the second.
const SENTENCE_END = /[.!?:][)”"]?(?:\s+(?:>[ \t]*)*(?=[\p{Uppercase}“"(])|\s(?=\s{2}))/gu

/** The sentences of a paragraph, in order. */
export function sentencesOf(paragraph: Paragraph): Sentence[] {
  const whole = paragraph.map(({ text }) => text).join('\n')
  const starts = [
    0,
    ...[...whole.matchAll(SENTENCE_END)].map((match) => match.index + match[0].length),
  ]
  return starts.map((start, position) => ({
    text: whole.slice(start, starts[position + 1]),
    at: (offset) => {
      const before = whole.slice(0, start + offset).split('\n')
      return { index: paragraph[before.length - 1]!.index, column: before.at(-1)!.length + 1 }
    },
  }))
}

/**
 * How many words a reader reads, code included: it takes longer, not shorter. Front matter is none
 * of it.
 */
export function countWords(markdown: string): number {
  const { lines } = scanFences(markdown)
  return lines.reduce((sum, { text }) => sum + wordsIn(text), 0)
}

/** The words of a text, without its source tags. */
export function wordsIn(text: string): number {
  const words = text
    .replace(/\{\{[^}]*\}\}/g, '')
    .match(/[\p{Letter}\p{Number}][\p{Letter}\p{Number}'’.-]*/gu)
  return words?.length ?? 0
}

function withoutCode(line: string): string {
  return line.replace(/(`+)(?!`)(.*?[^`])\1(?!`)/g, (code) => ' '.repeat(code.length))
}
