import { field, json, matching, text, type, type Exchange, type Matcher } from '#grader'

export const JSON_TYPE = type('application/json')

export interface Note {
  readonly id: number | string
  readonly text: string
}

/** A note that was posted, and what came of it. */
export interface Posted {
  /** `the note with emoji` */
  readonly name: string
  readonly sent: string
  /** The answer to POST. */
  readonly exchange: Exchange | null
  /** The answer to GET where Location leads; null when it leads to no place of this server. */
  readonly followed: Exchange | null
}

export const aNote: Matcher<unknown> = matching(
  'an object with an id (number or text) and a text',
  isNote,
)

export function isNote(value: unknown): value is Note {
  const { id, text } = (value ?? {}) as Partial<Note>
  const isId = typeof id === 'number' || (typeof id === 'string' && id !== '')
  return isId && typeof text === 'string'
}

/** The note in an answer; undefined when it isn't one. */
export function noteIn(answer: Exchange | null): Note | undefined {
  const value = json(answer)
  return isNote(value) ? value : undefined
}

/** The notes in an answer; undefined when it isn't a list of notes. */
export function notesIn(answer: Exchange | null): Note[] | undefined {
  const value = json(answer)
  return Array.isArray(value) && value.every(isNote) ? value : undefined
}

/** The id in an answer, as JSON writes it: `7` or `"7"`. */
export function idIn(answer: Exchange | null): string {
  return JSON.stringify(noteIn(answer)?.id) ?? 'none'
}

/** Where `Location` leads from what was asked, as a client reads it; undefined when nowhere. */
export function placeOf(created: Exchange | null, address: string): URL | undefined {
  const location = field(created, 'Location')
  return location === undefined ? undefined : (URL.parse(location, `${address}/notes`) ?? undefined)
}

/** What to ask this server for to find the new note; undefined when it isn't the one to ask. */
export function pathOf(created: Exchange | null, address: string): string | undefined {
  const place = placeOf(created, address)
  return place?.origin === address ? place.pathname + place.search : undefined
}

/** A note's address with another number in it; undefined where it doesn't end with a number. */
export function withAnotherNumber(path: string | undefined, further: number): string | undefined {
  const [, before, number] = /^(.*[/=])(\d+)$/.exec(path ?? '') ?? []
  return number === undefined ? undefined : `${before}${BigInt(number) + BigInt(further)}`
}

/** The text of the note in an answer; all of its content, where that isn't a note. */
export function textIn(answer: Exchange | null): string {
  return noteIn(answer)?.text ?? text(answer)
}

/** A text in a sentence: `"one two thr…"`. */
export function quoted(value: string): string {
  const characters = [...value]
  return JSON.stringify(characters.length > 30 ? `${characters.slice(0, 30).join('')}…` : value)
}
