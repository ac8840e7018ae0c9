import { DatabaseSync } from 'node:sqlite'
import { parseHeadings } from '../read/headings.ts'
import { plainText } from '../read/plain-text.ts'
import type { Course, Exercise, Lesson } from '../types.ts'

/** A part of a lesson, or an exercise, in which words were found. */
export interface Found {
  readonly kind: 'lesson' | 'exercise'
  /** Of the lesson or exercise. */
  readonly id: string
  readonly title: string
  /**
   * The heading of the part that was found. Empty before the first heading of a lesson, and in an
   * exercise.
   */
  readonly heading: string
  /** The heading's anchor, or empty. */
  readonly anchor: string
  /** Some words around what was found, in order. */
  readonly snippet: readonly { readonly text: string; readonly matches: boolean }[]
}

export interface SearchIndex {
  /**
   * The best places for these words, best first. The last word may be the beginning of one. Where
   * no place has all of the words, those that have some. Never throws for what a person typed.
   */
  search(words: string, limit?: number): Found[]
}

/**
 * What can be searched of a course: the prose of its lessons and the tasks of its exercises, no
 * hints and no solutions. Built once for each course.
 */
export function searchIndex(course: Course): SearchIndex {
  const known = indexes.get(course)
  if (known) return known
  const index = buildIndex(course)
  indexes.set(course, index)
  return index
}

/** A course that was loaded anew is another object, and gets an index of its own. */
const indexes = new WeakMap<Course, SearchIndex>()

function buildIndex(course: Course): SearchIndex {
  const db = new DatabaseSync(':memory:')
  db.exec(
    `CREATE VIRTUAL TABLE parts USING fts5(name, heading, text, title, kind UNINDEXED, id UNINDEXED, anchor UNINDEXED, tokenize = 'porter unicode61')`,
  )
  const insert = db.prepare(
    'INSERT INTO parts (name, heading, text, title, kind, id, anchor) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const lessons = course.sections.flatMap((section) => section.lessons)
  db.exec('BEGIN')
  for (const part of lessons.flatMap((lesson) => [
    ...partsOf(lesson),
    ...lesson.exercises.map(partOf),
  ]))
    insert.run(...part)
  db.exec('COMMIT')
  // A match in the name counts more than one in a heading, and that more than one in the text. A
  // lesson's title helps all its parts to be found, but names only the first.
  const select =
    db.prepare(`SELECT kind, id, title, heading, anchor, snippet(parts, 2, char(1), char(2), '…', 24) AS snippet
    FROM parts WHERE parts MATCH ? ORDER BY bm25(parts, 8, 4, 1, 0.5), rowid LIMIT ?`)
  const find = (query: string, limit: number) =>
    select
      .all(query, limit)
      .map((row) => ({ ...row, snippet: piecesOf(String(row['snippet'])) }) as unknown as Found)
  return {
    search(words, limit = 20) {
      const terms = termsOf(words)
      if (terms.length === 0) return []
      const all = find(terms.join(' AND '), limit)
      return all.length > 0 || terms.length === 1 ? all : find(terms.join(' OR '), limit)
    },
  }
}

type Part = [
  name: string,
  heading: string,
  text: string,
  title: string,
  kind: Found['kind'],
  id: string,
  anchor: string,
]

function partsOf({ id, title, markdown, objectives }: Lesson): Part[] {
  const lines = markdown.split('\n')
  // The first level is the lesson's title.
  const headings = parseHeadings(markdown).filter(({ level }) => level > 1)
  const textOf = (from: number, to = lines.length) => plainText(lines.slice(from, to).join('\n'))
  const opening = [...objectives, textOf(0, headings[0]?.index)].join(' ')
  return [
    [title, '', opening, title, 'lesson', id, ''],
    ...headings.map((heading, at): Part => [
      '',
      heading.text,
      textOf(heading.index + 1, headings[at + 1]?.index),
      title,
      'lesson',
      id,
      heading.id,
    ]),
  ]
}

function partOf({ id, title, task }: Exercise): Part {
  return [title, '', plainText(task), title, 'exercise', id, '']
}

/**
 * Each word in quotes, so that nothing in it is a command to the index. `Max-Age` finds the two
 * words side by side. A control character divides words: the index would take NUL for the end of
 * its query, in the middle of a quoted word. So does half of a surrogate pair.
 */
function termsOf(words: string): string[] {
  const found =
    words
      .slice(0, 200)
      .normalize('NFC')
      .match(/[\p{L}\p{N}]+(?:[^\s\p{L}\p{N}\p{Cc}\p{Cs}"]+[\p{L}\p{N}]+)*/gu) ?? []
  const unfinished = /[\p{L}\p{N}]$/u.test(words)
  return found
    .slice(0, 12)
    .map((word, at) => `"${word}"${unfinished && at === found.length - 1 ? '*' : ''}`)
}

function piecesOf(snippet: string): Found['snippet'] {
  // oxlint-disable-next-line no-control-regex -- two characters that no text has mark what matches
  return snippet
    .split(/\u0001([^\u0002]*)\u0002/)
    .map((text, at) => ({ text, matches: at % 2 === 1 }))
    .filter(({ text }) => text !== '')
}
