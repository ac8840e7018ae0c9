import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { groupMembers } from '../program/processes/group-members.ts'

const SAMPLE_MS = 250
const MOST_SAMPLES = 8

/** True when any process of a group did what `isBusy` says of one. */
export async function isGroupBusy(leader: number): Promise<boolean> {
  const busy = await Promise.all((await groupMembers(leader)).map(isBusy))
  return busy.includes(true)
}

/**
 * True when a process used nearly a whole processor just now, as a loop without an end does. False
 * where that cannot be told.
 */
export async function isBusy(pid: number): Promise<boolean> {
  const sample = () => Promise.all([cpuSeconds(pid), wantedSeconds(pid)])
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

/**
 * How long the first thread of a process had a processor or waited for one; null where the system
 * does not tell (proc(5), schedstat).
 */
async function wantedSeconds(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null
  const [had, waited] = (await readFile(`/proc/${pid}/schedstat`, 'latin1').catch(() => ''))
    .split(' ')
    .map(Number)
  return had === undefined || waited === undefined || Number.isNaN(had + waited)
    ? null
    : (had + waited) / 1e9
}

/** User and system time of one process; null when it is gone or this system does not tell. */
async function cpuSeconds(pid: number): Promise<number | null> {
  try {
    if (process.platform === 'linux') {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
      // The command's name stands in parentheses and may contain spaces; utime and stime are fields
      // 14 and 15, in hundredths (proc(5)).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return (Number(fields[11]) + Number(fields[12])) / 100
    }
    if (process.platform === 'win32') return null
    const { stdout } = await promisify(execFile)('ps', ['-o', 'time=', '-p', String(pid)])
    return stdout
      .trim()
      .split(':')
      .reduce((sum, part) => sum * 60 + Number(part), 0)
  } catch {
    return null
  }
}
