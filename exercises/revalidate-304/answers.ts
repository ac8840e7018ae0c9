import { field, matching, type Exchange } from '#grader'

/** A request with a condition, by what is special about it. */
export interface Conditional {
  /** `a list with your tag` */
  readonly name: string
  readonly exchange: Exchange | null
}

export const noCache = matching('no-cache, without no-store', (value: string) => {
  const directives = value.split(',').map((each) => each.trim().toLowerCase())
  return directives.includes('no-cache') && !directives.includes('no-store')
})

/** RFC 9110 §8.8.3, in ASCII. */
export const quotedTag = matching('a tag in double quotes', (value: string) =>
  /^(W\/)?"[\x21\x23-\x7e]+"$/.test(value),
)

/** The format that RFC 9110 §5.6.7 has for senders. */
export const httpDate = matching('a date such as Sun, 29 Nov 2026 14:02:03 GMT', isHttpDate)

export function isHttpDate(value: string): boolean {
  const date = new Date(value)
  return !Number.isNaN(date.getTime()) && date.toUTCString() === value
}

/** The same text in the other form: `W/"a"` for `"a"`, `"a"` for `W/"a"`. */
export function inOtherForm(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : `W/${tag}`
}

/** A tag of another text that has this one inside it. */
export function around(tag: string): string {
  return tag.replace(/"(.*)"/, '"x$1y"')
}

/** A date so many seconds away from another; the other one where it isn't a date. */
export function secondsFrom(date: string, seconds: number): string {
  const at = Date.parse(date)
  return Number.isNaN(at) ? date : new Date(at + seconds * 1000).toUTCString()
}

/** What followed the head of an answer, also where it was taken for the next one's beginning. */
export function contentAfter(answer: Exchange | null, next: Exchange | null): Uint8Array {
  const isSame = answer !== null && answer.connection === next?.connection
  return answer?.extra ?? (isSame ? next.garbage : null) ?? new Uint8Array()
}

/** A program closes a connection with these words, or by being of the old version. */
export function isClosing(exchange: Exchange | null): boolean {
  const options = field(exchange, 'Connection') ?? ''
  if (/\bclose\b/i.test(options)) return true
  const isOld = exchange?.response?.startLine.startsWith('HTTP/1.0') === true
  return isOld && !/\bkeep-alive\b/i.test(options)
}

/** How many bytes of content an answer carried. */
export function lengthOf(exchange: Exchange | null): number {
  return exchange?.response?.body.length ?? 0
}

/** A length that a 304 may name: none, or that of the 200 (RFC 9110 §8.6). */
export function lengthLike(whole: Exchange | null) {
  const length = String(lengthOf(whole))
  return matching(`${length}, or left out`, (named: string) => [LEFT_OUT, length].includes(named))
}

export function namedLength(exchange: Exchange | null): string {
  return field(exchange, 'Content-Length') ?? LEFT_OUT
}

const LEFT_OUT = 'left out'
