import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A process, and its command line. */
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
  /** TERM, then KILL to each of them. Gives true when there were some. */
  end(): Promise<boolean>
}

const TO_END_MS = 500

const live = new Set<StartedByCommand>()

// As with process groups: whatever way this process ends.
process.on('exit', () => {
  for (const started of live) signalAll(started.running(), 'SIGKILL')
})

/**
 * Knows what the command `leader` started by its environment: the port in it was drawn for this
 * start alone, and nothing counts that began before the command.
 */
export function startedByCommand(leader: number, port: number): StartedByCommand {
  const since = beganAt(leader)
  const running = () =>
    process.platform === 'linux'
      ? processesOfLinux(port).filter(({ pid }) => beganAt(pid) >= since)
      : process.platform === 'win32'
        ? []
        : processesOfPs(port)
  const started: StartedByCommand = {
    running,
    async end() {
      const found = running()
      signalAll(found, 'SIGTERM')
      const deadline = performance.now() + TO_END_MS
      while (running().length > 0 && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 25))
      // What is ended may have started another meanwhile.
      for (let look = 0; look < 3 && running().length > 0; look++) {
        signalAll(running(), 'SIGKILL')
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      live.delete(started)
      return found.length > 0
    },
  }
  live.add(started)
  return started
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

function processesOfLinux(port: number): StartedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => read(name, 'environ').split('\0').includes(`PORT=${port}`))
    .map((name) => ({
      pid: Number(name),
      command: read(name, 'cmdline').replaceAll('\0', ' ').trim(),
    }))
    .filter(({ command }) => command !== '')
}

/** In ticks since the machine's start (proc_pid_stat(5), field 22); 0 where that is not told. */
function beganAt(pid: number): number {
  const stat = read(String(pid), 'stat')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 0)
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
function processesOfPs(port: number): StartedProcess[] {
  try {
    const output = execFileSync('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 ** 2,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return parsePs(output, port).filter(({ pid }) => pid !== process.pid)
  } catch {
    return []
  }
}

/** The processes of `ps -E -o pid=,command=` that have the port in their environment. */
export function parsePs(output: string, port: number): StartedProcess[] {
  return output.split('\n').flatMap((line) => {
    const [, pid, rest] = /^\s*(\d+) (.*)$/.exec(line) ?? []
    if (rest === undefined || !rest.split(' ').includes(`PORT=${port}`)) return []
    const environmentAt = / [A-Za-z_]\w*=/.exec(rest)?.index ?? rest.length
    return [{ pid: Number(pid), command: rest.slice(0, environmentAt) }]
  })
}
