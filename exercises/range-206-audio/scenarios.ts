import {
  field,
  hasStatus,
  isAnswered,
  path,
  present,
  scenario,
  sentField,
  type Exchange,
  type Kit,
  type SetUpKit,
} from '#grader'
import { rename, utimes, writeFile } from 'node:fs/promises'
import { asOdd, asPart, asRest, contentOf } from './answers.ts'
import { createNoise, createSong } from './audio.ts'

export const played = scenario('Chromium opens the player and moves it to a later second', {
  // Chromium loads the first megabyte before anybody plays. The song has two.
  async setUp({ folder, random }) {
    const song = createSong(random, random.integer(250, 270))
    return { size: song.length, ...(await asFile(song, folder)) }
  },
  async record({ newPage, exchanges, random }, { size }) {
    const second = random.integer(225, 240)
    const page = await newPage()
    const { document } = await page.open('/')
    // A player that loads nothing before it plays would not know how long the song is.
    await page.evaluate("document.querySelector('audio').preload = 'metadata'")
    await page.until(PLAYER, (is) => !is || (is.isIdle && is.ready > 0) || is.error !== null)
    await page.evaluate(`document.querySelector('audio').currentTime = ${second}`)
    const isHopeless = () => exchanges().some(isPartAsWhole)
    const player = await page.until(
      PLAYER,
      (is) => !is?.isMoving || is.error !== null || isHopeless(),
    )
    return { size, second, document, player, exchanges: exchanges() }
  },
  facts: ({ size, second, document, player, exchanges }) => {
    const asked = exchanges.filter(asksForPart)
    return {
      size,
      second,
      page: present(document, 'GET /'),
      first: asked[0] ?? null,
      // A server may answer the first request, which is for everything, with everything.
      part: asked.find((exchange) => exchange.response?.status === 206) ?? asked[0] ?? null,
      player: { is: positionOf(player.value, player.error) },
      isBroken: isRecord(player.value) && player.value.error !== null,
    }
  },
})

export const asked = scenario(
  'A client asks for parts of /song.wav, and for ranges that are out of the ordinary',
  {
    async setUp({ folder, random }) {
      const song = createNoise(random)
      return { song, ...(await asFile(song, folder)) }
    },
    async record({ send, random }, { song }) {
      const size = song.length
      const from = random.integer(1000, 1500)
      const suffix = random.integer(200, 900)
      const middle: Bounds = [from, from + random.integer(100, 900)]
      const all = (ranges: readonly string[]) => Promise.all(ranges.map((each) => ask(send, each)))
      const parts: readonly (readonly [range: string, bounds: Bounds])[] = [
        ['bytes=0-99', [0, 99]],
        ['bytes=0-0', [0, 0]],
        [`bytes=${middle[0]}-${middle[1]}`, middle],
        [`bytes=${from}-`, [from, size - 1]],
        ['bytes=0-99999', [0, size - 1]],
      ]
      const suffixes: typeof parts = [
        [`bytes=-${suffix}`, [size - suffix, size - 1]],
        ['bytes=-1', [size - 1, size - 1]],
      ]
      const outside = [`bytes=${size}-`, `bytes=${size + 10}-${size + 19}`, 'bytes=-0']
      const odd = ['lines=1-2', 'bytes=0-1,5-6', 'bytes=5-2', 'bytes = 0-1']
      const [whole, head] = await Promise.all([
        send('/song.wav'),
        send({ method: 'HEAD', path: '/song.wav' }),
      ])
      return {
        song,
        whole,
        head,
        parts,
        suffixes,
        outside,
        odd,
        answers: {
          parts: await all(parts.map(([range]) => range)),
          suffixes: await all(suffixes.map(([range]) => range)),
          outside: await all(outside),
          odd: await all(odd),
        },
      }
    },
    facts: ({ song, whole, head, parts, suffixes, outside, odd, answers }) => {
      const asParts = (list: typeof parts, got: readonly (Exchange | null)[]) =>
        list.map(([range, bounds], index) => asPart(range, got[index] ?? null, bounds, song))
      const asOdds = (list: readonly string[], got: readonly (Exchange | null)[]) =>
        list.map((range, index) => asOdd(range, got[index] ?? null, song))
      return {
        size: song.length,
        whole: asPart('GET', present(whole, 'GET /song.wav'), [0, song.length - 1], song),
        head: { name: 'HEAD', exchange: present(head, 'HEAD /song.wav') },
        etag: field(whole, 'ETag'),
        parts: asParts(parts, answers.parts),
        suffixes: asParts(suffixes, answers.suffixes),
        outside: asOdds(outside, answers.outside),
        odd: asOdds(odd, answers.odd),
      }
    },
  },
)

