import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { statOf } from '../../../machine/proc.ts'
import { isRunning } from '../../../../course/is-running.ts'

interface Watched {
  readonly onProgress: (progress: { text: string }) => void
  readonly signal?: AbortSignal
  /** Reported when another process is at it. */
  readonly waiting?: string
}

const POLL_MS = 200
const SIGN_OF_LIFE_MS = 2000
/** Ten signs of life missed, by the clock of who waits: the wall clock may be set meanwhile. */
const ABANDONED_MS = 20_000

/**
 * Runs `work` while no other process runs it for the same folder. A lock that was left behind is
 * taken over. At the very worst (two find one left behind at once) the work is done twice, so it
 * must put what it makes in place in one step.
 * @throws what `work` throws, the signal's reason, or the file system's error when the folder
 * cannot be made
 */
export async function withInstallLock<T>(
  folder: string,
  {
    onProgress,
    signal,
    waiting = 'Another Roundtrip is installing the browser; waiting for it',
  }: Watched,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = join(folder, 'installing')
  const isAbandoned = watchLock(lock)
  for (let told = false; !(await acquire(lock)); told = true) {
    if (await isAbandoned()) {
      await rm(lock, { recursive: true, force: true })
      continue
    }
    if (!told) onProgress({ text: waiting })
    await sleep(POLL_MS, undefined, signal && { signal }).catch(() => signal?.throwIfAborted())
  }
  const signs = setInterval(
    () => void utimes(lock, new Date(), new Date()).catch(() => {}),
    SIGN_OF_LIFE_MS,
  )
  try {
    return await work()
  } finally {
    clearInterval(signs)
    await rm(lock, { recursive: true, force: true })
  }
}

/** Making a folder succeeds for one process only, on every file system. */
async function acquire(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  await writeFile(join(lock, 'pid'), `${process.pid} ${statOf(process.pid).beganAt}`)
  return true
}

/** Gives what tells whether nobody holds the lock any more. */
function watchLock(lock: string): () => Promise<boolean> {
  let lastSign: number | undefined
  let seenAt = 0
  return async () => {
    const [holder, sign] = await Promise.all([
      readFile(join(lock, 'pid'), 'utf8').catch(() => ''),
      stat(lock).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      ),
    ])
    if (holder !== '' && !isAlive(holder)) return true
    if (sign !== lastSign) seenAt = performance.now()
    lastSign = sign
    return performance.now() - seenAt > ABANDONED_MS
  }
}

/** The system may have given the number of a process that has ended to another one since. */
function isAlive(holder: string): boolean {
  const [pid, beganAt = 0] = holder.split(' ').map(Number)
  return isRunning(pid!) && (beganAt === 0 || statOf(pid!).beganAt === beganAt)
}
