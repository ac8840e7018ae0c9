import { processorTimes } from '../../machine/proc.ts'
import { InconclusiveObservation } from '../../types/errors.ts'
import type { Exchange } from '../../types/index.ts'
import type { Clock } from './clock.ts'
import { isMachineLoaded, machineSlowness } from './machine-speed.ts'
import type { Machine } from './quiet-time.ts'
import { startStallWatch } from './stall-watch.ts'

/** A time in which this machine kept up. */
export type Fair = readonly [from: number, to: number]

/** As long as this process may stand still. */
const LONGEST_DELAY_MS = 300
/** So many times longer than on a quiet machine a start takes on one that is busy. */
const MUCH_SLOWER = 2

/**
 * Does some work whose durations will be judged, and gives what it gave with the time it took.
 * `pids` are the learner's processes.
 * @throws InconclusiveObservation when this process stood still, or the learner's
 * waited for a processor meanwhile, for more than 0.3 s: then the work is done again.
 */
export async function timeFairly<Result>(
  work: () => Promise<Result>,
  clock: Clock,
  pids: () => readonly number[],
): Promise<{ result: Result; fair: Fair }> {
  const from = clock.now()
  const stalls = startStallWatch(clock)
  const before = waitedMs(pids())
  try {
    const result = await work()
    const to = clock.now()
    stalls.end([[from, to]])
    const after = waitedMs(pids())
    const delay = Math.max(0, ...[...after].map(([pid, ms]) => ms - (before.get(pid) ?? 0)))
    if (delay > LONGEST_DELAY_MS)
      throw new InconclusiveObservation(
        'This machine was too busy to run your program fairly; running it again.',
      )
    return { result, fair: [from, to] }
  } finally {
    stalls.stop()
  }
}

/**
 * Makes an observation void where things take much longer on this machine than on a quiet one.
 * @throws InconclusiveObservation there: then the scenario is run again.
 */
export async function voidIfBusy({
  isLoaded = isMachineLoaded,
  slowness = machineSlowness,
}: Partial<Pick<Machine, 'isLoaded' | 'slowness'>> = {}): Promise<void> {
  if (isLoaded() || (await slowness()) >= MUCH_SLOWER)
    throw new InconclusiveObservation(
      'This machine was too busy for your program to show what it does; running it again.',
    )
}

/** Whether an exchange went on within such a time: until its answer, or as long as it was waited. */
export function isTimed({ startedAt, response }: Exchange, fair: readonly Fair[]): boolean {
  const until = response?.complete ? response.endedAt : startedAt
  return fair.some(([from, to]) => startedAt >= from && until <= to)
}

/** How long each process waited for a processor so far; none where the system does not tell. */
function waitedMs(pids: readonly number[]): Map<number, number> {
  const waited = new Map<number, number>()
  for (const pid of pids) {
    const times = processorTimes(pid)
    if (times) waited.set(pid, times.waited)
  }
  return waited
}
