import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { closeServer, listenOn, portOf } from '../../http/listen.ts'
import { answerUnder } from '../answer-under.ts'
import { song, songBytes } from './song.ts'

/** What came of one request for the song. Positions are those of bytes in the file. */
export interface Delivery {
  /** What Range said: `bytes=458752-`. */
  readonly range: string | null
  readonly status: number
  readonly contentRange: string | null
  /** Where the answer begins in the file, how many bytes it promises, and how many have left. */
  readonly first: number
  readonly promised: number
  readonly sent: number
  readonly state: 'under way' | 'complete' | 'broken off'
}

/** A song that one page plays. */
export interface PlayedSong {
  /** Whether Range is answered with 206, or ignored. */
  readonly ranges: boolean
  /** In the order of the requests. */
  readonly deliveries: readonly Delivery[]
}

/** A server with songs alone, which notes what it was asked for and what it sent. */
export interface SongServer {
  /** `http://127.0.0.1:40123` */
  readonly url: string
  /** The path of a song that nobody asked for yet: `/3f9a2c4e5b60/song.wav`. */
  open(ranges: boolean): string
  /** Undefined once newer ones have taken its place. */
  find(path: string): PlayedSong | undefined
  close(): Promise<void>
}

/**
 * So much of an answer leaves at once. Chromium wants about 240 kB of a WAV file before it knows
 * how long the song is.
 */
const AT_ONCE = { fromTheStart: 262_144, later: 65_536 }
/**
 * The rest takes its time, as on a slow line: bytes in a second, of which playing needs a quarter.
 */
const PACE = 128_000
const TICKS = 8

/** So many songs are known at once, and so many requests of each are noted. */
const MOST_SONGS = 20
const MOST_REQUESTS = 300

type Noted = { -readonly [Key in keyof Delivery]: Delivery[Key] }

/** Starts one on a free port of 127.0.0.1. It answers under no other name. */
export async function startSongServer(): Promise<SongServer> {
  const songs = new Map<string, { ranges: boolean; deliveries: Noted[] }>()
  let host = ''
  const server = await listenOn(
    '127.0.0.1',
    0,
    answerUnder(
      () => host,
      (request, response) => {
        request.resume()
        const played = songs.get(request.url ?? '')
        if (!played || played.deliveries.length >= MOST_REQUESTS)
          return void response.writeHead(404, { 'Content-Length': 0 }).end()
        if (request.method !== 'GET')
          return void response.writeHead(405, { Allow: 'GET', 'Content-Length': 0 }).end()
        played.deliveries.push(deliver(request, response, played.ranges))
      },
    ),
  )
  host = `127.0.0.1:${portOf(server)}`
  return {
    url: `http://${host}`,
    open(ranges) {
      const path = `/${randomBytes(6).toString('hex')}/song.wav`
      songs.set(path, { ranges, deliveries: [] })
      for (const old of [...songs.keys()].slice(0, -MOST_SONGS)) songs.delete(old)
      return path
    },
    find: (path) => songs.get(path),
    close: () => closeServer(server),
  }
}

function deliver(request: IncomingMessage, response: ServerResponse, ranges: boolean): Noted {
  const range = request.headers.range ?? null
  const part = ranges ? askedPart(range ?? '') : undefined
  const [first, last] = part === 'outside' ? [0, -1] : (part ?? [0, song.bytes - 1])
  const noted: Noted = {
    range,
    status: part === 'outside' ? 416 : part ? 206 : 200,
    contentRange: part
      ? `bytes ${part === 'outside' ? '*' : `${first}-${last}`}/${song.bytes}`
      : null,
    first,
    promised: last - first + 1,
    sent: 0,
    state: 'under way',
  }
  response.writeHead(noted.status, {
    'Content-Type': 'audio/wav',
    'Content-Length': noted.promised,
    'Cache-Control': 'no-store',
    ...(ranges && { 'Accept-Ranges': 'bytes' }),
    ...(noted.contentRange !== null && { 'Content-Range': noted.contentRange }),
  })
  sendSlowly(response, noted)
  return noted
}

/**
 * The first and the last byte that Range asks for (RFC 9110 §14.1.2); undefined where it asks for
 * what is not understood here and so is ignored: several parts, other units.
 */
function askedPart(range: string): readonly [number, number] | 'outside' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/i.exec(range) ?? []
  const end = song.bytes - 1
  if (from === '' && to === '') return undefined
  if (from === '') return Number(to) === 0 ? 'outside' : [Math.max(0, end + 1 - Number(to)), end]
  if (Number(from) > end) return 'outside'
  if (to !== '' && Number(to) < Number(from)) return undefined
  return [Number(from), to === '' ? end : Math.min(Number(to), end)]
}

function sendSlowly(response: ServerResponse, noted: Noted): void {
  const send = (most: number) => {
    const from = noted.first + noted.sent
    const piece = songBytes(from, Math.min(from + most, noted.first + noted.promised))
    noted.sent += piece.length
    if (noted.sent < noted.promised) return void response.write(piece)
    clearInterval(timer)
    noted.state = 'complete'
    response.end(piece)
  }
  // A player that has enough for now stops reading.
  const timer = setInterval(() => response.writableNeedDrain || send(PACE / TICKS), 1000 / TICKS)
  response.once('close', () => {
    clearInterval(timer)
    if (noted.state === 'under way') noted.state = 'broken off'
  })
  send(noted.first === 0 ? AT_ONCE.fromTheStart : AT_ONCE.later)
}
