import { InconclusiveObservation } from '../../types/errors.ts'
import type { Clock } from './clock.ts'

const TICK_MS = 25
const LONGEST_STALL_MS = 300

/** Watches whether this machine kept up while something was timed. */
export interface StallWatch {
  /**
   * Ends the watch.
   * @throws InconclusiveObservation when this process stood still within one of the given windows
   *   (milliseconds of the run's clock), so that the times recorded there cannot be trusted.
   */
  end(windows: readonly (readonly [from: number, to: number])[]): void
  stop(): void
}

export function startStallWatch(clock: Clock): StallWatch {
  const stalls: (readonly [from: number, to: number])[] = []
  let last = clock.now()
  const tick = () => {
    const now = clock.now()
    if (now - last > LONGEST_STALL_MS) stalls.push([last, now])
    last = now
  }
  const timer = setInterval(tick, TICK_MS)
  const stop = () => clearInterval(timer)
  return {
    stop,
    end(windows) {
      stop()
      tick()
      const judged = stalls.some(([from, to]) =>
        windows.some(([start, end]) => from < end && to > start),
      )
      if (judged)
        throw new InconclusiveObservation(
          'This machine was too busy to time this fairly; running it again.',
        )
    },
  }
}
