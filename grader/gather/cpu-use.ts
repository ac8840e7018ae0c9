import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const SAMPLE_MS = 250

/** True when a process used nearly a whole processor just now, as a loop without an end does. False where that cannot be told. */
export async function isBusy(pid: number): Promise<boolean> {
  const before = await cpuSeconds(pid)
  const startedAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))
  const after = await cpuSeconds(pid)
  if (before === null || after === null) return false
  // On a busy machine a loop does not get a processor of its own.
  return after - before > (0.4 * (performance.now() - startedAt)) / 1000
}

/** User and system time of one process; null when it is gone or this system does not tell. */
async function cpuSeconds(pid: number): Promise<number | null> {
  try {
    if (process.platform === 'linux') {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
      // The command's name stands in parentheses and may contain spaces; utime and stime are fields 14 and 15, in hundredths (proc(5)).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return (Number(fields[11]) + Number(fields[12])) / 100
    }
    if (process.platform === 'win32') return null
    const { stdout } = await promisify(execFile)('ps', ['-o', 'time=', '-p', String(pid)])
    return stdout.trim().split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  } catch {
    return null
  }
}
