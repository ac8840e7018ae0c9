/** How the clients wait between two tries, and how often they try. */
export interface Setting {
  readonly wait: Wait
  /** Full jitter: a client waits for any time from zero to what `wait` says. */
  readonly jitter: boolean
  readonly tries: Tries
}

export type Wait = (typeof waits)[number]
export type Tries = (typeof triesOffered)[number]

export const waits = ['equal', 'doubling'] as const
export const triesOffered = [4, 6, 8, 10] as const

/** The four settings that have this number of tries. */
export function settingsWith(tries: Tries): Setting[] {
  return waits.flatMap((wait) => [false, true].map((jitter) => ({ wait, jitter, tries })))
}

/** All of them send their first request at second 0, and the server is down by then. */
export const CLIENTS = 50
export const BACK_MS = 3500
/** The load is counted in slices of this length. */
export const SLICE_MS = 250
/** So many requests the server can serve in a slice. It refuses the others with 503 at once. */
export const CAPACITY = 12
export const FIRST_WAIT_MS = 1000
export const LONGEST_WAIT_MS = 4000
/** When the longest run of all is over. */
export const END_MS = 24_000

/** What came of a setting. Times are milliseconds since second 0. */
export interface HerdRun {
  readonly setting: Setting
  /** How many requests came in each slice, and how many of these were served. */
  readonly load: readonly { readonly asked: number; readonly served: number }[]
  /** The most requests in one slice since the server was back. */
  readonly peak: number
  readonly served: number
  /** When the last client was served. Null when none was. */
  readonly lastServedAt: number | null
  readonly gaveUp: number
  /** How many of those gave up before the server was back. */
  readonly gaveUpEarly: number
  /** When the last client gave up. Null when none did. */
  readonly lastGaveUpAt: number | null
}

/**
 * Plays it: a model, in which requests and answers take no time. The same setting gives the same
 * run, and jitter draws the same numbers in every setting, so that only the setting makes a
 * difference. Full jitter is that of "Exponential Backoff and Jitter" (AWS Architecture Blog).
 */
export function playHerd(setting: Setting, seed: number = SEED): HerdRun {
  const random = seeded(seed)
  const chances = Array.from({ length: CLIENTS }, () =>
    Array.from({ length: Math.max(...triesOffered) }, random),
  )
  const load = Array.from({ length: END_MS / SLICE_MS }, () => ({ asked: 0, served: 0 }))
  const servedAt: number[] = []
  const gaveUpAt: number[] = []
  const coming = chances.map((_, client): Request => ({ at: 0, client, number: 1 }))
  while (coming.length > 0) {
    const request = takeFirst(coming)
    const { at, client, number } = request
    const slice = load[Math.floor(at / SLICE_MS)]!
    slice.asked++
    if (at >= BACK_MS && slice.served < CAPACITY) {
      slice.served++
      servedAt.push(at)
    } else if (number === setting.tries) gaveUpAt.push(at)
    else
      coming.push({
        at: at + waitAfter(number, setting, chances[client]![number - 1]!),
        client,
        number: number + 1,
      })
  }
  return {
    setting,
    load,
    peak: Math.max(...load.slice(BACK_MS / SLICE_MS).map(({ asked }) => asked)),
    served: servedAt.length,
    lastServedAt: servedAt.at(-1) ?? null,
    gaveUp: gaveUpAt.length,
    gaveUpEarly: gaveUpAt.filter((at) => at < BACK_MS).length,
    lastGaveUpAt: gaveUpAt.at(-1) ?? null,
  }
}

const SEED = 1

/** A client's try; the first one has the number 1. */
interface Request {
  readonly at: number
  readonly client: number
  readonly number: number
}

/** The earliest; of several at the same time, that of the client with the lowest number. */
function takeFirst(coming: Request[]): Request {
  const first = coming.reduce((best, each) =>
    each.at < best.at || (each.at === best.at && each.client < best.client) ? each : best,
  )
  coming.splice(coming.indexOf(first), 1)
  return first
}

function waitAfter(number: number, { wait, jitter }: Setting, chance: number): number {
  const whole =
    wait === 'equal' ? FIRST_WAIT_MS : Math.min(FIRST_WAIT_MS * 2 ** (number - 1), LONGEST_WAIT_MS)
  return jitter ? whole * chance : whole
}

/**
 * Numbers from 0 to 1, the same in every run. A linear congruential generator with the factor and
 * the increment of Numerical Recipes: good enough to spread 50 clients.
 */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
