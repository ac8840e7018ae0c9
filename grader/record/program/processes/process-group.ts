import {
  spawn,
  type ChildProcess,
  type ChildProcessByStdio,
  type StdioOptions,
} from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Printed, ProgramExit } from '../../../types/index.ts'
import type { Clock } from '../../timing/clock.ts'
import { createCappedLog, type CappedLog } from '../output/capped-log.ts'
import { notesOfPrograms } from '../start/dies-with-grader.ts'
import { asItEnded, maybeSignal } from '../start/enclosure.ts'
import { readEnclosureStatus, STATUS_FD } from '../start/enclosure-status.ts'
import { noteProgram } from './leftover-programs.ts'
import { endGroup, groupLives, signalGroup, signalWork } from './end-group.ts'
import { createTimedOutput } from '../output/timed-output.ts'

/** A started program with everything it started itself. */
export interface ProcessGroup {
  readonly pid: number
  readonly log: CappedLog
  /** The process itself, for messages to and from one that was started with `messages`. */
  readonly process: ChildProcess
  /** The same output with its times. */
  printed(): Printed[]
  /** Calls for every piece of output that is still to come. */
  onPrinted(onPiece: (piece: Printed) => void): void
  /** Set once the program itself has ended. */
  exit(): ProgramExit | null
  /**
   * True when the program itself has ended without a complaint and something it started runs on.
   */
  handedOver(): boolean
  /** Settles when the program itself has ended. */
  readonly exited: Promise<ProgramExit>
  /** False while an enclosure has not got to the program yet: what is printed is the enclosure's. */
  begun(): boolean
  /** Sends a signal, without waiting for what comes of it. */
  signal(signal: NodeJS.Signals): void
  /** Lets a process through that waits at its gate (hold.mjs). */
  go(environment: Readonly<Record<string, string>>): void
  /**
   * TERM, then KILL to the whole group. Safe to call again. Gives true when something outlived the
   * program itself.
   */
  end(): Promise<boolean>
}

/** Milliseconds; only a process that outlives its program keeps the status open that long. */
const LAST_WORD_MS = 1000

const live = new Set<ChildProcess>()

// The last line of defence: whatever way this process ends, the programs it started end with it.
process.on('exit', () => {
  for (const child of live) signalGroup(child, 'SIGKILL')
})

/**
 * Starts `command` in a process group of its own with its output drained and capped. `gated`: it
 * will wait for `go`. `messages`: it can be sent messages and send some. `notes`: the folder for
 * notes of what runs, where another than the usual one is meant. `enclosed`: `command` is an
 * Enclosure's. Throws what spawn throws (ENOENT).
 */
export async function startProcessGroup(
  command: string,
  args: readonly string[],
  options: {
    cwd: string
    env: NodeJS.ProcessEnv
    clock: Clock
    gated?: boolean
    messages?: boolean
    notes?: string | null
    enclosed?: boolean
  },
): Promise<ProcessGroup> {
  const stdio: StdioOptions = [
    'ignore',
    'pipe',
    'pipe',
    ...(options.gated ? (['pipe'] as const) : options.messages ? (['ipc'] as const) : []),
  ]
  if (options.enclosed) {
    stdio[STATUS_FD - 1] ??= 'ignore'
    stdio[STATUS_FD] = 'pipe'
  }
  const started = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio,
    serialization: 'advanced',
  })
  const child = started as ChildProcessByStdio<null, Readable, Readable>
  if (child.pid !== undefined) live.add(child)
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  const { notes = notesOfPrograms() } = options
  const forget = notes === null ? null : noteProgram(notes, child.pid!)
  const log = createCappedLog()
  child.stdout.on('data', log.append)
  child.stderr.on('data', log.append)
  const output = createTimedOutput(options.clock)
  output.listen(child.stdout, 'stdout')
  output.listen(child.stderr, 'stderr')
  const gate = options.gated ? (started.stdio[3] as Writable) : null
  // Whoever ended at the gate does not hear.
  gate?.on('error', () => {})

  const status = options.enclosed ? readEnclosureStatus(started.stdio[STATUS_FD] as Readable) : null

  let exit: ProgramExit | null = null
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const exited = new Promise<ProgramExit>((resolve) => {
    child.once('exit', async (code, signal) => {
      const at = options.clock.now()
      // Whether it was a signal, the program may have said a moment ago.
      if (status && maybeSignal(code))
        await Promise.race([status.over, sleep(LAST_WORD_MS, undefined, { ref: false })])
      const ended = status ? asItEnded(code, signal, status.now().exitCode) : { code, signal }
      exit = { ...ended, at }
      // Output still in the pipe belongs to the story: 'close' follows when a grandchild does not
      // hold it open. A busy process reads it after the timer, so it gets one more turn.
      const settle = () => resolve(exit!)
      const timer = setTimeout(() => setImmediate(settle), 150)
      void closed.then(() => {
        clearTimeout(timer)
        settle()
      })
    })
  })

  return {
    pid: child.pid!,
    process: started,
    log,
    printed: output.pieces,
    onPrinted: output.subscribe,
    exit: () => exit,
    handedOver: () => exit?.code === 0 && groupLives(child),
    exited,
    begun: () => status?.now().begun ?? true,
    signal(signal) {
      if (exit === null) signalWork(child, signal)
    },
    go: (environment) => void gate?.end(JSON.stringify(environment), () => gate.destroy()),
    async end() {
      const leader = exit === null
      const killed = await endGroup(child, 'SIGTERM', leader ? 500 : 200)
      // Not before: this process may exit meanwhile.
      live.delete(child)
      await exited
      for (const stream of started.stdio) stream?.destroy()
      await forget?.()
      return killed
    },
  }
}
