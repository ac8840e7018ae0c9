import { join } from 'node:path'
import { dirname } from 'node:path'
import type { Paths } from '../../course/paths.ts'
import { openPool } from '../../store/postgres/open-pool.ts'
import { explainPostgresError } from '../../store/postgres/explain-postgres-error.ts'
import { StoreError } from '../../store/store-error.ts'
import { installPostgres } from './install-postgres.ts'
import { useOwnServer } from './use-own-server.ts'

/** pg-boss needs it. */
const OLDEST_VERSION = 13

export interface ClassDatabase {
  /** It holds a password. */
  readonly url: string
  /** False for the server that DATABASE_URL names. */
  readonly isOwn: boolean
  /** Stops a server of our own, unless another process still uses it. */
  release(): Promise<void>
}

export interface DatabaseOptions {
  /** For `DATABASE_URL`. */
  readonly env: NodeJS.ProcessEnv
  readonly paths: Paths
  /** What takes longer, installing and making, as it happens. */
  readonly onProgress: (progress: { text: string; fraction?: number }) => void
  readonly signal?: AbortSignal
}

/**
 * The PostgreSQL that `DATABASE_URL` names, else one of our own, which is installed and made when it
 * is not there. It answers when this returns.
 * @throws StoreError, FileError (the state folder cannot be written), or the signal's reason
 */
export async function useDatabase({
  env,
  paths,
  onProgress,
  signal,
}: DatabaseOptions): Promise<ClassDatabase> {
  const watched = { onProgress, ...(signal && { signal }) }
  const url = env['DATABASE_URL']
  if (url) {
    await examineServer(url)
    return { url, isOwn: false, release: async () => {} }
  }
  const server = await useOwnServer({
    ...watched,
    folder: join(paths.class, 'postgres'),
    ours: [paths.state, dirname(paths.postgres)],
    programs: () => installPostgres(paths.postgres, watched),
  })
  try {
    await examineServer(server.url)
  } catch (error) {
    await server.release()
    throw error
  }
  return { ...server, isOwn: true }
}

/**
 * Makes sure that a PostgreSQL answers there that a class can use.
 * @throws StoreError that names the server, but no password
 */
export async function examineServer(url: string): Promise<void> {
  const place = placeOf(url)
  const pool = openPool(url, { max: 1 })
  try {
    const { rows } = await pool.query<{ version: string }>(
      "SELECT current_setting('server_version_num') AS version",
    )
    const version = Math.floor(Number(rows[0]!.version) / 10_000)
    if (version < OLDEST_VERSION)
      throw new StoreError(
        'unreachable',
        `The PostgreSQL at ${place} has version ${version}, and a class needs ${OLDEST_VERSION} or newer.`,
        'Update it, or name another one in DATABASE_URL.',
      )
  } catch (error) {
    const explained = explainPostgresError(error)
    if (!(explained instanceof StoreError) || explained.kind !== 'away') throw explained
    const reason = error instanceof AggregateError ? error.errors[0] : error
    throw new StoreError(
      'away',
      `No PostgreSQL answers at ${place} (${reason instanceof Error ? reason.message : String(reason)}).`,
      'Start it, or correct DATABASE_URL: postgres://user:password@host:5432/database',
      error,
    )
  } finally {
    await pool.end()
  }
}

/** Host, port and database. */
function placeOf(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw new StoreError(
      'unreachable',
      'DATABASE_URL is not the address of a PostgreSQL.',
      'Correct it: postgres://user:password@host:5432/database',
    )
  const host = url.hostname || url.searchParams.get('host') || 'localhost'
  return `${decodeURIComponent(host)}:${url.port || 5432}${url.pathname}`
}
