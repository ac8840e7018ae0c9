import { editDistance } from '../../../course/find.ts'
import type { Exchange, Exhibit, Headers } from '../../types/index.ts'
import { messageExhibit } from './exhibits.ts'

/** Of short names every one is near another. */
const SHORTEST = 6
const MOST_DIFFERENCES = 2

/**
 * A field that was likely meant to have this name: `ContentType` for `Content-Type`. Undefined when
 * none is.
 */
export function nearField(list: Headers, name: string): string | undefined {
  if (name.length < SHORTEST) return undefined
  return list
    .map(([key]) => key)
    .find(
      (key) =>
        key.toLowerCase() !== name.toLowerCase() &&
        editDistance(letters(key), letters(name)) <= MOST_DIFFERENCES,
    )
}

/** The line of that field in a response, with its name marked. */
export function fieldNameExhibit(exchange: Exchange, name: string): Exhibit {
  const exhibit = messageExhibit(exchange, 'response', { field: name })
  return { ...exhibit, lines: exhibit.lines.map(({ text }) => ({ text, mark: [0, name.length] })) }
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
