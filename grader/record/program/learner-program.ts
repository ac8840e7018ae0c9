import { join } from 'node:path'
import type { Clock } from '../timing/clock.ts'
import { shortageOf } from '../../machine/shortage.ts'
import { GraderError, StartupError } from '../../types/errors.ts'
import type { Call, Diagnosis, Printed, ProgramExit } from '../../types/index.ts'
import type { SiteAnswer } from '../../types/kit.ts'
import { waitUntilIdle } from '../browser/page/wait-until-idle.ts'
import { isGroupBusy } from '../timing/cpu-use.ts'
import { notesOfPrograms } from './start/dies-with-grader.ts'
import type { AdaptiveTimeout } from '../timing/deadline.ts'
import { scrubbedEnvironment } from './start/environment.ts'
import type { Enclosure } from './start/enclosure.ts'
import { commandLineOf, gateKeeper, nodeCommand, type Surroundings } from './start/node-command.ts'
import { freePort } from './ports/free-port.ts'
import { realPath } from './program-folders.ts'
import { sweepPrograms } from './processes/leftover-programs.ts'
import { startProcessGroup, type ProcessGroup } from './processes/process-group.ts'
import { createLives, type Life, type ProgramLives } from './program-lives.ts'
import { slowDown } from '../timing/slow-down.ts'
import type { WrittenSnapshot } from './snapshot/snapshot.ts'
import { waitForListen } from './start/wait-for-listen.ts'
import { keepWaiting, takeWaiting } from './start/held-programs.ts'

/** What is to be graded. */
export type Program =
  /**
   * Files in `dir`, run by this Node. `label` is how a person knows it:
   * `work/cookies-max-age/server.ts`.
   */
  | { readonly kind: 'files'; readonly dir: string; readonly entry: string; readonly label: string }
  /** A script in `dir` for a page: the file `html`, with its placeholders filled. */
  | {
      readonly kind: 'page'
      readonly dir: string
      readonly entry: string
      readonly label: string
      readonly html: string
    }
  /** Files in `dir` that export functions to be called. */
  | {
      readonly kind: 'client'
      readonly dir: string
      readonly entry: string
      readonly label: string
      /** For the author's gate: whatever function is called, the default export is. */
      readonly standsIn?: boolean
    }
  /**
   * A shell command, run in `dir` with PORT set. Without a label a person knows it by the command.
   */
  | {
      readonly kind: 'command'
      readonly command: string
      readonly dir: string
      readonly label?: string
    }
  /** A server somebody else started. */
  | { readonly kind: 'url'; readonly url: string }

/**
 * Calls a function by its name with arguments structuredClone can copy. @throws StartupError when
 * nothing is exported by that name.
 */
export type CallExport = (
  name: string,
  args: readonly unknown[],
  timeout: AdaptiveTimeout,
) => Promise<Call>

/** A program that runs and accepts connections, or is loaded and can be called. */
export interface RunningProgram {
  readonly host: string
  /** 0 for a client, which accepts no connections. */
  readonly port: number
  /** Calls an exported function of a client. */
  readonly call?: CallExport
  /** The learner's files by the path a page asks for them, where the two differ. */
  readonly scripts?: Readonly<Record<string, string>>
  /** Of a page: the file that a page got and that imports this. */
  readonly importerOf?: (specifier: string) => string | undefined
  readonly readyMs: number
  /** Of a page: what the author's routes on its origin threw first. */
  readonly thrown?: () => { readonly error: unknown } | undefined
  /** What it noticed itself. */
  remarks?(): readonly Diagnosis[]
  log(): string
  /** The same output in pieces with their times. Nothing of a server somebody else started. */
  printed(): Printed[]
  /** How it ended, when it has. Always null for a server somebody else started. */
  exit(): ProgramExit | null
  /** The pid that leads its process group now, where it is one of the grader's. */
  leader?(): number
  /** True when it uses a whole processor. False for a server somebody else started. */
  isBusy(): Promise<boolean>
  /** Settles when it has nothing to do at once, or has ended. Left out where that isn't seen. */
  waitUntilIdle?(): Promise<void>
  /** Of a server that the grader started: what a scenario can do with it. */
  readonly lives?: Pick<ProgramLives, 'control' | 'stop' | 'crashes' | 'interventions'>
  /** Gives true when something of it had to be killed. */
  end(): Promise<boolean>
}

/** How a person knows the program. */
export function programLabel(program: Program): string {
  if (program.kind === 'url') return program.url
  return program.kind === 'command' ? (program.label ?? program.command) : program.label
}

export interface StartOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Called when the process runs, before it is known whether it will do. */
  readonly onSpawn?: () => void
  /** Called with what is awaited, when a start takes long. */
  readonly onWait?: (text: string) => void
  /** How many times slower it is made. */
  readonly slowdown?: number
  /** What it is given beside PORT. */
  readonly environment?: Readonly<Record<string, string>>
  /** The modules it is started from, whatever is on the disk by then. */
  readonly snapshot?: WrittenSnapshot | undefined
  /** Of a page: the author's own routes on its origin. */
  readonly site?: SiteAnswer
  /** Of a page: Cache-Control of the page and its scripts. */
  readonly cacheControl?: string
  /** Runs it in a box of its own. */
  readonly enclosure?: Enclosure | undefined
}

