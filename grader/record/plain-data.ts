/**
 * Where something recorded isn't plain data, in words: `answer is a promise`; undefined when all of
 * it is. Evidence is kept as JSON, so what is more than data would be lost when it is judged again.
 */
export function notPlain(recorded: unknown): string | undefined {
  const seen = new Set<object>()
  const search = (value: unknown, place: string): string | undefined => {
    const kind = kindOf(value)
    if (kind !== undefined) return `${place === '' ? 'it' : place} is ${kind}`
    if (typeof value !== 'object' || value === null) return undefined
    if (ArrayBuffer.isView(value) || seen.has(value)) return undefined
    seen.add(value)
    for (const [key, item] of Object.entries(value)) {
      const found = search(item, place === '' ? key : `${place}.${key}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  return search(recorded, '')
}

function kindOf(value: unknown): string | undefined {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'symbol' || typeof value === 'bigint') return `a ${typeof value}`
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Promise) return 'a promise; await it'
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return undefined
  return `an object of the class ${value.constructor?.name ?? '(without a name)'}`
}
