import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { processorTimes, statOf } from '../../machine/proc.ts'
import { groupMembers } from '../program/processes/group-members.ts'

const SAMPLE_MS = 250
const MOST_SAMPLES = 8

/** True when any process of a group did what `isBusy` says of one. */
export async function isGroupBusy(leader: number): Promise<boolean> {
  const busy = await Promise.all(groupMembers(leader).map(isBusy))
  return busy.includes(true)
}

/**
 * True when a process used nearly a whole processor just now, as a loop without an end does. False
 * where that cannot be told.
 */
export async function isBusy(pid: number): Promise<boolean> {
  const sample = async () => [await cpuSeconds(pid), wantedSeconds(pid)] as const
  const [usedBefore, wantedBefore] = await sample()
  const startedAt = performance.now()
  for (let samples = 1; ; samples++) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))
    const [used, wanted] = await sample()
    const seconds = (performance.now() - startedAt) / 1000
    if (used === null || usedBefore === null) return false
    if (used - usedBefore > 0.4 * seconds) return true
    if (wanted === null || wantedBefore === null) return false
    // On a busy machine a loop does not get a processor of its own, but it never stops wanting one.
    if (wanted - wantedBefore > 0.9 * seconds) return true
    // The system adds a wait when it ends: what waits right now has not been counted yet.
    const isIdle = samples >= 3 && wanted - wantedBefore < 0.1 * seconds
    if (isIdle || samples === MOST_SAMPLES) return false
  }
}

/** How long a process had a processor or waited for one; null where the system does not tell. */
function wantedSeconds(pid: number): number | null {
  const times = processorTimes(pid)
  return times && (times.had + times.waited) / 1000
}

/** User and system time of one process; null when it is gone or this system does not tell. */
async function cpuSeconds(pid: number): Promise<number | null> {
  try {
    if (process.platform === 'linux') {
      const { state, cpuTicks } = statOf(pid)
      return state === '' ? null : cpuTicks / 100
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'time=', '-p', String(pid)])
    return stdout
      .trim()
      .split(':')
      .reduce((sum, part) => sum * 60 + Number(part), 0)
  } catch {
    return null
  }
}
