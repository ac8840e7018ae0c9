import { json, text, type Exchange, type OutputLine } from '#grader'

/** A request whose action failed before the head, and what became of it. */
export interface Failure {
  readonly name: string
  readonly exchange: Exchange | null
  /** What its content names as `instance`. */
  readonly instance: string | undefined
  /** What its answer tells of the inside. */
  readonly secrets: string
  readonly trace: Trace
}

/** Where the id of a failure was found, seen from the stack of its error. */
export type Trace =
  | 'on stderr, next to the stack of its error'
  | 'on stderr, but the stack of its error is not next to it'
  | 'on stdout'
  | 'neither on stderr nor on stdout'

/** `500`; in words where there is none, because how long one is waited for differs. */
export function statusOf(exchange: Exchange | null): string {
  return String(exchange?.response?.status ?? 'no answer')
}

/** Whether nothing came while an answer was waited for. */
export function isSilent(exchange: Exchange | null): boolean {
  return exchange !== null && !exchange.response && !exchange.garbage && exchange.cut === null
}

/** The `instance` of a problem; undefined where that isn't a text. */
export function instanceIn(exchange: Exchange | null): string | undefined {
  const problem = json(exchange)
  if (typeof problem !== 'object' || problem === null || !('instance' in problem)) return undefined
  const { instance } = problem
  return typeof instance === 'string' ? instance : undefined
}

/** What an answer says that only the server's people should read. */
export function secretsIn(password: string, exchange: Exchange | null): string {
  const said = text(exchange)
  const all = `${exchange?.response?.head ?? ''}\n${said}`
  if (/actions\.ts|\bat .{1,200}:\d+:\d+/.test(all)) return 'its stack'
  return all.includes(password) ? 'its message' : 'nothing'
}

/**
 * An id belongs to the stack that is nearest: between them nothing may be of another request. A log
 * may have both in one line, as JSON.
 */
export function traceIn(
  output: readonly OutputLine[],
  instance: string | undefined,
  order: string,
): Trace {
  if (!instance) return 'neither on stderr nor on stdout'
  const linesOf = (stream: string) =>
    output.filter((line) => line.stream === stream).map((line) => line.text)
  const errors = linesOf('stderr')
  // A log may leave out what makes the id a URI: `urn:uuid:`, or the path before it.
  const [part = ''] = /[^/:#?=]*$/.exec(instance) ?? []
  const id = part.length >= 8 ? part : instance
  const ids = indexesOf(errors, id)
  const stacks = indexesOf(errors, `Order ${order} failed`).filter((at) =>
    /actions\.ts/.test(errors.slice(at, at + LONGEST_STACK).join('\n')),
  )
  if (ids.some((at) => stacks.some((stack) => areNeighbours(errors, at, stack, order))))
    return 'on stderr, next to the stack of its error'
  if (ids.length > 0) return 'on stderr, but the stack of its error is not next to it'
  return indexesOf(linesOf('stdout'), id).length > 0
    ? 'on stdout'
    : 'neither on stderr nor on stdout'
}

const LONGEST_STACK = 20

function indexesOf(lines: readonly string[], part: string): number[] {
  return lines.flatMap((line, index) => (line.includes(part) ? [index] : []))
}

function areNeighbours(lines: readonly string[], id: number, stack: number, order: string) {
  return lines
    .slice(Math.min(id, stack), Math.max(id, stack) + 1)
    .every((line) => (/Order (\w+) failed/.exec(line)?.[1] ?? order) === order)
}

/** What a client has of an answer that failed after its head. */
export function lateOutcome(exchange: Exchange | null): string {
  if (!exchange?.response) return 'no answer'
  if (exchange.response.complete) return 'a whole answer'
  return exchange.cut === null ? 'a part, and a wait for more' : BROKEN_OFF
}

export const BROKEN_OFF = 'a part, and then the connection broke off'

/** Whether a Retry-After is a number of seconds or a date (RFC 9110 §10.2.3). */
export function isDelayOrDate(value: string): boolean {
  return /^\d+$/.test(value) || (/[A-Z][a-z]{2}.*GMT$/.test(value) && !isNaN(Date.parse(value)))
}
