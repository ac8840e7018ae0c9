import { scanFences } from './fences.ts'
import type { Heading } from '../types.ts'

export interface PlacedHeading extends Heading {
  /** From 0, within the markdown. */
  readonly index: number
  /** The author wrote the anchor: `{#how-long}`. */
  readonly explicit: boolean
}

/** The `#` headings of a lesson, in order, with their anchors. Fenced code is left out. */
export function parseHeadings(markdown: string): PlacedHeading[] {
  const anchors = createAnchors()
  const headings: PlacedHeading[] = []
  for (const line of scanFences(markdown).lines) {
    const match = line.fenced
      ? null
      : /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line.text)
    if (!match?.[2]) continue
    headings.push({ ...anchors(match[2]), level: match[1]!.length, index: line.index })
  }
  return headings
}

/**
 * Gives each heading of one document its anchor. Call it once per document, then once per heading,
 * in order: a repeated slug gets `-1`, `-2`. Takes the heading's markdown; a renderer that uses it
 * agrees with `parseHeadings` by construction.
 */
export function createAnchors(): (source: string) => {
  readonly id: string
  readonly text: string
  readonly explicit: boolean
} {
  const taken = new Map<string, number>()
  return (source) => {
    const { text: visible, anchor } = splitAnchor(source)
    const text = plainText(visible)
    if (anchor !== undefined) {
      taken.set(anchor, 0)
      return { id: anchor, text, explicit: true }
    }
    const slug = slugOf(text)
    let id = slug
    while (taken.has(id)) {
      const count = taken.get(slug)! + 1
      taken.set(slug, count)
      id = `${slug}-${count}`
    }
    taken.set(id, 0)
    return { id, text, explicit: false }
  }
}

/** Takes `{#how-long}` off the end of a heading. */
export function splitAnchor(source: string): { readonly text: string; readonly anchor?: string } {
  const match = /^(.*?)[ \t]*\{#([^{}\s]+)\}[ \t]*$/.exec(source)
  return match ? { text: match[1]!, anchor: match[2]! } : { text: source.trim() }
}

/** The words of a heading, without the marks of inline markdown. */
function plainText(source: string): string {
  return source
    .split(/(`+)(?!`)(.*?[^`])\1(?!`)/)
    .map((part, index) =>
      index % 3 === 2 ? part.replace(/^ (.*) $/, '$1') : index % 3 === 1 ? '' : withoutMarks(part),
    )
    .join('')
    .trim()
}

function withoutMarks(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w*])(__|[*_])(?=\S)(.+?)(?<=\S)\1(?![\w*])/g, '$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
}

/** GitHub's rule: lower case, punctuation gone, every space a hyphen. */
function slugOf(text: string): string {
  const punctuation = /[^\p{Alphabetic}\p{Mark}\p{Decimal_Number}\p{Connector_Punctuation} -]/gu
  return text.toLowerCase().replace(punctuation, '').replace(/ /g, '-')
}
