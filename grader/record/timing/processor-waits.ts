import { processorTimesOfThreads } from '../../machine/proc.ts'

/**
 * For how many milliseconds these processes have waited for a processor so far, together; those too
 * that have ended since an earlier call. All of their threads count, because the first one may
 * itself wait for another. 0 where the system does not tell.
 */
export function addUpWaits(pids: () => readonly number[]): () => number {
  const waited = new Map<number, number>()
  return () => {
    for (const pid of pids()) {
      const times = processorTimesOfThreads(pid)
      if (times) waited.set(pid, times.waited)
    }
    return waited.values().reduce((sum, ms) => sum + ms, 0)
  }
}
