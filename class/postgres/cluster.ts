import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { StoreError } from '../../store/store-error.ts'
import { POSTGRES_MAJOR, type PostgresPrograms } from './install-postgres.ts'
import { requireRoom } from './require-room.ts'
import { letEnter, serverUser, type ServerUser } from './server-user.ts'

/** The only user of the database, and its owner. */
export const ROLE = 'roundtrip'
/** An empty one has 40 MB, and its log of changes grows to 80 MB soon. */
const NEEDED_BYTES = 150e6

/** A data folder, and what is needed to start a server on it. */
export interface Cluster {
  readonly data: string
  readonly password: string
  /** Null: whoever started this. */
  readonly user: ServerUser | null
}

export interface ClusterOptions {
  readonly folder: string
  /** Roundtrip's folders, which may be opened for the server's user. */
  readonly ours: readonly string[]
  readonly programs: () => Promise<PostgresPrograms>
  /** Whether a new one has to outlast a power cut. */
  readonly sync: boolean
}

/**
 * The data folder in `folder`, which is made when it is not there: whole, or not at all.
 * @throws StoreError
 */
export async function openCluster({
  folder,
  ours,
  programs,
  sync,
}: ClusterOptions): Promise<Cluster> {
  const cluster = join(folder, 'cluster')
  const data = join(cluster, 'data')
  const user = serverUser(data)
  if (user) letEnter(user, folder, ours)
  if (!existsSync(cluster)) {
    const { initdb } = await programs()
    if (user) letEnter(user, dirname(initdb), ours)
    await makeCluster(cluster, user, initdb, sync)
  }
  refuseOtherVersion(data)
  if (user && statSync(data).uid === 0) await giveAway(cluster, user)
  return { data, password: readPassword(cluster), user }
}

/** What a process is started with, so that it runs as the server's user and finds what it needs. */
export function asUser(user: ServerUser | null) {
  const { PATH = '', TMPDIR } = process.env
  return {
    // It may not enter the folder in which this was started.
    cwd: '/',
    // PGDATA, PGPORT and their like would steer it; its messages have to be English to be read.
    env: { PATH, LC_ALL: 'C', ...(TMPDIR !== undefined && { TMPDIR }) },
    ...(user && { uid: user.uid, gid: user.gid }),
  }
}

async function makeCluster(
  cluster: string,
  user: ServerUser | null,
  initdb: string,
  sync: boolean,
): Promise<void> {
  const folder = dirname(cluster)
  requireRoom(folder, NEEDED_BYTES, "The class's database cannot be made")
  const draft = mkdtempSync(join(folder, 'incoming-'))
  try {
    const password = join(draft, 'password')
    writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 })
    mkdirSync(join(draft, 'data'), { mode: 0o700 })
    if (user)
      for (const path of ['', 'password', 'data']) chownSync(join(draft, path), user.uid, user.gid)
    await promisify(execFile)(
      initdb,
      [
        ...initdbOptions,
        ...(sync ? [] : ['--no-sync']),
        `--pwfile=${password}`,
        join(draft, 'data'),
      ],
      {
        ...asUser(user),
      },
    )
    renameSync(draft, cluster)
  } catch (error) {
    throw explainInitdb(error, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

// The same order and the same case on every machine, whatever its locales.
const initdbOptions = [
  `--username=${ROLE}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
]

function explainInitdb(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || !('stderr' in error)) return error
  const said = String(error.stderr)
  if (/No space left on device/.test(said))
    return new StoreError(
      'disk-full',
      `Disk full: the class's database cannot be made in ${folder}.`,
      'Free some space, then run this again.',
      error,
    )
  const missing = /error while loading shared libraries: (.*)/.exec(said)?.[1]
  if (missing !== undefined || ('code' in error && error.code === 'ENOENT'))
    return new StoreError(
      'unreachable',
      `The package registry's PostgreSQL does not run on this machine: ${missing ?? error.message}`,
      `Install PostgreSQL ${POSTGRES_MAJOR} yourself and set DATABASE_URL: postgres://user:password@host:5432/database`,
      error,
    )
  const reason = /initdb: error: (.*)/.exec(said)?.[1] ?? /(?:FATAL|PANIC): +(.*)/.exec(said)?.[1]
  return new StoreError(
    'unreachable',
    `The class's database cannot be made in ${folder}: ${reason ?? error.message}`,
    'Check the disk and the permissions, then run this again.',
    error,
  )
}

function refuseOtherVersion(data: string): void {
  const file = join(data, 'PG_VERSION')
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  const version = Number(text)
  if (version === POSTGRES_MAJOR) return
  if (!version)
    throw new StoreError(
      'damaged',
      `The class's database is damaged: ${data} is not a data folder of PostgreSQL.`,
      `Put a copy of it back. Without one, rename ${join(data, '..')}, and run this again: a new one is made.`,
    )
  const newer = version > POSTGRES_MAJOR
  throw new StoreError(
    'newer-version',
    `The class's database was made by PostgreSQL ${text}, and this Roundtrip brings PostgreSQL ${POSTGRES_MAJOR}: ${data}`,
    newer
      ? 'Update Roundtrip (git pull, npm ci), or set DATABASE_URL to a server of yours.'
      : `Move it with pg_dump and pg_restore: docs/class.md, "Upgrade".`,
  )
}

function readPassword(cluster: string): string {
  const file = join(cluster, 'password')
  if (existsSync(file)) return readFileSync(file, 'utf8')
  throw new StoreError(
    'damaged',
    `The password of the class's database is missing: ${file}`,
    'Put a copy of it back. It lies in a backup beside the data.',
  )
}

/** A backup that root has put back belongs to root. */
async function giveAway(cluster: string, { uid, gid }: ServerUser): Promise<void> {
  await promisify(execFile)('chown', ['-R', `${uid}:${gid}`, cluster])
}
