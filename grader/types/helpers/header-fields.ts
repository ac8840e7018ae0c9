import type { Headers } from '../recorded.ts'

/**
 * The value of the first field of that name (names have no case, RFC 9110 §5.1); undefined when
 * there is none.
 */
export function header(list: Headers, name: string): string | undefined {
  return headers(list, name)[0]
}

/** The values of all fields of that name, in the order they crossed the wire. */
export function headers(list: Headers, name: string): string[] {
  const wanted = name.toLowerCase()
  return list.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value)
}
