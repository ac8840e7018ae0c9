/**
 * Values within one another, at most: no task asks for more, nobody reads more in a report, and
 * what takes them one by one would run out of stack. JSON lets readers set such a limit (RFC 8259
 * §9).
 */
export const MOST_LEVELS = 100

/** Whether a value has more levels than that, be it because it leads back to itself. */
export function isTooDeep(value: unknown): boolean {
  let level: readonly object[] = [value].filter(isObject)
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === MOST_LEVELS) return true
    level = [...new Set(level.flatMap((each) => Object.values(each).filter(isObject)))]
  }
  return false
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
}
