import { spawn } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'

/** A trivial program needs about 45 ms to start on a quiet machine. */
const QUIET_START_MS = 45

let measuring: Promise<number> | undefined

/**
 * How many times longer than on a quiet machine things take here now: 1 or more. Measured by
 * starting a trivial program. Waits that ask at the same moment share one measurement: many at once
 * would be a load of their own.
 */
export function machineSlowness(): Promise<number> {
  measuring ??= measure().finally(() => (measuring = undefined))
  return measuring
}

async function measure(): Promise<number> {
  const startedAt = performance.now()
  await new Promise((resolve) =>
    spawn(process.execPath, ['--eval', '0'], { stdio: 'ignore' })
      .once('close', resolve)
      .once('error', resolve),
  )
  return Math.max(1, (performance.now() - startedAt) / QUIET_START_MS)
}

/**
 * True when half as much again wants to run as there are processors, over the last minute.
 */
export function isMachineLoaded(): boolean {
  return loadavg()[0]! / availableParallelism() > 1.5
}
