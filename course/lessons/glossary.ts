import { scanFences } from '../read/fences.ts'
import { parseHeadings } from '../read/headings.ts'
import type { Course, Lesson } from '../types.ts'

/** A term that a lesson sets in bold, and whose meaning its front matter gives. */
export interface Term {
  /** As it stands in the lesson. */
  readonly term: string
  /** Its anchor in a list of terms: `session-cookie`. */
  readonly id: string
  /** What it means, as markdown. */
  readonly meaning: string
  /** Where it is explained; the meaning is the first place's. */
  readonly places: readonly Place[]
}

export interface Place {
  readonly lesson: Lesson
  /** The heading above it, or empty. */
  readonly anchor: string
}

/** The terms of a course, in alphabetical order. */
export function glossaryOf(course: Course): Term[] {
  const terms = new Map<string, Term>()
  for (const lesson of course.sections.flatMap((section) => section.lessons)) {
    const meanings = new Map(
      Object.entries(lesson.terms).map(([term, meaning]) => [termKey(term), meaning]),
    )
    for (const { term, anchor } of boldTerms(lesson.markdown)) {
      const meaning = meanings.get(termKey(term))
      if (meaning !== undefined) addTerm(terms, term, meaning, { lesson, anchor })
    }
  }
  return [...terms.values()].toSorted((a, b) =>
    a.term.localeCompare(b.term, 'en', { sensitivity: 'base' }),
  )
}

/** What two spellings of one term have in common. */
export function termKey(term: string): string {
  return term.replaceAll('`', '').replace(/\s+/g, ' ').trim().toLowerCase()
}

export interface BoldTerm {
  readonly term: string
  /** The heading above it, or empty. */
  readonly anchor: string
  /** Index of its line within the markdown, from 0. */
  readonly index: number
}

/**
 * The words that a lesson sets in bold, in order. More than five words, or words with a full stop,
 * are emphasis and no term; tables and fenced blocks explain nothing.
 */
export function boldTerms(markdown: string): BoldTerm[] {
  return blocksOf(markdown).flatMap(({ text, anchor, index }) =>
    [...text.matchAll(/\*\*(?=\S)([^*]+?)(?<=\S)\*\*/g)]
      .map((match) => ({
        term: match[1]!.replace(/\s+/g, ' '),
        anchor,
        index: index + text.slice(0, match.index).split('\n').length - 1,
      }))
      .filter(({ term }) => isTerm(term)),
  )
}

function isTerm(text: string): boolean {
  return /^[\p{L}\p{N}`_]/u.test(text) && !/[.:;!?]$/.test(text) && text.split(/\s+/).length <= 5
}

function addTerm(terms: Map<string, Term>, term: string, meaning: string, place: Place): void {
  const key = termKey(term)
  const known = terms.get(key)
  if (!known)
    terms.set(key, {
      term,
      id: key.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, ''),
      meaning,
      places: [place],
    })
  else if (!known.places.some(({ lesson }) => lesson === place.lesson))
    terms.set(key, { ...known, places: [...known.places, place] })
}

/** The paragraphs and list items of a lesson, each with the heading it stands under. */
function blocksOf(markdown: string): { text: string; anchor: string; index: number }[] {
  // The first level is the lesson's title, which is where the lesson begins.
  const anchors = new Map(
    parseHeadings(markdown).map(({ index, id, level }) => [index, level > 1 ? id : '']),
  )
  const blocks: { text: string; anchor: string; index: number }[] = []
  let anchor = ''
  let open = false
  for (const { text: line, index, fenced } of scanFences(markdown).lines) {
    const text = line.replace(/^\s*(>\s?)*(\[![A-Z]+\])?/, '')
    const item = /^\s*([-*+]|\d+[.)])\s+/.exec(text)
    anchor = anchors.get(index) ?? anchor
    if (fenced || anchors.has(index) || text.trim() === '' || text.startsWith('|')) open = false
    else if (open && !item) blocks.at(-1)!.text += `\n${text.trim()}`
    else {
      blocks.push({ text: text.slice(item?.[0].length ?? 0).trim(), anchor, index })
      open = true
    }
  }
  return blocks
}
