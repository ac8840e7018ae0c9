import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { explainFileError } from '../../course/read/file-error.ts'
import { withInstallLock } from '../../grader/record/browser/install/install-lock.ts'
import { StoreError } from '../../store/store-error.ts'
import { openCluster, ROLE, type Cluster } from './cluster.ts'
import type { PostgresPrograms } from './install-postgres.ts'
import { findPostmaster, isAlive, type Postmaster } from './postmaster.ts'
import { letEnter } from './server-user.ts'
import { startPostmaster } from './start-postmaster.ts'

const POLL_MS = 50
const BEGINNING_MS = 60_000
/** Within it the server ends its connections and writes everything to the disk. */
const FAST_STOP_MS = 30_000

export interface OwnServerOptions {
  /** Holds the data and the log. */
  readonly folder: string
  readonly programs: () => Promise<PostgresPrograms>
  /** Roundtrip's folders. Where this runs as root, they are opened for the user of the server. */
  readonly ours: readonly string[]
  readonly onProgress: (progress: { text: string }) => void
  readonly signal?: AbortSignal
  /** PostgreSQL's own settings, such as `fsync=off`. */
  readonly settings?: readonly string[]
  /** The server goes on when this process ends. */
  readonly outlives?: boolean
}

/** A server of PostgreSQL that several processes may use at once. */
export interface OwnServer {
  /** `postgres://user:password@127.0.0.1:port/postgres` */
  readonly url: string
  /** Stops the server, unless another process still uses it. */
  release(): Promise<void>
}

/**
 * Makes the database in `folder` when there is none, and starts a server for it when none runs. A
 * server that already runs is shared: the last process that releases it stops it. One that was left
 * behind by a process that was killed is taken over.
 * @throws StoreError, FileError, or the signal's reason
 */
export async function useOwnServer(options: OwnServerOptions): Promise<OwnServer> {
  const { folder, onProgress, signal } = options
  const inTurn = <Result>(work: () => Promise<Result>, stop?: AbortSignal) =>
    withInstallLock(
      folder,
      {
        onProgress,
        ...(stop && { signal: stop }),
        waiting: "Another Roundtrip is starting or stopping the class's database; waiting for it",
      },
      work,
    )
  try {
    const { server, cluster } = await inTurn(() => startOrShare(options), signal)
    const holder = join(folder, 'holders', `${process.pid}`)
    const url = `postgres://${ROLE}:${cluster.password}@127.0.0.1:${server.port}/postgres`
    let released: Promise<void> | undefined
    const release = () =>
      (released ??= inTurn(async () => {
        process.off('exit', onExit)
        rmSync(holder, { force: true })
        if (!othersHold(folder)) await stop(findPostmaster(cluster.data))
      }))
    const onExit = () => {
      rmSync(holder, { force: true })
      if (!othersHold(folder)) end(server.pid, 'SIGINT')
    }
    if (!options.outlives) process.once('exit', onExit)
    return { url, release }
  } catch (error) {
    throw explainFileError(error, `write in ${folder}`)
  }
}

/** Stops the server on the data in `folder`, whoever uses it. */
export async function stopOwnServer(folder: string): Promise<void> {
  await stop(findPostmaster(join(folder, 'cluster', 'data')))
}

async function startOrShare({
  folder,
  programs,
  ours,
  onProgress,
  signal,
  settings = [],
}: OwnServerOptions): Promise<{ server: Postmaster; cluster: Cluster }> {
  const holders = join(folder, 'holders')
  const cluster = await openCluster({
    folder,
    ours,
    sync: !settings.includes('fsync=off'),
    async programs() {
      const found = await programs()
      onProgress({ text: "Making the class's database, once" })
      return found
    },
  })
  let server = await untilReady(cluster, signal)
  if (!server) {
    const { postgres } = await programs()
    if (cluster.user) letEnter(cluster.user, dirname(postgres), ours)
    rmSync(holders, { recursive: true, force: true })
    server = await startPostmaster(postgres, cluster, join(folder, 'postgres.log'), {
      settings,
      signal,
    })
  }
  mkdirSync(holders, { recursive: true })
  writeFileSync(join(holders, `${process.pid}`), '')
  return { server, cluster }
}

/** The server that runs, or null when none does, or none any more. */
async function untilReady(
  { data }: Cluster,
  signal: AbortSignal | undefined,
): Promise<Postmaster | null> {
  const deadline = performance.now() + BEGINNING_MS
  for (;;) {
    const found = findPostmaster(data)
    if (!found || found.ready) return found
    signal?.throwIfAborted()
    if (performance.now() > deadline)
      throw new StoreError(
        'busy',
        `The class's database is used by another process (${found.pid}), which does not get ready: ${data}`,
        `End that process first: kill -INT ${found.pid}`,
      )
    await sleep(POLL_MS)
  }
}

function othersHold(folder: string): boolean {
  try {
    return readdirSync(join(folder, 'holders')).some((pid) => isAlive(Number(pid)))
  } catch {
    return false
  }
}

async function stop(server: Postmaster | null): Promise<void> {
  if (!server) return
  end(server.pid, 'SIGINT')
  const deadline = performance.now() + FAST_STOP_MS
  for (let forced = false; isAlive(server.pid); await sleep(POLL_MS)) {
    if (forced || performance.now() < deadline) continue
    // Nothing is lost by that: the next start repeats what the log of changes holds.
    end(server.pid, 'SIGQUIT')
    forced = true
  }
}

function end(pid: number, signal: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
