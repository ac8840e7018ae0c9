/**
 * One clock for a run: milliseconds since the Unix epoch as the wall clock said when the run began,
 * advanced by the monotonic clock from then on. So times of a run can be compared with each other,
 * whatever happens to the wall clock, and with a cookie's expiry, which Chromium reckons from the
 * wall clock.
 */
export interface Clock {
  now(): number
  /**
   * How far wall and monotonic clock have drifted apart since the run began: a clock that was set,
   * a machine that slept.
   */
  skew(): number
}

export function createClock(): Clock {
  const epoch = Date.now() - performance.now()
  return {
    now: () => epoch + performance.now(),
    skew: () => Date.now() - (epoch + performance.now()),
  }
}
