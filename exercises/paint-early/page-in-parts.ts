import { matching, table, text, type Exchange, type Exhibit, type RawRecord } from '#grader'

/** What Chromium's page looked like: document.readyState, and the ids of paragraphs with a text. */
export interface Look {
  readonly state: string
  readonly ids: readonly string[]
}

/** A look in words: `#shell with a text, document loading`. */
export function described(seen: unknown): string {
  const { ids = [], state = 'missing' } = (seen ?? {}) as Partial<Look>
  return `${ids.includes('shell') ? '' : 'no '}#shell with a text, document ${state}`
}

/** What a reader has received of an answer. */
export interface Received {
  readonly bytes: Uint8Array
  readonly hasHead: boolean
  readonly hasContent: boolean
  /** The page, as far as it has come. */
  readonly content: string
  /** `Content-Length: 180`; undefined when the head declares none. */
  readonly length: string | undefined
  /** Seconds from the request to the first byte; undefined when none came. */
  readonly firstByteAfter: number | undefined
}

export function asReceived({ bytes, openedAt, chunks }: RawRecord): Received {
  const received = asText({ bytes })
  const [head = '', ...rest] = withoutInterim(received).split('\r\n\r\n')
  const [first] = chunks
  return {
    bytes,
    hasHead: rest.length > 0,
    hasContent: hasContent(received),
    content: contentOf(received).trim(),
    length: /\r\n(content-length: *\d+)/i.exec(head)?.[1],
    firstByteAfter: first && (first.at - openedAt) / 1000,
  }
}

/** One character for each byte. */
export function asText({ bytes }: Pick<RawRecord, 'bytes'>): string {
  return Buffer.from(bytes).toString('latin1')
}

/** At least one byte after the head, and more than the size of a chunk. */
export function hasContent(received: string): boolean {
  return contentOf(received) !== ''
}

/** What comes after the head, without the size of the first chunk. */
function contentOf(received: string): string {
  const [head = '', ...rest] = withoutInterim(received).split('\r\n\r\n')
  const content = rest.join('\r\n\r\n')
  return /transfer-encoding: *chunked/i.test(head)
    ? content.replace(/^[\da-f]*(;[^\r]*)?(\r\n?)?/i, '')
    : content
}

/** Without what announces the answer (103 Early Hints). */
function withoutInterim(received: string): string {
  return received.replace(/^(HTTP\/1\.1 1\d\d [^]*?\r\n\r\n)+/, '')
}

/** Whether a page has a #shell with a text. */
export function hasShell(content: string): boolean {
  return /\bid\s*=\s*["']?shell\b["']?[^>]*>\s*[^<\s]/i.test(content)
}

/** Whether a page shows a result, with or without tags in it. */
export function shows(content: string, result: string | null): boolean {
  const words = content.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ')
  return result !== null && words.includes(result)
}

/** The results that a page shows. None is the beginning of another. */
export function resultsIn(content: string, results: readonly string[]): string[] {
  return results.filter((result) => shows(content, result))
}

/** `GET /`: the requests whose answers have such content. */
export function carriersOf(
  exchanges: readonly Exchange[],
  isCarried: (content: string) => boolean,
): string[] {
  return exchanges
    .filter((exchange) => isCarried(text(exchange)))
    .map(({ request }) => `${request.method} ${request.target}`)
}

/** How an answer ended: `complete`. */
export function ending({ response, cut }: Exchange): string {
  if (response?.complete) return 'complete'
  if (cut === null) return 'without an end'
  return `cut off after ${response?.body.length ?? 0} bytes`
}

/** Whether an answer was still open when it was given up. */
export function isLeftOpen({ response, cut }: Exchange): boolean {
  return response?.complete === false && cut === null
}

/** Whether an answer was complete before the slow service answered. */
export function endedBefore({ response }: Exchange, query: Exchange | null): boolean {
  const answeredAt = query?.response?.startedAt ?? Infinity
  return response?.complete === true && response.endedAt < answeredAt
}

/** `GET /, GET /data` */
export function oneLine(requests: readonly string[]): string {
  return requests.join(', ') || 'no response'
}

/** `one query`, `3 queries` */
export function counted({ length }: readonly Exchange[]): string {
  return length === 1 ? 'one query' : `${length} queries`
}

export const aText = matching(
  'a text in #error',
  (seen: unknown) => typeof seen === 'string' && seen.trim() !== '',
)

export function textWith(result: string | null) {
  const what = result ?? 'the result of the query'
  return matching(`a text with ${what} in it`, (seen: unknown) => shows(String(seen), result))
}

export function noneVisible(selector: string) {
  return matching(`null: no text in a visible ${selector}`, (seen: unknown) => seen === null)
}

/** The results of queries that were made for this visitor, and no others. */
export function onlyOf(own: readonly string[]) {
  return matching(
    'the result of a query made then',
    (got: readonly string[]) => got.length > 0 && got.length === own.length,
  )
}

/** Seconds, as Chromium noted them: shown, never judged. */
export function paintTable(paint: unknown, end: unknown): Exhibit {
  const inSeconds = (ms: unknown) => (typeof ms === 'number' ? (ms / 1000).toFixed(2) : 'not yet')
  return table(
    'What Chromium noted, in seconds after the navigation began',
    ['first paint with content', 'last byte of the response'],
    [[inSeconds(paint), inSeconds(end)]],
  )
}
