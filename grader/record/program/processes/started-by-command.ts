import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isRunning } from '../../../../course/is-running.ts'

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
  /** TERM, then KILL to each of them, and waits for their end. */
  end(): Promise<void>
}

/** So long each signal is given, in milliseconds. */
const TO_END_MS = 500

const live = new Set<StartedByCommand>()

// As with process groups: whatever way this process ends.
process.on('exit', () => {
  for (const started of live) signalAll(started.running(), 'SIGKILL')
})

/**
 * Knows what the command `leader` started by its environment, which children inherit. `entry`, a
 * name=value, has to be drawn for this start alone, because every process that has it is ended.
 * Nothing counts that began before the command.
 */
export function startedByCommand(leader: number, entry: string): StartedByCommand {
  const since = beganAt(leader)
  const running = () =>
    process.platform === 'linux'
      ? processesOfLinux(entry).filter(({ pid }) => beganAt(pid) >= since)
      : process.platform === 'win32'
        ? []
        : processesOfPs(entry)
  const started: StartedByCommand = {
    running,
    async end() {
      const seen = new Set<number>()
      const look = () => {
        const found = running()
        for (const { pid } of found) seen.add(pid)
        return found
      }
      // An ending process has no environment any more, and for a moment still its port.
      const allEnded = () => look().length === 0 && ![...seen].some(isAlive)
      signalAll(look(), 'SIGTERM')
      await becomesTrue(allEnded)
      await becomesTrue(() => {
        // What is ended may have started another meanwhile.
        signalAll(look(), 'SIGKILL')
        return allEnded()
      })
      live.delete(started)
    },
  }
  live.add(started)
  return started
}

async function becomesTrue(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + TO_END_MS
  while (!condition() && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 25))
}

function signalAll(processes: readonly StartedProcess[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended.
    }
  }
}

function processesOfLinux(entry: string): StartedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => read(name, 'environ').split('\0').includes(entry))
    .map((name) => ({ pid: Number(name), command: commandOf(read(name, 'cmdline')) }))
    .filter(({ command }) => command !== '')
}

/** As somebody would type it: without the program's folder, which may be longer than the rest. */
function commandOf(cmdline: string): string {
  const [program = '', ...args] = cmdline.split('\0')
  return [basename(program), ...args].join(' ').trim()
}

/** In ticks since the machine's start; 0 where that is not told. */
function beganAt(pid: number): number {
  return Number(statOf(pid)[19] ?? 0)
}

/** False for one that waits to be taken note of by its parent (a zombie). */
function isAlive(pid: number): boolean {
  return process.platform === 'linux' ? !/^[ZX]?$/.test(statOf(pid)[0]!) : isRunning(pid)
}

/** What follows the command's name (proc_pid_stat(5), from field 3). */
function statOf(pid: number): string[] {
  const stat = read(String(pid), 'stat')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Empty for a process that has ended, and for another user's. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
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
