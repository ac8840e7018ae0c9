import { field, isAnswered, present, status, type Exchange } from '#grader'

/** A request for a part of the song, and what came for it. */
export interface Part {
  /** `bytes=0-99` */
  readonly name: string
  readonly exchange: Exchange
  /** `bytes 0-99/4321` */
  readonly contentRange: string
  /** `bytes 0 to 99` */
  readonly wanted: string
  /** What came, in the same words: `bytes 0 to 98`. */
  readonly came: string
  /** How many bytes were to come. */
  readonly length: number
}

/** A request whose Range is out of the ordinary, and what came for it, in words. */
export interface Odd {
  readonly name: string
  readonly exchange: Exchange
  /** `200 with the whole file`, `416`, `206 with bytes 0 to 1` */
  readonly came: string
  /** Whether it is a 206 whose Content-Range fits the bytes that came with it. */
  readonly isTrue: boolean
}

export function asPart(
  name: string,
  exchange: Exchange | null,
  [first, last]: readonly [number, number],
  song: Uint8Array,
): Part {
  const expected = song.subarray(first, last + 1)
  const isExact = Buffer.compare(contentOf(exchange), expected) === 0
  const wanted = inWords(first, expected.length, song.length)
  return {
    name,
    exchange: present(exchange, `GET /song.wav with Range: ${name}`),
    contentRange: `bytes ${first}-${last}/${song.length}`,
    wanted,
    came: isExact ? wanted : placeInSong(contentOf(exchange), song),
    length: expected.length,
  }
}

export function asOdd(name: string, exchange: Exchange | null, song: Uint8Array): Odd {
  const content = contentOf(exchange)
  const code = status(exchange)
  const isPart = isAnswered(exchange) && code === 206
  const came =
    code === 200 || code === 206 ? `${code} with ${placeInSong(content, song)}` : `${code ?? '-'}`
  return {
    name,
    exchange: present(exchange, `GET /song.wav with Range: ${name}`),
    came,
    isTrue: isPart && isTruePart(exchange, content, song),
  }
}

/** What a client has in the end that had the beginning and asked for the rest. */
export function asRest(
  name: string,
  exchange: Exchange | null,
  kept: Uint8Array,
  song: Uint8Array,
  before?: Uint8Array,
) {
  const asked = `GET /song.wav with If-Range (${name})`
  return { name, exchange: present(exchange, asked), file: joined(kept, exchange, song, before) }
}

function joined(
  kept: Uint8Array,
  rest: Exchange | null,
  song: Uint8Array,
  before: Uint8Array = song,
): string {
  const content = contentOf(rest)
  const all = status(rest) === 206 ? Buffer.concat([kept, content]) : content
  if (Buffer.compare(all, song) === 0) return 'the whole file'
  if (Buffer.compare(all, before) === 0) return 'the whole file as it was before'
  const isMixed =
    all.length === song.length &&
    Buffer.compare(all.subarray(0, kept.length), before.subarray(0, kept.length)) === 0 &&
    Buffer.compare(all.subarray(kept.length), song.subarray(kept.length)) === 0
  return isMixed ? 'the beginning of one file and the end of another' : `${all.length} other bytes`
}

export function contentOf(exchange: Exchange | null): Uint8Array {
  return exchange?.response?.body ?? new Uint8Array()
}

/** Which bytes of the song these are: `bytes 0 to 99`, `the whole file`, `no bytes`. */
export function placeInSong(content: Uint8Array, song: Uint8Array): string {
  if (content.length === 0) return 'no bytes'
  const at = Buffer.from(song).indexOf(content)
  return at === -1
    ? `${content.length} bytes that aren't in the file in this order`
    : inWords(at, content.length, song.length)
}

function inWords(first: number, length: number, size: number): string {
  if (length === size) return 'the whole file'
  return length === 1 ? `byte ${first}` : `bytes ${first} to ${first + length - 1}`
}

/** RFC 9110 §15.3.7 lets a server send less than was asked for, as long as it says what it sends. */
function isTruePart(exchange: Exchange | null, content: Uint8Array, song: Uint8Array): boolean {
  const [, boundary] =
    /^multipart\/byteranges *;.*boundary="?([^";]+)/i.exec(field(exchange, 'Content-Type') ?? '') ??
    []
  if (boundary === undefined)
    return isAt(field(exchange, 'Content-Range'), Buffer.from(content), song)
  const parts = Buffer.from(content).toString('latin1').split(`--${boundary}`).slice(1, -1)
  return (
    parts.length > 0 &&
    parts.every((part) => {
      const end = part.indexOf('\r\n\r\n')
      const [, range] = /^content-range: *(.*)$/im.exec(part.slice(0, end)) ?? []
      return isAt(range, Buffer.from(part.slice(end + 4, -2), 'latin1'), song)
    })
  )
}

/** Whether these are the bytes of the song that the field names. */
function isAt(contentRange: string | undefined, content: Uint8Array, song: Uint8Array): boolean {
  const [, from, to, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)\s*$/.exec(contentRange ?? '') ?? []
  if (from === undefined || (size !== '*' && Number(size) !== song.length)) return false
  return Buffer.compare(content, song.subarray(Number(from), Number(to) + 1)) === 0
}
