import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root, type LearnerHome } from './learner-home.ts'

export interface RunningCommand {
  readonly pid: number
  stdout(): string
  stderr(): string
  /**
   * Settles when standard output matches, with the match. Rejects when the command ends before
   * that.
   */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Types, where `stdin` was asked for. */
  type(text: string): void
  /**
   * Sends a signal to the command alone, or with `group` to all of its process group, as a terminal
   * does.
   */
  signal(name: NodeJS.Signals, to?: 'group'): void
  readonly ended: Promise<EndedCommand>
}

const BUSY = /^Waiting for the browser to start\n/m

export interface EndedCommand {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  /** Without the line that a browser is waited for, which only a busy machine has. */
  readonly stderr: string
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** What is run instead of `node bin/roundtrip.mjs`. */
  readonly command?: readonly [string, ...string[]]
  readonly uid?: number
  /** Standard input can be written to; otherwise there is none. */
  readonly stdin?: boolean
}

/** Starts a command line of this project as a process, in a process group of its own. */
export function startCommand(
  home: LearnerHome,
  args: readonly string[],
  options: CommandOptions = {},
): RunningCommand {
  const [command, ...first] = options.command ?? [process.execPath, join(root, 'bin/roundtrip.mjs')]
  const child = spawn(command, [...first, ...args], {
    cwd: options.cwd ?? root,
    env: { ...home.env, ...options.env },
    stdio: [options.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    detached: true,
    ...(options.uid !== undefined &&
      options.uid !== process.getuid?.() && { uid: options.uid, gid: options.uid }),
  })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    watchers.forEach((watch) => watch())
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<EndedCommand>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const settle = () => resolve({ code, signal, stdout, stderr: stderr.replace(BUSY, '') })
      child.once('close', settle)
      // A process left behind would hold the pipe open for ever, and that is for a test to find
      // out.
      setTimeout(settle, 1000).unref()
    })
  })
  return {
    pid: child.pid!,
    stdout: () => stdout,
    stderr: () => stderr,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stdout)
          if (!match) return
          watchers.delete(look)
          resolve(match)
        }
        watchers.add(look)
        look()
        ended.then(
          ({ code, signal }) =>
            reject(
              new Error(
                `${args.join(' ')} ended (${signal ?? code}) before it printed ${pattern}:\n${stdout}${stderr}`,
              ),
            ),
          reject,
        )
      }),
    type: (text) => void child.stdin?.write(text),
    signal: (name, to) => void process.kill(to === 'group' ? -child.pid! : child.pid!, name),
    ended,
  }
}

/** Runs a command line of this project to its end. */
export function runCommand(
  home: LearnerHome,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<EndedCommand> {
  return startCommand(home, args, options).ended
}
