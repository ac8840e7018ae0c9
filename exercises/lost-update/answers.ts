import { field, hasStatus, matching, status, text, type Exchange } from '#grader'

type Subject = Exchange | null

/** A PUT, and what GET gave for the same address before and after it. */
export interface Put {
  /** What is special about it: `no precondition`. */
  readonly name: string
  readonly content: string
  readonly before: Subject
  readonly exchange: Subject
  readonly after: Subject
}

/** A text and the tag that an answer gives for it. */
export interface Read {
  readonly name: string
  readonly exchange: Subject
  readonly tag: string | undefined
  readonly content: string
}

export const isSaved = hasStatus(200, 201, 204)

/** What a PUT gets that replaces a text. */
export const saved = matching('204 or 200', (got: number) => got === 204 || got === 200)

/** What a PUT gets whose If-Match nobody can read. */
export const refused = matching('400 or 412', (got: number) => got === 400 || got === 412)

/** RFC 9110 §8.8.3. */
export const strongTag = matching('a strong tag, in quotes', isStrong)

export function isStrong(value: string): boolean {
  return /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(value)
}

/** The text that GET found, or the status that it got in its place. */
export function found(get: Subject): string {
  return hasStatus(200)(get) ? text(get) : `status ${status(get) ?? '(no answer)'}`
}

/** Whether a PUT was stored, whatever it was answered. */
export function isStored({ content, before, after }: Put): boolean {
  return found(after) === content && found(before) !== content
}

export function asRead(name: string, exchange: Subject): Read {
  return { name, exchange, tag: field(exchange, 'ETag'), content: text(exchange) }
}

/** Whether a PUT was stored where there was no text. */
export function isCreated(put: Put): boolean {
  return isStored(put) && hasStatus(404)(put.before)
}

/** What a PUT has stored, with the tag in its answer. */
export function asWritten(exchange: Subject): Read {
  return {
    name: 'PUT',
    exchange,
    tag: field(exchange, 'ETag'),
    content: contentOf(exchange),
  }
}

/** The first text that had the tag of another, different one. */
export function firstWithSharedTag(reads: readonly Read[]) {
  for (const [index, read] of reads.entries()) {
    const other = reads
      .slice(0, index)
      .find(({ tag, content }) => tag === read.tag && content !== read.content)
    if (other && read.tag) return { ...read, tag: read.tag, other: other.content }
  }
  return undefined
}

/** Of PUTs that came at once: what was answered to them, and what is stored in the end. */
export function raceOf(puts: readonly Subject[], after: Subject) {
  const winners = puts.filter((put) => isSaved(put))
  const losers = puts.filter((put) => !isSaved(put))
  return {
    winners: winners.length,
    /** An example of them. */
    winner: winners[0] ?? puts[0] ?? null,
    losers: losers.map((exchange, index) => ({ name: `refused save ${index + 1}`, exchange })),
    won: winners.map(contentOf),
    stored: found(after),
    after,
  }
}

export function contentOf(put: Subject): string {
  return Buffer.from(put?.request.body ?? []).toString()
}
