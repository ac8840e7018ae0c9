import { field, fields, text, type Exchange } from '#grader'

/** What GET and HEAD got for one path. */
export interface Pair {
  /** `HEAD /report` */
  readonly name: string
  /** The answer to HEAD, which is judged. */
  readonly exchange: Exchange | null
  readonly get: Exchange | null
  /** What followed the head of the answer to HEAD. */
  readonly content: Uint8Array
  /** The fields of the answer to GET that the answer to HEAD has to have. */
  readonly toMirror: readonly FieldToMirror[]
}

export interface FieldToMirror {
  readonly name: string
  /** Undefined where it may be another one. */
  readonly value: string | undefined
}

type Field = readonly [name: string, value: string]

/** Content-Length has a check of its own; the others are about this message or this moment. */
const NOT_MIRRORED = /^(content-length|date|connection|keep-alive|transfer-encoding|trailer)$/i
/** RFC 9110 §9.3.2 lets HEAD leave out what is known only when the content is there. */
const KNOWN_LATE = new RegExp(`${NOT_MIRRORED.source}|^(etag|last-modified)$`, 'i')

/** Seconds from the first byte of a request until its answer was whole; 0 when it never was. */
export function secondsTaken(exchange: Exchange | null): number {
  if (!exchange?.response?.complete) return 0
  return (exchange.response.endedAt - exchange.startedAt) / 1000
}

/** How many bytes GET sent as content. */
export function lengthOf({ get }: Pair): number {
  const { body, rest } = get?.response ?? {}
  return (body?.length ?? 0) + (rest?.bytes ?? 0)
}

/** The number of lines, whether or not the last one is ended. */
export function linesIn(get: Exchange | null): number {
  return text(get)
    .split(/\r?\n/)
    .filter((line) => line !== '').length
}

/** `next` is what was asked for after HEAD, on the same connection where that was kept. */
export function asPair(
  get: Exchange | null,
  exchange: Exchange | null,
  next: Exchange | null,
  toMirror: readonly FieldToMirror[] = [],
): Pair {
  const path = get?.request.path ?? exchange?.request.path ?? ''
  return { name: `HEAD ${path}`, exchange, get, content: contentAfter(exchange, next), toMirror }
}

/** What comes late was taken for the beginning of the next answer on the connection. */
function contentAfter(head: Exchange | null, next: Exchange | null): Uint8Array {
  const isSame = head !== null && head.connection === next?.connection
  return head?.extra ?? (isSame ? next.garbage : null) ?? new Uint8Array()
}

/** Of /report. A value that is another one in the next answer to GET may be another one for HEAD. */
export function fieldsOfReport(get: Exchange | null, again: Exchange | null): FieldToMirror[] {
  return fieldsOf(get, NOT_MIRRORED, ([name, value]) => fields(again, name).includes(value))
}

/** Of /stream. It was got once, so nobody knows which other values change with the time. */
export function fieldsOfStream(get: Exchange | null): FieldToMirror[] {
  return fieldsOf(get, KNOWN_LATE, ([name]) => name.toLowerCase() === 'content-type')
}

/** The fields of the answer to GET that the answer to HEAD lacks; undefined when it lacks none. */
export function withMissing({ name, exchange, toMirror }: Pair) {
  const missing = toMirror.filter((each) => field(exchange, each.name) === undefined)
  const names = [...new Set(missing.map((each) => each.name))]
  return names.length === 0 ? undefined : { name, exchange, names }
}

export function hasAnotherEtag({ exchange, toMirror }: Pair): boolean {
  const tag = toMirror.find(({ name }) => name.toLowerCase() === 'etag')?.value
  return tag !== undefined && field(exchange, 'ETag') !== tag
}

export function namesAnotherLength(pair: Pair): boolean {
  const named = field(pair.exchange, 'Content-Length')
  return named !== undefined && named !== String(lengthOf(pair))
}

function fieldsOf(
  get: Exchange | null,
  without: RegExp,
  isSteady: (field: Field) => boolean,
): FieldToMirror[] {
  const all = get?.response?.headers ?? []
  return all
    .filter(([name]) => !without.test(name))
    .map((each) => ({ name: each[0], value: isSteady(each) ? each[1] : undefined }))
}