export const resumed = scenario(
  'A download goes on in the middle, with If-Range, before and after the file is replaced',
  {
    async setUp({ folder, random }) {
      const song = createNoise(random)
      const next = song.map((byte, index) => (index < 44 ? byte : 255 - byte))
      return { song, next, ...(await asFile(song, folder)) }
    },
    async record({ send, random }, { song, next, environment }) {
      const half = Math.floor(song.length / 2)
      const unknown = `"${random.token(12)}"`
      const first = await send('/song.wav')
      const tag = field(first, 'ETag') ?? unknown
      const range = `bytes=${half}-`
      const rest = await ask(send, range, tag)
      const other = await ask(send, range, unknown)
      await writeFile(`${environment.FILE}.next`, next)
      await rename(`${environment.FILE}.next`, environment.FILE)
      const late = await ask(send, range, tag)
      return { song, next, half, first, rest, other, late, fresh: await send('/song.wav') }
    },
    facts: ({ song, next, half, first, rest, other, late, fresh }) => {
      const kept = contentOf(first).subarray(0, half)
      const tag = field(first, 'ETag')
      return {
        tag,
        // A weak one says too little to join bytes by (RFC 9110 §13.1.5).
        isStrong: tag?.startsWith('"') === true,
        half,
        first: present(first, 'GET /song.wav'),
        rest: asRest('same version', rest, kept, song),
        other: asRest('unknown ETag', other, kept, song),
        late: asRest('file replaced', late, kept, next, song),
        fresh: asRest('GET', fresh, kept, next, song),
      }
    },
  },
)

const PUBLISHED = new Date('2026-01-01T12:00:00Z')

type Bounds = readonly [first: number, last: number]

/** Its time is always the same: so an ETag made of it is, too, in a program started by hand. */
async function asFile(song: Uint8Array, folder: SetUpKit['folder']) {
  const FILE = `${await folder({ 'song.wav': song })}/song.wav`
  await utimes(FILE, PUBLISHED, PUBLISHED)
  return { environment: { FILE } }
}

/** What the page's player is doing. */
const PLAYER = `((audio) => audio && {
  error: audio.error && audio.error.message,
  ready: audio.readyState,
  isIdle: audio.networkState === HTMLMediaElement.NETWORK_IDLE,
  second: audio.currentTime,
  isMoving: audio.seeking
})(document.querySelector('audio'))`

function ask(send: Kit['send'], range: string, condition?: string): Promise<Exchange | null> {
  const headers: [string, string][] = [['Range', range]]
  if (condition !== undefined) headers.push(['If-Range', condition])
  return send({ path: '/song.wav', headers })
}

function asksForPart(exchange: Exchange): boolean {
  return path(exchange) === '/song.wav' && sentField(exchange, 'Range') !== undefined
}

/** A later part that calls itself the whole file: the player takes its bytes for the first ones. */
function isPartAsWhole(exchange: Exchange): boolean {
  return (
    asksForPart(exchange) &&
    !sentField(exchange, 'Range')?.startsWith('bytes=0-') &&
    hasStatus(200)(exchange) &&
    isAnswered(exchange) &&
    field(exchange, 'Content-Range') !== undefined
  )
}

/** `second 231`; `nowhere: …` */
function positionOf(player: unknown, pageError: string | null): string {
  if (!isRecord(player)) return `nowhere: ${pageError ?? 'the page has no player'}`
  if (typeof player.error === 'string') return `nowhere: ${player.error}`
  if (player.ready === 0) return 'nowhere: the player waits for the beginning of the file'
  if (player.isMoving) return 'nowhere: the player waits for the bytes of that second'
  return `second ${Math.floor(Number(player.second))}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
