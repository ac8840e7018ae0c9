import { machineSlowness } from './machine-speed.ts'

/** Between two measurements of the machine: a part of the time allowed, but a measurement is work. */
const STEP = 1 / 4
const SHORTEST_STEP_MS = 500
/** A machine that is hardly slower than a quiet one gets no more time. */
const HARDLY_SLOWER = 1.5

/** A wait that is over once a quiet machine would have had the time allowed. */
export interface QuietTime {
  /**
   * How many milliseconds to go on waiting before asking again; 0 when the time is up. `elapsed`
   * gives the milliseconds waited so far. It is not asked before the time allowed has passed.
   */
  left(elapsed: () => number): Promise<number>
}

/**
 * Counts a wait in the time of a quiet machine: a second on one that is three times slower counts
 * as a third of a second. The machine is measured again at every step, because a single measurement
 * would take one moment of load for all of the wait.
 */
export function createQuietTime(
  allowedMs: number,
  longestMs: number,
  slowness: () => Promise<number> = machineSlowness,
): QuietTime {
  let counted = 0
  let countedUntil = 0
  return {
    async left(elapsed) {
      const slower = await slowness()
      const now = elapsed()
      if (counted === 0 && slower < HARDLY_SLOWER) return 0
      counted += (now - countedUntil) / slower
      countedUntil = now
      const missing = Math.min((allowedMs - counted) * slower, longestMs - now)
      return missing < 1
        ? 0
        : Math.ceil(Math.min(missing, Math.max(allowedMs * STEP, SHORTEST_STEP_MS)))
    },
  }
}
