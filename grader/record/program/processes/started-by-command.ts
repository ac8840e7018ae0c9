import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'
import { isRunning } from '../../../../course/is-running.ts'
import { hasEnded, processes, readKernelFile, statOf } from '../../../machine/proc.ts'
import { until } from '../../timing/deadline.ts'
import { signalAll } from './end-group.ts'

/** A process, and what it was started with; `ps` has the program's folder in it. */
export interface StartedProcess {
  readonly pid: number
  readonly command: string
}

/**
 * What a command started and did not keep in its process group: `setsid`, `--daemon`, a process
 * manager.
 */
export interface StartedByCommand {
  /** The processes that run now, those of the group too. Without what the system does not tell. */
  running(): StartedProcess[]
  /**
   * Whether any runs. While a process becomes another program it has no environment (execve(2)), and
   * one that ends may have started another just now: both are looked for again.
   */
  isRunning(): Promise<boolean>
  /** TERM, then KILL to each of them, and waits for their end. */
  end(): Promise<void>
}

/** So long each signal is given, in milliseconds. */
const TO_END_MS = 500
/** In a row, before nothing runs any more. */
const LOOKS = 3

const live = new Set<StartedByCommand>()

// As with process groups: whatever way this process ends.
process.on('exit', () => {
  for (const started of live) signalAll(pidsOf(started.running()), 'SIGKILL')
})

/**
 * Knows what the command `leader` started by its environment, which children inherit. `entry`, a
 * name=value, has to be drawn for this start alone, because every process that has it is ended.
 * Nothing counts that began before the command.
 */
export function startedByCommand(leader: number, entry: string): StartedByCommand {
  const since = statOf(leader).beganAt
  const running = () =>
    process.platform === 'linux'
      ? processesOfLinux(entry).filter(({ pid }) => statOf(pid).beganAt >= since)
      : processesOfPs(entry)
  const started: StartedByCommand = {
    running,
    async isRunning() {
      for (let look = 1; look <= LOOKS; look++)
        if (running().length > 0 || (await isAmongChanging(entry, since))) return true
      return false
    },
    async end() {
      const seen = new Set<number>()
      const look = () => {
        const found = running()
        for (const pid of pidsOf(found)) seen.add(pid)
        return found
      }
      // An ending process has no environment any more, and for a moment still its port.
      const allEnded = () => look().length === 0 && ![...seen].some(isAlive)
      signalAll(pidsOf(look()), 'SIGTERM')
      await untilTrue(allEnded)
      await untilTrue(() => {
        // What is ended may have started another meanwhile.
        signalAll(pidsOf(look()), 'SIGKILL')
        return allEnded()
      })
      live.delete(started)
    },
  }
  live.add(started)
  return started
}

async function untilTrue(condition: () => boolean): Promise<void> {
  await until(TO_END_MS, () => condition() || undefined, 25)
}

function pidsOf(started: readonly StartedProcess[]): number[] {
  return started.map(({ pid }) => pid)
}

function processesOfLinux(entry: string): StartedProcess[] {
  return processes()
    .filter((pid) => environmentOf(pid).includes(entry))
    .map((pid) => ({ pid, command: commandOf(readKernelFile(`/proc/${pid}/cmdline`)) }))
    .filter(({ command }) => command !== '')
}

/** Waits until every process tells its environment, or that it has none. */
async function isAmongChanging(entry: string, since: number): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const started = processes().filter((pid) => statOf(pid).beganAt >= since)
  let isFound = false
  await untilTrue(() =>
    started.every((pid) => {
      const environment = environmentOf(pid)
      isFound ||= environment.includes(entry)
      return isFound || environment.length > 0 || hasNone(pid)
    }),
  )
  return isFound
}

function hasNone(pid: number): boolean {
  const { state, isKernels } = statOf(pid)
  const isProgram = readKernelFile(`/proc/${pid}/cmdline`) !== ''
  return hasEnded(state) || isKernels || (isProgram && environmentOf(pid).length === 0)
}

function environmentOf(pid: number): string[] {
  const text = readKernelFile(`/proc/${pid}/environ`)
  return text === '' ? [] : text.split('\0')
}

/** As somebody would type it: without the program's folder, which may be longer than the rest. */
function commandOf(cmdline: string): string {
  const [program = '', ...args] = cmdline.split('\0')
  return [basename(program), ...args].join(' ').trim()
}

/** False for one that waits to be taken note of by its parent (a zombie). */
function isAlive(pid: number): boolean {
  return process.platform === 'linux' ? !hasEnded(statOf(pid).state) : isRunning(pid)
}

/** Elsewhere `ps` tells a process's environment after its arguments. */
function processesOfPs(entry: string): StartedProcess[] {
  try {
    const output = execFileSync('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 ** 2,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return parsePs(output, entry).filter(({ pid }) => pid !== process.pid)
  } catch {
    return []
  }
}

/** The processes of `ps -E -o pid=,command=` that have the entry in their environment. */
export function parsePs(output: string, entry: string): StartedProcess[] {
  return output.split('\n').flatMap((line) => {
    const [, pid, rest] = /^\s*(\d+) (.*)$/.exec(line) ?? []
    if (rest === undefined || !rest.split(' ').includes(entry)) return []
    const environmentAt = / [A-Za-z_]\w*=/.exec(rest)?.index ?? rest.length
    return [{ pid: Number(pid), command: rest.slice(0, environmentAt) }]
  })
}
