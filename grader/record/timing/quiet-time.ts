import { isMachineLoaded, machineSlowness } from './machine-speed.ts'

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

export interface Machine {
  readonly slowness: () => Promise<number>
  /** True when more wants to run than there are processors, whatever a moment's measurement says. */
  readonly isLoaded: () => boolean
  /**
   * For how many milliseconds those who are waited for have waited for a processor so far. A
   * measurement is short and gets one at once where a long start is kept waiting.
   */
  readonly waited: () => number
}

const thisMachine: Machine = {
  slowness: machineSlowness,
  isLoaded: isMachineLoaded,
  waited: () => 0,
}

/**
 * The time allowed, as many times longer as this machine is slower than a quiet one, on average
 * over the wait, and never shorter than that time and what was spent in waiting for a processor since
 * this was called. The machine is measured again at every step, because a single measurement would
 * take one moment of load, or of calm, for all of the wait.
 */
export function createQuietTime(
  allowedMs: number,
  longestMs: number,
  machine: Partial<Machine> = {},
): QuietTime {
  const { slowness, isLoaded, waited } = { ...thisMachine, ...machine }
  const step = Math.max(allowedMs * STEP, SHORTEST_STEP_MS)
  const before = waited()
  let measured = 0
  let sum = 0
  return {
    async left(elapsed) {
      sum += await slowness()
      measured++
      const slower = sum / measured
      const isSlower = slower >= HARDLY_SLOWER
      const owed = Math.max(isSlower ? allowedMs * slower : 0, allowedMs + waited() - before)
      const missing = Math.min(owed, longestMs) - elapsed()
      if (missing < 1 && !isSlower && measured === 1 && isLoaded()) return step
      return missing < 1 ? 0 : Math.ceil(Math.min(missing, step))
    },
  }
}
