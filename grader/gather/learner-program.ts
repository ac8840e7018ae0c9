import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../clock.ts'
import { GraderError, ProgramFault } from '../faults.ts'
import type { Printed, ProgramExit } from '../types.ts'
import { isBusy } from './cpu-use.ts'
import { freePort } from './free-port.ts'
import { startProcessGroup, type ProcessGroup } from './process-group.ts'
import { slowDown } from './slow-down.ts'
import { waitUntilListening } from './start-ladder.ts'
import { keepWaiting, takeWaiting } from './waiting-programs.ts'

/** What is to be graded. */
export type Program =
  /** Files in `dir`, run by this Node. `label` is how a person knows it: `work/cookies-max-age/server.ts`. */
  | { readonly kind: 'files'; readonly dir: string; readonly entry: string; readonly label: string }
  /** A shell command, run in `dir` with PORT set. Without a label a person knows it by the command. */
  | { readonly kind: 'command'; readonly command: string; readonly dir: string; readonly label?: string }
  /** A server somebody else started. */
  | { readonly kind: 'url'; readonly url: string }

/** A program that runs and accepts connections. */
export interface RunningProgram {
  readonly host: string
  readonly port: number
  readonly readyMs: number
  log(): string
  /** The same output in pieces with their times. Nothing of a server somebody else started. */
  printed(): Printed[]
  /** How it ended, when it has. Always null for a server somebody else started. */
  exit(): ProgramExit | null
  /** True when it uses a whole processor. False for a server somebody else started. */
  isBusy(): Promise<boolean>
  /** Gives true when something of it had to be killed. */
  end(): Promise<boolean>
}

/** How a person knows the program. */
export function programLabel(program: Program): string {
  if (program.kind === 'files') return program.label
  return program.kind === 'command' ? (program.label ?? program.command) : program.url
}

/**
 * Starts a program on a free port and waits until it accepts connections.
 * @throws ProgramFault when it exits, listens elsewhere or never listens.
 */
export async function startProgram(program: Program, clock: Clock, signal: AbortSignal, onSpawn: () => void = () => {}, slowdown = 1): Promise<RunningProgram> {
  if (program.kind === 'url') return existingServer(program.url, clock)
  // Between finding a free port and the program's bind somebody may take it: once more then, on another one.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const startedAt = clock.now()
    const group = slowDown(await start(program, port, clock), slowdown)
    onSpawn()
    try {
      await waitUntilListening(group, port, { strictly: program.kind === 'files', signal })
      return running(group, port, clock.now() - startedAt)
    } catch (error) {
      await group.end()
      const taken = error instanceof ProgramFault && error.id === 'port-taken'
      if (!taken || attempt === 2) throw error
    }
  }
}

/**
 * Has processes wait for the program's next start, at which they will have read nothing of it before. Only for files, where Node can be told to
 * wait.
 */
export function prepareProgram(program: Program, count: number): void {
  if (program.kind !== 'files' || process.platform === 'win32') return
  const [command, args] = commandLine(program, [gateKeeper])
  keepWaiting(program.dir, program.entry, count, (clock) => startProcessGroup(command, args, { cwd: program.dir, env: scrubbedEnvironment(), clock, gated: true }))
}

async function existingServer(url: string, clock: Clock): Promise<RunningProgram> {
  const { hostname, port, protocol } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const startedAt = clock.now()
  const number = Number(port || (protocol === 'https:' ? 443 : 80))
  const { canConnect } = await import('./start-ladder.ts')
  if (!(await canConnect(host, number))) {
    throw new ProgramFault('nothing-listens', `Nothing listens at ${url}. Start your server first, then grade it.`)
  }
  return { host, port: number, readyMs: clock.now() - startedAt, log: () => '', printed: () => [], exit: () => null, isBusy: async () => false, end: async () => false }
}

function running(group: ProcessGroup, port: number, readyMs: number): RunningProgram {
  return {
    host: '127.0.0.1',
    port,
    readyMs,
    log: () => group.log.text(),
    printed: () => group.printed(),
    exit: () => group.exit(),
    isBusy: () => isBusy(group.pid),
    end: () => group.end(),
  }
}

async function start(program: Exclude<Program, { kind: 'url' }>, port: number, clock: Clock): Promise<ProcessGroup> {
  const waiting = program.kind === 'files' ? await takeWaiting(program.dir, program.entry, clock) : null
  if (waiting) {
    waiting.go(port)
    return waiting
  }
  const env = { ...scrubbedEnvironment(), PORT: String(port) }
  const [command, args] = commandLine(program)
  try {
    return await startProcessGroup(command, args, { cwd: program.dir, env, clock })
  } catch (cause) {
    throw new GraderError(`The program could not be started: ${(cause as Error).message}`, `Check that ${program.dir} exists and that ${command} can be run.`, { cause })
  }
}

function commandLine(program: Exclude<Program, { kind: 'url' }>, preloads: readonly string[] = []): [string, string[]] {
  const [command, ...args] = [...diesWithGrader, ...plainCommandLine(program, preloads)] as [string, ...string[]]
  return [command, args]
}

function plainCommandLine(program: Exclude<Program, { kind: 'url' }>, preloads: readonly string[]): string[] {
  if (program.kind === 'files') return [...limitsMemory, process.execPath, ...nodeArguments(program.dir, preloads), join(program.dir, program.entry)]
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', program.command] : ['/bin/sh', '-c', program.command]
}

/** Bytes a program may have besides code and stack; Node's own heap limit does not count buffers. Other runtimes reserve more than they use. */
const LARGEST_DATA = 1024 ** 3

// What Linux can do beyond Node, by tools that replace themselves with the program they start.
const diesWithGrader = linuxTool('/usr/bin/setpriv', '--pdeathsig', 'KILL', '--')
const limitsMemory = linuxTool('/usr/bin/prlimit', `--data=${LARGEST_DATA}`, '--')

function linuxTool(path: string, ...args: string[]): string[] {
  return process.platform === 'linux' && existsSync(path) ? [path, ...args] : []
}

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const gateKeeper = join(projectRoot, 'grader/gather/wait-at-gate.mjs')

/** Reading is limited to the program's own folder and the installed packages: a guard against accidents, not a sandbox. */
export function nodeArguments(dir: string, morePreloads: readonly string[] = []): string[] {
  const inside = !relative(projectRoot, dir).startsWith('..')
  const preloads = [...(inside ? [] : [join(projectRoot, 'grader/gather/resolve-from-project.mjs')]), ...morePreloads]
  const readable = [dir, join(projectRoot, 'node_modules'), join(projectRoot, 'package.json'), ...preloads]
  return [
    '--permission',
    // Before Node 25 a permission to use the network is neither needed nor known.
    ...(process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : []),
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-write=${dir}`,
    '--max-old-space-size=512',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    ...preloads.flatMap((preload) => ['--import', preload]),
  ]
}

/** The contract is PORT; beyond it a program gets what an ordinary shell would give and nothing of ours. */
export function scrubbedEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TERM', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT', 'COMSPEC', 'PATHEXT', 'APPDATA', 'LOCALAPPDATA', 'USERPROFILE']
  return Object.fromEntries(kept.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]))
}
