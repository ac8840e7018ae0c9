import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning } from '../../course/is-running.ts'
import { hasEnded, statOf } from '../../grader/machine/proc.ts'

/** A server of PostgreSQL as its file `postmaster.pid` tells of it. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  /** It takes connections. */
  readonly ready: boolean
}

/**
 * The server that runs on a data folder, or null. A file that a server left behind, which was killed,
 * is removed where it would keep the next one from starting.
 */
export function findPostmaster(data: string): Postmaster | null {
  const file = join(data, 'postmaster.pid')
  const text = readIfThere(file)
  if (text === null) return null
  // pid, data folder, start time, port, socket folder, address, shared memory, state
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!pid) {
    // A power cut left it empty. A server that is starting fills it within milliseconds.
    if (Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > 2000)
      rmSync(file, { force: true })
    return null
  }
  if (isAlive(pid) && isPostgres(pid))
    return { pid, port: Number(lines[3]), ready: lines[7] === 'ready' }
  // The system may have given its number to another process since.
  if (isRunning(pid)) rmSync(file, { force: true })
  return null
}

/** False too for a process that has ended and waits for its parent. */
export function isAlive(pid: number): boolean {
  if (!isRunning(pid)) return false
  return process.platform !== 'linux' || !hasEnded(statOf(pid).state)
}

function isPostgres(pid: number): boolean {
  if (process.platform !== 'linux') return true
  return /^postgres\b/.test(readIfThere(`/proc/${pid}/comm`) ?? '')
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return null
    throw error
  }
}
