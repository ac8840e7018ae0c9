import { readdirSync, readFileSync } from 'node:fs'

/** Where Linux tells of its processes (proc(5)). Elsewhere it is not there, and all is empty. */
const PROC = '/proc'

/** PF_KTHREAD (include/linux/sched.h). */
const KERNEL_THREAD = 0x200000

/** Fields of `stat` (proc_pid_stat(5)). */
export interface ProcessStat {
  /** One letter: `Z` has ended and waits for its parent. Empty for one that is not there. */
  readonly state: string
  /** The process group; NaN for one that is not there. */
  readonly group: number
  /** How long it had a processor, in hundredths of a second. */
  readonly cpuTicks: number
  /** It runs no program, but a part of the kernel. */
  readonly isKernels: boolean
  /** When it began, in ticks since the machine's start; 0 for one that is not there. */
  readonly beganAt: number
}

/** The numbers of all processes. */
export function processes(proc = PROC): number[] {
  return namesIn(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** `path`: of a process, `812`, or of one of its threads, `812/task/815`. */
export function statOf(path: number | string): ProcessStat {
  const stat = readKernelFile(`${PROC}/${path}/stat`)
  // The name stands in parentheses and may hold any character: the third field follows the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const number = (field: number) => Number(fields[field - 3])
  return {
    state: fields[0]!,
    group: number(5),
    cpuTicks: number(14) + number(15),
    isKernels: (number(9) & KERNEL_THREAD) !== 0,
    beganAt: number(22) || 0,
  }
}

/** The processes of a group, those too that have ended and wait for their parent. */
export function membersOf(group: number): { pid: number; state: string }[] {
  return processes().flatMap((pid) => {
    const { state, group: own } = statOf(pid)
    return own === group ? [{ pid, state }] : []
  })
}

/** Whether a process in that state runs nothing any more: it waits for its parent, or is gone. */
export function hasEnded(state: string): boolean {
  return state === '' || state === 'Z' || state === 'X'
}

/**
 * For how many milliseconds a thread, or the first one of a process (`path` as for `statOf`), had a
 * processor so far, and for how many it waited for one; null where that is not told (proc(5),
 * schedstat).
 */
export function processorTimes(
  path: number | string,
): { readonly had: number; readonly waited: number } | null {
  const [had, waited] = readKernelFile(`${PROC}/${path}/schedstat`).split(' ').map(Number)
  if (had === undefined || waited === undefined || Number.isNaN(had + waited)) return null
  return { had: had / 1e6, waited: waited / 1e6 }
}

/** The same for all threads of a process that have not ended, together. */
export function processorTimesOfThreads(
  pid: number,
): { readonly had: number; readonly waited: number } | null {
  const times = namesIn(`${PROC}/${pid}/task`).flatMap(
    (thread) => processorTimes(`${pid}/task/${thread}`) ?? [],
  )
  if (times.length === 0) return null
  const sum = (part: 'had' | 'waited') => times.reduce((total, each) => total + each[part], 0)
  return { had: sum('had'), waited: sum('waited') }
}

/** The names in a folder; none where it is not there or may not be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Empty where it is not there, for another user's, and for a process that has ended. */
export function readKernelFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
