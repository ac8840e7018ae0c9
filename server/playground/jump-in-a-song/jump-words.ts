import type { PlayedSong, Delivery } from './song-server.ts'
import { byteAt, secondAt, song } from './song.ts'

/** A jump within the song, as the page saw it. Times are seconds of the song. */
export interface Jump {
  readonly wanted: number
  /** Where the player was once it had jumped; null while it still waits. */
  readonly landed: number | null
  /** How many requests had been made before. */
  readonly known: number
  /** Whether the byte at the wanted second had been sent before. */
  readonly had: boolean
}

/** Reads a jump that a page sent; undefined when it isn't one. */
export function readJump(sent: unknown): Jump | undefined {
  const { wanted, landed, known, had } = (sent ?? {}) as Record<string, unknown>
  if (!isSecond(wanted) || (landed !== null && !isSecond(landed))) return undefined
  if (!Number.isInteger(known) || (known as number) < 0 || typeof had !== 'boolean')
    return undefined
  return { wanted, landed, known: known as number, had }
}

function isSecond(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= song.seconds + 1
}

/** What came of a jump, and why, in two or three sentences. */
export function jumpWords(jump: Jump, { ranges, deliveries }: PlayedSong): string {
  const asked = deliveries.slice(jump.known).findLast((each) => isFor(each, jump))
  if (jump.landed === null) return stillWaits(jump, asked)
  const { wanted, landed } = jump
  const isThere = Math.abs(landed - wanted) <= NEAR_SECONDS
  if (asked) return ranges ? afterRequest(jump, asked, deliveries, isThere) : ignored(jump, asked)
  if (!isThere) return ranges ? elsewhere(jump) : withoutRanges({ ...jump, landed })
  return jump.had
    ? `Your browser asked for nothing, because the bytes for ${clock(wanted)} had been sent already.`
    : `Your browser asked for nothing. The answer under way was about to bring the bytes for ${clock(wanted)}, so it waited for them.`
}

/**
 * Whether a request may have been made for this jump. What a jump just before it asked for may come
 * later than this one began.
 */
function isFor({ first }: Delivery, { wanted, had }: Jump): boolean {
  const isEarly = first < byteAt(Math.max(0, wanted - EARLY_SECONDS))
  return first <= byteAt(wanted) && !(had && isEarly && first > 0)
}

/** A player may have gone on for a moment when it says where it is. */
const NEAR_SECONDS = 1.5
/** Browsers begin a little before the wanted byte; what begins earlier is read on from there. */
const EARLY_SECONDS = 12

function afterRequest(
  { wanted, landed, known }: Jump,
  asked: Delivery,
  deliveries: readonly Delivery[],
  isThere: boolean,
): string {
  const begin = `Your browser asked for ${asked.range ?? 'the whole song'}`
  const from = secondAt(asked.first)
  if (!isThere) return `${begin}, and the player is at ${clock(landed!)}.`
  if (asked.status !== 206) return `${begin}, and got status ${asked.status}.`
  if (wanted - from > EARLY_SECONDS)
    return `${begin}, which is at ${clock(from)}. So it read on from there until the bytes for ${clock(wanted)} had come. Over a short distance, that can be quicker than another request.`
  const missing = asked.first - endBefore(asked.first, deliveries.slice(0, known))
  const left =
    missing > 0
      ? ` The ${size(missing)} before that were never sent, and nobody had to wait for them.`
      : ''
  return `${begin}, which begins at ${clock(from)}. The server answered with 206, and Content-Range said where the bytes belong, so the player went to ${clock(wanted)}.${left}`
}

/** Where the bytes end that had been sent from before a position on. */
function endBefore(position: number, deliveries: readonly Delivery[]): number {
  const ends = deliveries
    .filter(({ first }) => first < position)
    .map(({ first, sent }) => Math.min(first + sent, position))
  return Math.max(0, ...ends)
}

function ignored({ landed }: Jump, asked: Delivery): string {
  return `Your browser asked for ${asked.range ?? 'the whole song'}, but the server ignored that and sent the song from its first byte, with 200. The player is at ${clock(landed!)}.`
}

function withoutRanges({ wanted, landed, had }: Jump & { landed: number }): string {
  const where =
    landed < 1
      ? `went back to the start${had ? ', although the bytes for ' + clock(wanted) + ' had been sent already' : ''}`
      : `went only to ${clock(landed)}, as far as it had loaded`
  return `Your browser asked for nothing, and the player ${where}. The server had answered Range with 200 instead of 206, so your browser can't count on getting a part. Engines differ here: Chromium goes back to the start, and Firefox as far as it has loaded.`
}

function elsewhere({ wanted, landed }: Jump): string {
  return `Your browser asked for nothing. You jumped to ${clock(wanted)}, and the player is at ${clock(landed!)}.`
}

function stillWaits({ wanted }: Jump, asked: Delivery | undefined): string {
  const why = !asked
    ? 'It sent no new request: it waits for the answer that is under way.'
    : asked.first < byteAt(Math.max(0, wanted - EARLY_SECONDS))
      ? `It asked for ${asked.range ?? 'the whole song'}, which begins at ${clock(secondAt(asked.first))}, and reads on from there.`
      : `It asked for ${asked.range ?? 'the whole song'}.`
  return `The player still waits for the bytes for ${clock(wanted)}. ${why}`
}

/** `2:05` */
function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

function size(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1000)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`
}
