import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { networkInterfaces } from 'node:os'

export const systemProbes = {
  /** In which processes' environments a text is, by their numbers. */
  environmentsWith: (wanted: string) =>
    processes().filter((pid) => attempt(() => environmentOf(pid))?.includes(wanted)),

  processes: () => processes(),

  /** What became of the signal to each: whether it could be sent. */
  kill: (pids: readonly number[]) =>
    pids.map((pid) => attempt(() => (process.kill(pid, 'SIGKILL'), 'sent')) ?? 'refused'),

  routes: () => linesOf('/proc/net/route').filter((line) => !line.startsWith('lo')),
  interfaces: () => Object.keys(networkInterfaces()),

  /** `connected`, or why not, of a connection to each. */
  connect: (targets: readonly NetConnectOpts[]) => Promise.all(targets.map(connection)),

  /** The exit code of each command, and the first line of its complaint. */
  run: (commands: readonly (readonly [string, ...string[]])[]) =>
    commands.map(([command, ...args]) => {
      const { status, error, stderr } = spawnSync(command, args, {
        encoding: 'utf8',
        timeout: 10_000,
      })
      return { status, says: error?.message ?? stderr.split('\n', 1)[0] }
    }),

  becomeRoot: () => {
    process.setuid!(0)
    return process.getuid!()
  },
  status: () =>
    Object.fromEntries(
      readFileSync('/proc/self/status', 'utf8')
        .split('\n')
        .map((line) => line.split(/:\s*/, 2))
        .filter(([name]) => /^(Cap\w+|NoNewPrivs|Uid)$/.test(name!)),
    ),
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function environmentOf(pid: number): string {
  return readFileSync(`/proc/${pid}/environ`, 'utf8')
}

/** Without the heading. */
function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(1).filter(Boolean)
}

function connection(target: NetConnectOpts): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ ...target, timeout: 3000 })
    const settle = (got: string) => {
      socket.destroy()
      resolve(got)
    }
    socket.once('connect', () => settle('connected'))
    socket.once('timeout', () => settle('timeout'))
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message))
  })
}

function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
