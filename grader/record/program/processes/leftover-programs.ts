import { execFile } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeFileAtomically } from '../../../../course/files/write-file.ts'
import { hasEnded, readKernelFile, statOf } from '../../../machine/proc.ts'

/** A process, told from a later one with the same number by the moment it began. */
interface Began {
  readonly pid: number
  readonly at: string
}

interface Note {
  readonly grader: Began
  readonly program: Began
}

/**
 * Notes in `folder` that this process started the process group `pid`, for a sweep to end it should
 * this process be killed. Gives what takes the note away again. Where the system does not tell when
 * a process began, nothing is noted.
 */
export function noteProgram(folder: string, pid: number): () => Promise<void> {
  const file = join(folder, `${pid}.json`)
  const written = write(file, pid).catch(() => {})
  return async () => {
    await written
    await rm(file, { force: true }).catch(() => {})
  }
}

/**
 * Ends the programs whose grader was killed before it could: those that still lead the group that
 * was noted, and began at the moment that was noted. Gives how many. Fails at nothing: what cannot
 * be ended now is found again.
 */
export async function sweepPrograms(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const ended = await Promise.all(
    names
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => sweep(join(folder, name)).catch(() => false)),
  )
  return ended.filter(Boolean).length
}

async function write(file: string, pid: number): Promise<void> {
  const [grader, program] = await Promise.all([beganAt(process.pid), beganAt(pid)])
  if (grader === null || program === null) return
  const note: Note = { grader: { pid: process.pid, at: grader }, program: { pid, at: program } }
  // This process may be killed while it writes: half a note would name nobody.
  writeFileAtomically(file, JSON.stringify(note), { mode: 0o600 })
}

async function sweep(file: string): Promise<boolean> {
  const { grader, program } = JSON.parse(await readFile(file, 'utf8')) as Note
  if (await isStill(grader)) return false
  const there = await isStill(program)
  if (there) process.kill(-program.pid, 'SIGKILL')
  await rm(file, { force: true })
  return there
}

async function isStill({ pid, at }: Began): Promise<boolean> {
  return (await beganAt(pid)) === at
}

/**
 * The same text for as long as it is the same process; null when there is none, or it cannot be
 * told.
 */
async function beganAt(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') {
      const stat = statOf(pid)
      return hasEnded(stat.state) ? null : `${thisBoot()} ${stat.beganAt}`
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C' },
    })
    return stdout.trim() || null
  } catch {
    return null
  }
}

/** Ticks begin anew with every start of the machine. */
function thisBoot(): string {
  return readKernelFile('/proc/sys/kernel/random/boot_id').trim()
}
