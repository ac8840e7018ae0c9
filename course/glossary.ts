import { scanFences } from './read/fences.ts'
import { parseHeadings } from './read/headings.ts'
import type { Course, Lesson } from './types.ts'

/** A term that a lesson defines by setting it in bold. */
export interface Term {
  /** As it stands in the lesson. */
  readonly term: string
  /** Its anchor in a list of terms: `session-cookie`. */
  readonly id: string
  /** The sentence that defines it, as markdown. */
  readonly sentence: string
  /** Where it is defined; the first place is the sentence's. */
  readonly places: readonly Place[]
}

export interface Place {
  readonly lesson: Lesson
  /** The heading above it, or empty. */
  readonly anchor: string
}

/**
 * The terms of a course, in alphabetical order. Bold text of more than five words, or with a full
 * stop, is emphasis and no term.
 */
export function glossaryOf(course: Course): Term[] {
  const terms = new Map<string, Term>()
  for (const lesson of course.sections.flatMap((section) => section.lessons)) {
    for (const { text, anchor } of blocksOf(lesson.markdown)) {
      for (const match of text.matchAll(/\*\*(?=\S)([^*]+?)(?<=\S)\*\*/g))
        addTerm(terms, match[1]!, sentenceAt(text, match.index), { lesson, anchor })
    }
  }
  return [...terms.values()].toSorted((a, b) =>
    a.term.localeCompare(b.term, 'en', { sensitivity: 'base' }),
  )
}

function addTerm(terms: Map<string, Term>, term: string, sentence: string, place: Place): void {
  if (!/^[\p{L}\p{N}`]/u.test(term) || /[.:;!?]$/.test(term) || term.split(/\s+/).length > 5) return
  const key = term.toLowerCase()
  const known = terms.get(key)
  if (!known)
    terms.set(key, {
      term,
      id: key.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, ''),
      sentence,
      places: [place],
    })
  else if (!known.places.some(({ lesson }) => lesson === place.lesson))
    terms.set(key, { ...known, places: [...known.places, place] })
}

/**
 * The paragraphs and list items of a lesson, each with the heading it stands under. Tables and
 * fenced blocks define nothing.
 */
function blocksOf(markdown: string): { text: string; anchor: string }[] {
  // The first level is the lesson's title, which is where the lesson begins.
  const anchors = new Map(
    parseHeadings(markdown).map(({ index, id, level }) => [index, level > 1 ? id : '']),
  )
  const blocks: { text: string; anchor: string }[] = []
  let anchor = ''
  let open = false
  for (const { text: line, index, fenced } of scanFences(markdown).lines) {
    const text = line.replace(/^\s*(>\s?)*(\[![A-Z]+\])?/, '')
    const item = /^\s*([-*+]|\d+[.)])\s+/.exec(text)
    anchor = anchors.get(index) ?? anchor
    if (fenced || anchors.has(index) || text.trim() === '' || text.startsWith('|')) open = false
    else if (open && !item) blocks.at(-1)!.text += ` ${text.trim()}`
    else {
      blocks.push({ text: text.slice(item?.[0].length ?? 0).trim(), anchor })
      open = true
    }
  }
  return blocks
}

/** The sentence around a position: from the full stop before it to its own. */
function sentenceAt(text: string, position: number): string {
  const ends = [...text.matchAll(/[.!?]["”’')]*(?:\s*\{\{[^{}]*\}\})*\s+(?=[\p{Lu}`*“"(])/gu)].map(
    (match) => match.index + match[0].length,
  )
  const start = ends.findLast((end) => end <= position) ?? 0
  const sentence = text
    .slice(
      start,
      ends.find((end) => end > position),
    )
    .trim()
  // A remark in parentheses that holds several sentences is cut between them.
  if (sentence.startsWith('(') && !sentence.includes(')')) return sentence.slice(1)
  return sentence.endsWith(')') && !sentence.includes('(') ? sentence.slice(0, -1) : sentence
}
