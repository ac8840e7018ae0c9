import { isTooDeep } from '../../types/helpers/nesting.ts'

/**
 * The value of a JSON text. Undefined when the text isn't JSON, or has more than 100 lists or objects
 * within one another.
 */
export function parseJson(text: string): unknown {
  const value = parsed(text)
  return isTooDeep(value) ? undefined : value
}

/** Whether it is JSON of more levels than are read. */
export function isJsonTooDeep(text: string): boolean {
  return isTooDeep(parsed(text))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
