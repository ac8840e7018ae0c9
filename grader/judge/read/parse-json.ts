import { isTooDeep } from '../../types/nesting.ts'

/** JSON that a program wrote; undefined when it is none, or has more than 100 levels. */
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
