import { spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreError } from '../../store/store-error.ts'
import { asUser, type Cluster } from './cluster.ts'
import { findPostmaster, type Postmaster } from './postmaster.ts'

const POLL_MS = 20
/** After a crash it first repeats what its log of changes holds. */
const READY_MS = 60_000
/** So long may the processes of a server that was killed go on. */
const LEFTOVERS_MS = 20_000
const MOST_PORTS = 5

/**
 * Starts PostgreSQL on a free port of this machine's loopback address and waits until it takes
 * connections. It has a process group of its own: Ctrl-C in the terminal does not reach it.
 * `settings` are PostgreSQL's own, such as `fsync=off`.
 * @throws StoreError, or the signal's reason
 */
export async function startPostmaster(
  postgres: string,
  cluster: Cluster,
  log: string,
  { settings, signal }: { settings: readonly string[]; signal: AbortSignal | undefined },
): Promise<Postmaster> {
  const deadline = performance.now() + LEFTOVERS_MS
  for (let ports = 1; ;) {
    const outcome = await attempt(postgres, cluster, log, settings, signal)
    if (typeof outcome !== 'string') return outcome
    if (/Address already in use|could not bind/.test(outcome) && ports++ < MOST_PORTS) continue
    const leftovers = /pre-existing shared memory block|lock file "postmaster.pid" is empty/
    if (!leftovers.test(outcome) || performance.now() > deadline)
      throw explain(outcome, cluster, log)
    await sleep(500, undefined, signal && { signal }).catch(() => signal?.throwIfAborted())
    findPostmaster(cluster.data)
  }
}

/** Gives what the server wrote when it ended instead. */
async function attempt(
  postgres: string,
  cluster: Cluster,
  log: string,
  settings: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Postmaster | string> {
  const port = await freePort()
  const output = openSync(log, 'a+', 0o600)
  try {
    const logged = fstatSync(output).size
    const child = spawn(
      postgres,
      [
        '-D',
        cluster.data,
        ...[...fixedSettings, `port=${port}`, ...settings].flatMap((each) => ['-c', each]),
      ],
      { ...asUser(cluster.user), detached: true, stdio: ['ignore', output, output] },
    )
    let failure: string | null = null
    child.once('error', ({ message }) => (failure = message))
    child.unref()
    const deadline = performance.now() + READY_MS
    while (failure === null && child.exitCode === null && child.signalCode === null) {
      const found = findPostmaster(cluster.data)
      if (found?.ready && found.pid === child.pid) return found
      if (signal?.aborted || performance.now() > deadline) {
        child.kill('SIGINT')
        signal?.throwIfAborted()
        throw tooSlow(log)
      }
      await sleep(POLL_MS)
    }
    return failure ?? readFrom(output, logged)
  } finally {
    closeSync(output)
  }
}

// Reached by its password over the loopback address alone. The path of a socket may hold 107 bytes
// only, and the state folder's may be longer.
const fixedSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'timezone=UTC',
  'log_timezone=UTC',
  'max_connections=200',
]

/** A port that is free now. Another program may take it before it is used. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function readFrom(file: number, position: number): string {
  const bytes = Buffer.alloc(Math.min(64_000, fstatSync(file).size - position))
  readSync(file, bytes, 0, bytes.length, position)
  return bytes.toString('utf8')
}

function explain(said: string, { data }: Cluster, log: string): StoreError {
  if (/No space left on device/.test(said))
    return new StoreError(
      'disk-full',
      `Disk full: the class's database cannot start in ${data}.`,
      'Free some space, then run this again.',
    )
  const inUse = /Is another post(?:master|gres) \(PID (\d+)\) running/.exec(said)
  if (inUse)
    return new StoreError(
      'busy',
      `The class's database is used by another process (${inUse[1]}): ${data}`,
      `End that process first: kill -INT ${inUse[1]}`,
    )
  // A cause comes before what follows from it, but an error comes after what only warns.
  const reason = /(?:FATAL|PANIC): +(.*)/.exec(said)?.[1] ?? said.trim().split('\n').at(-1)
  const damaged = /could not (?:read|locate|open)|invalid|corrupt|checkpoint|incompatible/.test(
    reason ?? '',
  )
  return new StoreError(
    damaged ? 'damaged' : 'unreachable',
    `The class's database does not start: ${reason || 'PostgreSQL ended without a word.'}`,
    damaged ? `Put a copy of ${data} back. The whole log: ${log}` : `The whole log: ${log}`,
  )
}

function tooSlow(log: string): StoreError {
  return new StoreError(
    'unreachable',
    `The class's database has not started after ${READY_MS / 1000} s.`,
    `Run this again. The whole log: ${log}`,
  )
}