/** What gradings left behind that were killed before this one. */
let sweeping: Promise<number> | undefined

/**
 * Starts a program on a free port and waits until it accepts connections; a client, until it is
 * loaded.
 * @throws StartupError when it exits, listens elsewhere or never listens.
 */
export async function startProgram(
  program: Program,
  options: StartOptions,
): Promise<RunningProgram> {
  const notes = notesOfPrograms()
  if (notes !== null) sweeping ??= sweepPrograms(notes)
  if (program.kind === 'url')
    return (await import('./existing-server.ts')).existingServer(program.url)
  if (program.kind === 'page')
    return (await import('./page/page-program.ts')).startPageProgram(program, options)
  if (program.kind === 'client')
    return (await import('./client-program.ts')).startClientProgram(program, options)
  // Between finding a free port and the program's bind somebody may take it: once more then, on
  // another one.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const startedAt = performance.now()
    try {
      const first = await startOn(port, program, options)
      return running(first, port, program, options, performance.now() - startedAt)
    } catch (error) {
      const taken = error instanceof StartupError && error.id === 'port-taken'
      if (!taken || attempt === 2) throw error
    }
  }
}

/** Starts it on this port. @throws StartupError after ending what it had started. */
async function startOn(port: number, program: Started, options: StartOptions): Promise<Life> {
  const { signal, onSpawn = () => {}, onWait, slowdown = 1, snapshot } = options
  const environment = { ...options.environment, ...snapshot?.environment }
  const group = slowDown(
    await start(program, { ...environment, PORT: String(port) }, options),
    slowdown,
  )
  const started =
    program.kind === 'command'
      ? (await import('./processes/started-by-command.ts')).startedByCommand(
          group.pid,
          `PORT=${port}`,
        )
      : undefined
  const end = async () => {
    const killed = await group.end()
    await started?.end()
    return killed
  }
  onSpawn()
  try {
    await waitForListen(group, port, {
      kind: program.kind,
      signal,
      ...(started && { started }),
      ...(onWait && { onWait }),
    })
    return { group, end }
  } catch (error) {
    await end()
    throw error
  }
}

/**
 * Has processes wait for the program's next start, at which they will have read nothing of it
 * before. Only for files, where Node can be told to wait.
 */
export function prepareProgram(program: Program, count: number): void {
  if (program.kind !== 'files') return
  const [command, args] = commandLine(program, { preloads: [gateKeeper] })
  keepWaiting(program.dir, program.entry, count, (clock) =>
    startProcessGroup(command, args, {
      cwd: program.dir,
      env: scrubbedEnvironment(),
      clock,
      gated: true,
    }),
  )
}

function running(
  first: Life,
  port: number,
  program: Started,
  options: StartOptions,
  readyMs: number,
): RunningProgram {
  const { clock, environment = {} } = options
  const lives = createLives(first, {
    kind: program.kind,
    port,
    clock,
    environment,
    boot: (given) => startOn(port, program, { ...options, environment: given }),
  })
  return {
    host: '127.0.0.1',
    port,
    readyMs,
    log: () => lives.log(),
    printed: lives.printed,
    exit: lives.exit,
    leader: () => lives.current().pid,
    isBusy: () => isGroupBusy(lives.current().pid),
    waitUntilIdle: () => waitUntilIdle(lives.current()),
    lives,
    end: lives.end,
  }
}

type Started = Extract<Program, { kind: 'files' | 'command' }>

async function start(
  program: Started,
  environment: Readonly<Record<string, string>>,
  { clock, enclosure }: StartOptions,
): Promise<ProcessGroup> {
  const mayWait = program.kind === 'files' && !enclosure
  const waiting = mayWait ? await takeWaiting(program.dir, program.entry, clock) : null
  if (waiting) {
    waiting.go(environment)
    return waiting
  }
  const env = { ...scrubbedEnvironment(), ...environment }
  const [command, args] = commandLine(program, { enclosure })
  try {
    const enclosed = enclosure !== undefined
    return await startProcessGroup(command, args, { cwd: program.dir, env, clock, enclosed })
  } catch (cause) {
    const lacking = shortageOf(cause)
    if (lacking) throw lacking
    throw new GraderError(
      `The program could not be started: ${(cause as Error).message}`,
      `Check that ${program.dir} exists and that ${command} can be run.`,
      { cause },
    )
  }
}

function commandLine(program: Started, surroundings: Surroundings): [string, string[]] {
  const dir = realPath(program.dir) ?? program.dir
  return program.kind === 'files'
    ? nodeCommand(dir, join(dir, program.entry), [], surroundings)
    : commandLineOf(dir, program.command, surroundings.enclosure)
}
