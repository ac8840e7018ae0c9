import { connect } from 'node:net'
import { StartupError } from '../../types/errors.ts'
import { isBusy } from '../timing/cpu-use.ts'
import { explainExit } from './explain-exit.ts'
import { machineSlowness } from '../timing/machine-speed.ts'
import type { ProcessGroup } from './process-group.ts'

const PATIENCE_MS = 5000
const LONGEST_PATIENCE_MS = 30_000
const ANOTHER_PORT_MS = 1500

/**
 * Waits until the program accepts connections on `port` of 127.0.0.1. Three things can happen
 * first, and each has its words: it exits, it listens somewhere else, or the time is up.
 * @throws StartupError
 */
export async function waitForListen(
  group: ProcessGroup,
  port: number,
  { strictly, signal }: ListenOptions,
): Promise<void> {
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt
  let patience = PATIENCE_MS
  let elsewhereSince: number | null = null
  let nextLook = 400

  for (;;) {
    signal.throwIfAborted()
    const exit = group.exit()
    if (exit) {
      await group.exited
      throw explainExit(exit, group.log, port)
    }
    if (
      (await canConnect('127.0.0.1', port)) &&
      (await isTheirs(group, port, { strictly, elapsedMs: elapsed() }))
    )
      return

    if (elapsed() > nextLook) {
      nextLook = elapsed() + 250
      const elsewhere = await listeningElsewhere(group, port)
      if (!elsewhere) elsewhereSince = null
      else if (elsewhereSince === null) elsewhereSince = elapsed()
      // A program may open several ports: the right one gets a little longer to appear.
      else if (elapsed() - elsewhereSince > ANOTHER_PORT_MS) throw elsewhere
    }
    if (elapsed() > patience) {
      const scaled = await scaledPatience()
      if (elapsed() > scaled) throw await neverListens(group, port, scaled)
      patience = scaled
    }
    await new Promise((resolve) => setTimeout(resolve, elapsed() < 1000 ? 4 : 25))
  }
}

export interface ListenOptions {
  /**
   * Only the program's own process group counts as listening. A command may hand over to a process
   * elsewhere (a container).
   */
  readonly strictly: boolean
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
  const { holdsPort } = await import('./ports/listening-ports.ts')
  const theirs = await holdsPort(group.pid, port)
  if (theirs !== false) return true
  return !options.strictly && options.elapsedMs > HANDED_OVER_MS
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
  const { listeningPorts } = await import('./ports/listening-ports.ts')
  const found = await listeningPorts(group.pid)
  const same = found.find((listener) => listener.port === port)
  if (same) {
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

/**
 * Five seconds on a quiet machine; on a busy one as much longer as a trivial program needs longer
 * there now.
 */
async function scaledPatience(): Promise<number> {
  return Math.min(LONGEST_PATIENCE_MS, PATIENCE_MS * (await machineSlowness()))
}

async function neverListens(
  group: ProcessGroup,
  port: number,
  patience: number,
): Promise<StartupError> {
  const seconds = Math.round(patience / 1000)
  const busy = await isBusy(group.pid)
  if (busy)
    return new StartupError(
      'endless-loop',
      `It used a whole processor for ${seconds} s and nothing listens on port ${port} (from process.env.PORT). A loop that never ends?`,
      group.log.lastLines(20),
    )
  return new StartupError(
    'never-listens',
    `It is running, but after ${seconds} s nothing listens on port ${port} (from process.env.PORT). Does your program call listen()?`,
    group.log.lastLines(20),
  )
}
