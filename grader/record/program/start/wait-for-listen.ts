import { connect } from 'node:net'
import { hasEnded, statOf } from '../../../machine/proc.ts'
import { StartupError } from '../../../types/errors.ts'
import { isGroupBusy } from '../../timing/cpu-use.ts'
import { explainBackground } from '../explain/explain-background.ts'
import { shortageThatEnded } from '../../../machine/shortage.ts'
import { enclosureFault } from './enclosure.ts'
import { explainExit } from '../explain/explain-exit.ts'
import { createQuietTime } from '../../timing/quiet-time.ts'
import { addUpWaits } from '../../timing/processor-waits.ts'
import { groupMembersLately } from '../processes/group-members.ts'
import type { ProcessGroup } from '../processes/process-group.ts'
import type { StartedByCommand } from '../processes/started-by-command.ts'

/** How long is waited, in milliseconds. */
interface Timeouts {
  /** For the port, on a quiet machine. */
  readonly listen: number
  /** For the port, on a busy one. */
  readonly longest: number
  /** For the right port, once it listens on another. */
  readonly anotherPort: number
}

/** A command may compile first, or start another runtime. */
const TIMEOUTS: Readonly<Record<'files' | 'command', Timeouts>> = {
  files: { listen: 5000, longest: 30_000, anotherPort: 1500 },
  command: { listen: 60_000, longest: 120_000, anotherPort: 5000 },
}

const TELL_AFTER_MS = 3000

/**
 * Waits until the program accepts connections on `port` of 127.0.0.1. Three things can happen
 * first, and each has its words: it exits, it listens somewhere else, or the time is up.
 * @throws StartupError
 */
export async function waitForListen(
  group: ProcessGroup,
  port: number,
  { kind, started, onWait = () => {}, signal }: ListenOptions,
): Promise<void> {
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt
  const { listen, longest, anotherPort } = TIMEOUTS[kind]
  const waited = addUpWaits(() => [process.pid, ...groupMembersLately(group.pid)])
  const quiet = createQuietTime(listen, longest, { waited })
  let nextMeasurement = listen
  let isTold = kind === 'files'
  let elsewhereSince: number | null = null
  let nextLook = 400
  let overAfter: number | null = null

  for (;;) {
    signal.throwIfAborted()
    const exit = group.exit()
    if (exit) {
      await group.exited
      const answers = () => canConnect('127.0.0.1', port)
      throw (
        (started && (await explainBackground(group, port, started, answers))) ??
        shortageThatEnded(group.log.text()) ??
        (group.begun() ? null : enclosureFault(exit, group.log.text())) ??
        explainExit(exit, group.log, port)
      )
    }
    if (
      (await canConnect('127.0.0.1', port)) &&
      (await isTheirs(group, port, { strictly: kind === 'files', elapsedMs: elapsed() })) &&
      !isLeaderGone(group)
    )
      return
    // Only now: on a busy machine it may have begun to listen since it was last tried.
    if (overAfter !== null) throw await neverListens(group, port, { kind, waited: overAfter })

    if (elapsed() > nextLook) {
      nextLook = elapsed() + 250
      // A process that ends takes with it what it waited: a compiler, before the program.
      waited()
      const elsewhere = await listeningElsewhere(group, port)
      if (!elsewhere) elsewhereSince = null
      else if (elsewhereSince === null) elsewhereSince = elapsed()
      // A program may open several ports: the right one gets a little longer to appear.
      else if (elapsed() - elsewhereSince > anotherPort) throw elsewhere
    }
    if (!isTold && elapsed() > TELL_AFTER_MS) {
      isTold = true
      onWait(`Waiting for your command to listen on PORT, ${listen / 1000} s at most`)
    }
    if (elapsed() > nextMeasurement) {
      const left = await quiet.left(elapsed)
      if (left === 0) overAfter = nextMeasurement
      nextMeasurement = elapsed() + left
    }
    await new Promise((resolve) => setTimeout(resolve, elapsed() < 1000 ? 4 : 25))
  }
}

export interface ListenOptions {
  /**
   * Of `files` only the program's own process group counts as listening, after five seconds at most
   * on a quiet machine. A command may hand over to a process elsewhere (a container), and take a
   * minute.
   */
  readonly kind: 'files' | 'command'
  /** What a command started beside its group. */
  readonly started?: StartedByCommand
  /** Called with what is awaited, when that takes long. */
  readonly onWait?: (text: string) => void
  readonly signal: AbortSignal
}

const HANDED_OVER_MS = 2000

/**
 * That the port answers does not say who answers: another program may have taken it since it was
 * found free. Then this one is about to end with EADDRINUSE, and must not be judged by the other's
 * answers.
 */
async function isTheirs(
  group: ProcessGroup,
  port: number,
  options: { strictly: boolean; elapsedMs: number },
): Promise<boolean> {
  const { holdsPort } = await import('../ports/listening-ports.ts')
  const theirs = await holdsPort(group.pid, port)
  if (theirs !== false) return true
  return !options.strictly && options.elapsedMs > HANDED_OVER_MS
}

/** The system knows before this process is told: then its exit is what is to be explained. */
function isLeaderGone({ pid }: ProcessGroup): boolean {
  return process.platform === 'linux' && hasEnded(statOf(pid).state)
}

/** True when something accepts a TCP connection there now. */
export function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const settle = (connected: boolean) => {
      socket.destroy()
      resolve(connected)
    }
    socket.setTimeout(1000, () => settle(false))
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

async function listeningElsewhere(group: ProcessGroup, port: number): Promise<StartupError | null> {
  const { listeningPorts } = await import('../ports/listening-ports.ts')
  const found = await listeningPorts(group.pid)
  const same = found.find((listener) => listener.port === port)
  if (same) {
    // It may have begun to listen since it was last tried.
    if (await canConnect('127.0.0.1', port)) return null
    return new StartupError(
      'wrong-interface',
      `You listen on ${same.address} only, and the grader comes by 127.0.0.1. Leave the host out, or listen on '127.0.0.1'.`,
    )
  }
  const other = found[0]
  if (!other) return null
  return new StartupError(
    'wrong-port',
    `You listen on port ${other.port}; the exercise gives you the port in process.env.PORT (this time ${port}). It changes every run.`,
    group.log.lastLines(5),
  )
}

async function neverListens(
  group: ProcessGroup,
  port: number,
  { kind, waited }: { kind: 'files' | 'command'; waited: number },
): Promise<StartupError> {
  const seconds = Math.round(waited / 1000)
  const after = `${seconds} s${kind === 'command' ? ', the longest that a command may take,' : ''}`
  const from = kind === 'command' ? 'the environment variable PORT' : 'process.env.PORT'
  const busy = await isGroupBusy(group.pid)
  if (busy)
    return new StartupError(
      'endless-loop',
      `It used a whole processor for ${after} and nothing listens on port ${port} (from ${from}). A loop that never ends?`,
      group.log.lastLines(20),
    )
  return new StartupError(
    'never-listens',
    `It is running, but after ${after} nothing listens on port ${port} (from ${from}). Does your program call listen()?`,
    group.log.lastLines(20),
  )
}
