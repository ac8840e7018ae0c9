import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Where the tests can see every process of this machine. */
export const seesProcesses = process.platform === 'linux'

/** A process, told from a later one with the same number by the moment it began. */
export interface SeenProcess {
  readonly pid: number
  readonly parent: number
  readonly beganAt: string
  readonly command: string
}

/** All that a process has started, and what that has started, at this moment. */
export function descendantsOf(pid: number): SeenProcess[] {
  const all = allProcesses()
  const found: SeenProcess[] = []
  const collect = (parent: number) => {
    for (const process of all.filter((each) => each.parent === parent)) {
      found.push(process)
      collect(process.pid)
    }
  }
  collect(pid)
  return found
}

/**
 * The processes that have to do with a folder: it is where they work, or it is named in their
 * arguments or in their environment.
 */
export function processesOf(folder: string): SeenProcess[] {
  return allProcesses().filter(({ pid }) =>
    [
      () => readlinkSync(`/proc/${pid}/cwd`),
      () => read(pid, 'cmdline'),
      () => read(pid, 'environ'),
    ].some((look) => attempt(look)?.includes(folder)),
  )
}

/** Those of them that still run. */
export function stillRunning(processes: readonly SeenProcess[]): SeenProcess[] {
  return processes.filter(({ pid, beganAt }) => attempt(() => seen(pid))?.beganAt === beganAt)
}

/**
 * Waits, as the end of a killed process takes a moment, until `look` finds nothing more. Gives what
 * is there in the end.
 */
export async function untilGone<Found>(
  look: () => readonly Found[],
  withinMs = 5000,
): Promise<readonly Found[]> {
  const deadline = performance.now() + withinMs
  while (look().length > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50))
  return look()
}

function allProcesses(): SeenProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => attempt(() => seen(Number(name))) ?? [])
}

/** Undefined for a process that has ended and only waits for its parent to take note. */
function seen(pid: number): SeenProcess | undefined {
  const stat = read(pid, 'stat')
  // The name stands in parentheses and may contain anything; the fields after it are numbers
  // (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return {
    pid,
    parent: Number(fields[1]),
    beganAt: fields[19]!,
    command: read(pid, 'cmdline').replaceAll('\0', ' '),
  }
}

function read(pid: number, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8')
}

// A process may end while it is looked at, or be somebody else's.
function attempt<Result>(look: () => Result): Result | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
