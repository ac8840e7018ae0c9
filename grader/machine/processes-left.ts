import { join } from 'node:path'
import { ownLimits, softLimit } from './limits.ts'
import { processes, readKernelFile } from './proc.ts'

/** How many more processes may be started here, and what allows no more. */
export interface ProcessesLeft {
  readonly left: number
  /** `ulimit -u`, or a control group's `pids.max`. */
  readonly limit: string
}

/** Counting takes a moment, and nobody comes near a limit above this. */
const WORTH_COUNTING = 10_000

/**
 * Threads count as processes do. Null where nothing limits them, or the system does not show it.
 * `ulimit -u` does not hold for root (setrlimit(2), RLIMIT_NPROC).
 */
export function processesLeft(
  limits = ownLimits(),
  uid = process.getuid?.() ?? 0,
  proc = '/proc',
  controlGroups = '/sys/fs/cgroup',
): ProcessesLeft | null {
  const own = uid === 0 ? Infinity : softLimit(limits, 'Max processes')
  const found = leftInGroups(proc, controlGroups)
  if (own < WORTH_COUNTING)
    found.push({ left: own - threadsOf(uid, proc), limit: `ulimit -u is ${own}` })
  return found.toSorted((a, b) => a.left - b.left)[0] ?? null
}

/** The control group of this process and those above it (cgroups(7), version 2). */
function leftInGroups(proc: string, controlGroups: string): ProcessesLeft[] {
  const [, path] = /^0::(\/.*)$/m.exec(readKernelFile(join(proc, 'self/cgroup'))) ?? []
  if (path === undefined) return []
  const parts = path.split('/').filter(Boolean)
  const folders = parts.map((_, index) => join(controlGroups, ...parts.slice(0, index + 1)))
  return [controlGroups, ...folders].flatMap((folder) => {
    const most = Number(readKernelFile(join(folder, 'pids.max')) || NaN)
    const current = Number(readKernelFile(join(folder, 'pids.current')) || NaN)
    return Number.isInteger(most) && Number.isInteger(current)
      ? [{ left: most - current, limit: `pids.max of its control group is ${most}` }]
      : []
  })
}

function threadsOf(uid: number, proc: string): number {
  return processes(proc)
    .map((pid) => readKernelFile(join(proc, `${pid}/status`)))
    .filter((status) => Number(/^Uid:\t(\d+)/m.exec(status)?.[1]) === uid)
    .reduce((sum, status) => sum + Number(/^Threads:\t(\d+)/m.exec(status)?.[1] ?? 0), 0)
}
