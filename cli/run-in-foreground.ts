import { spawn } from 'node:child_process'
import { endGroup, groupGone, signalGroup } from '../grader/record/program/processes/end-group.ts'
import type { StartedByCommand } from '../grader/record/program/processes/started-by-command.ts'
import { interrupted } from './interrupt.ts'

/** So long a program that was asked to end may take, in milliseconds. */
const TO_END_MS = 5000

/**
 * Runs a command line on this terminal until it and what it started have ended. Once `signal` is
 * aborted it is sent what ended this process, and is killed when that does not end it. `also`
 * knows by its pid what it starts outside of its process group. Gives its exit code; null when a
 * signal ended it. Throws what spawn throws (ENOENT).
 */
export async function runInForeground(
  [command, args]: readonly [string, readonly string[]],
  options: { cwd: string; env: NodeJS.ProcessEnv },
  signal: AbortSignal,
  also: (pid: number) => StartedByCommand | null = () => null,
): Promise<number | null> {
  signal.throwIfAborted()
  // A group of its own: a shell passes no signal on to what it runs. So Ctrl-C reaches it only from
  // here.
  const child = spawn(command, args, {
    ...options,
    stdio: 'inherit',
    detached: true,
  })
  const others = child.pid === undefined ? null : also(child.pid)
  const kill = () => signalGroup(child, 'SIGKILL')
  process.on('exit', kill)
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('exit', resolve)
      child.once('error', reject)
    })
    const code = await Promise.race([ended.then(alone), interrupted(signal)])
    if (typeof code === 'number' || code === null) return code
    await endGroup(child, code.signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM', TO_END_MS)
    return await ended
  } finally {
    await others?.end()
    process.off('exit', kill)
  }

  /** The shell of a command may end before what it started. */
  async function alone(code: number | null): Promise<number | null> {
    const lives = async () => !(await groupGone(child, 200)) || others?.isRunning()
    while (!signal.aborted && (await lives()))
      await new Promise((resolve) => setTimeout(resolve, 200))
    return code
  }
}
