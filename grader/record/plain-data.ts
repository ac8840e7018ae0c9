import { inspect } from 'node:util'
import { MOST_LEVELS } from '../types/helpers/nesting.ts'

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

/** More is nothing that a task asks for, and nobody reads it in a report. */
const MOST_VALUES = 100_000

/**
 * What evidence can keep of a value that a program gave: plain data and bytes. A part that is
 * neither is kept as it would be printed, and so is all of a value that leads back to itself, or has
 * no end that one could read.
 */
export function asPlain(value: unknown): unknown {
  let count = 0
  const convert = (part: unknown, within: readonly object[]): unknown => {
    if (++count > MOST_VALUES || within.length > MOST_LEVELS) throw TOO_MUCH
    if (typeof part !== 'object' || part === null)
      return typeof part === 'bigint' ? `${part}n` : part
    if (part instanceof Uint8Array) return part
    if (part instanceof ArrayBuffer) return new Uint8Array(part)
    if (within.includes(part)) throw TOO_MUCH
    const inner = [...within, part]
    if (Array.isArray(part)) return Array.from(part, (item) => convert(item, inner))
    if (Object.getPrototypeOf(part) !== Object.prototype) return inspect(part)
    return Object.fromEntries(
      Object.entries(part).map(([key, item]) => [key, convert(item, inner)]),
    )
  }
  try {
    return convert(value, [])
  } catch (error) {
    if (error === TOO_MUCH) return inspect(value)
    throw error
  }
}

const TOO_MUCH = Symbol('too much')
