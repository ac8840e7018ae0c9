import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

interface Watched {
  readonly onProgress: (progress: { text: string }) => void
  readonly signal?: AbortSignal
}

const POLL_MS = 200
/** A holder that has not written its pid yet is given this long. */
const UNSIGNED_MS = 5000

/**
 * Runs `work` while no other process runs it for the same folder. A lock left behind by a process that ended is taken over.
 * @throws what `work` throws, the signal's reason, or the file system's error when the folder cannot be made
 */
export async function withInstallLock<T>(folder: string, { onProgress, signal }: Watched, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = join(folder, 'installing')
  for (let told = false; !(await acquire(lock)); told = true) {
    if (await abandoned(lock)) {
      await rm(lock, { recursive: true, force: true })
      continue
    }
    if (!told) onProgress({ text: 'Another Roundtrip is bringing the browser; waiting for it' })
    await sleep(POLL_MS, undefined, signal && { signal })
  }
  try {
    return await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

/** Making a folder either succeeds for one process or fails, on every file system. */
async function acquire(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  await writeFile(join(lock, 'pid'), String(process.pid))
  return true
}

async function abandoned(lock: string): Promise<boolean> {
  const pid = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => ''))
  if (pid) return !lives(pid)
  const made = await stat(lock).catch(() => null)
  return made !== null && Date.now() - made.mtimeMs > UNSIGNED_MS
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
