import type { Headers, Response } from '../../../grader/types/index.ts'

/** In what the answer to HEAD differs from the head that GET got. */
export type Difference = keyof typeof differences

/** The choices of a reader: how does HEAD's answer differ? */
export const differences = {
  none: 'not at all',
  length: 'only in Content-Length',
  fields: 'in several fields',
  status: 'in its status',
} as const

/** One line of both heads. `null`: the head has no such line. */
export interface ComparedLine {
  readonly name: string
  readonly get: string | null
  readonly head: string | null
}

export interface Comparison {
  readonly difference: Difference
  /** The status first, then the fields: GET's in their order, then what only HEAD got. */
  readonly lines: readonly ComparedLine[]
}

/** They are about one moment or one connection, not about what is at the address. */
const LEFT_OUT = ['date', 'connection', 'keep-alive', 'transfer-encoding']

/** Compares the answers to GET and to HEAD (RFC 9110, 9.3.2). */
export function compareHeads(get: Response, head: Response): Comparison {
  const names = new Map(
    [...get.headers, ...head.headers].map(([name]) => [name.toLowerCase(), name]),
  )
  for (const key of LEFT_OUT) names.delete(key)
  const fields = [...names].map(([key, name]) => ({
    name,
    get: valueOf(get.headers, key),
    head: valueOf(head.headers, key),
  }))
  const status = { name: 'Status', get: statusOf(get), head: statusOf(head) }
  return { difference: differenceOf(status, fields), lines: [status, ...fields] }
}

export function isDifferent({ get, head }: ComparedLine): boolean {
  return get !== head
}

function differenceOf(status: ComparedLine, fields: readonly ComparedLine[]): Difference {
  if (isDifferent(status)) return 'status'
  const different = fields.filter(isDifferent).map(({ name }) => name.toLowerCase())
  if (different.length === 0) return 'none'
  return different.join() === 'content-length' ? 'length' : 'fields'
}

/** The values of a field as one list; null for a field that wasn't sent. */
function valueOf(headers: Headers, key: string): string | null {
  const values = headers.filter(([name]) => name.toLowerCase() === key).map(([, value]) => value)
  return values.length === 0 ? null : values.join(', ')
}

function statusOf({ status, reason }: Response): string {
  return `${status} ${reason}`
}
