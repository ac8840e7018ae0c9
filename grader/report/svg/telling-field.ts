import type { Headers } from '../../types/index.ts'

/** The first field a reader of this course would point at. */
export function telling(headers: Headers): string | undefined {
  const found = fieldsThatTell.flatMap((name) =>
    headers.filter(([key]) => key.toLowerCase() === name),
  )[0]
  return found && `${found[0]}: ${found[1]}`
}

const fieldsThatTell = [
  'set-cookie',
  'location',
  'cookie',
  'if-none-match',
  'if-modified-since',
  'if-match',
  'idempotency-key',
  'etag',
  'last-modified',
  'www-authenticate',
  'authorization',
  'range',
  'content-range',
  'sec-purpose',
  'access-control-allow-origin',
  'origin',
  'allow',
  'retry-after',
  'cache-control',
  'content-encoding',
  'transfer-encoding',
  'content-type',
]

/** The same, as it stands after a message's first line; empty when there is none. */
export function aside(headers: Headers): string {
  const field = telling(headers)
  return field === undefined ? '' : ` · ${field}`
}
