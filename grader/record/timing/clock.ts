import { InconclusiveObservation } from '../../types/errors.ts'

/**
 * One clock for a run: milliseconds since the Unix epoch as the wall clock said when the run began,
 * advanced by the monotonic clock from then on. So times of a run can be compared with each other,
 * and with a cookie's expiry, which Chromium reckons from the wall clock.
 */
export interface Clock {
  now(): number
  /**
   * How far wall and monotonic clock have drifted apart since the run began: a clock that was set,
   * a machine that slept.
   */
  skew(): number
  /**
   * Goes by the wall clock as it is now, where that was set meanwhile. Gives by how much, in
   * milliseconds. What was timed before cannot be compared with what comes after.
   */
  follow(): number
}

/** A clock that is corrected by less is corrected all the time. */
const LARGEST_SKEW_MS = 250
const LOOK_EVERY_MS = 250

export function createClock(): Clock {
  const begun = Date.now() - performance.now()
  let epoch = begun
  return {
    now: () => epoch + performance.now(),
    skew: () => Date.now() - (begun + performance.now()),
    follow() {
      const by = Date.now() - (epoch + performance.now())
      if (Math.abs(by) <= LARGEST_SKEW_MS) return 0
      epoch += by
      return by
    },
  }
}

export interface ClockWatch {
  /** @throws InconclusiveObservation when the wall clock was set since the watch began. */
  end(): void
  stop(): void
}

/**
 * Watches that the wall clock goes as the monotonic one does. `onSet` is called once, with what
 * `end` throws: nobody need wait for what is void already, and with a clock that was put back a wait
 * would be long.
 */
export function watchClock(
  clock: Clock,
  onSet: (error: InconclusiveObservation) => void,
): ClockWatch {
  const skew = clock.skew()
  let found: InconclusiveObservation | null = null
  const look = () => {
    if (found || Math.abs(clock.skew() - skew) <= LARGEST_SKEW_MS) return
    found = new InconclusiveObservation(
      'The clock of this machine was set meanwhile; running it again.',
      'The clock of this machine was set each time while your program was observed.',
    )
    onSet(found)
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  const stop = () => clearInterval(timer)
  return {
    end() {
      stop()
      look()
      if (found) throw found
    },
    stop,
  }
}
