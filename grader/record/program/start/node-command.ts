import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setUpFolders } from '../../set-up-folders.ts'
import { certificateFolder } from '../../wire/tls/certificate-folder.ts'
import { diesWithGrader } from './dies-with-grader.ts'
import { reportingStart, type Enclosure } from './enclosure.ts'
import { foldersOf } from '../program-folders.ts'
import { snapshotFolder } from '../snapshot/snapshot.ts'

/** Node with the limits of every learner's program, running `script` with what it may read. */
export function nodeCommand(
  dir: string,
  script: string,
  args: readonly string[],
  { preloads = [], enclosure }: Surroundings = {},
): [string, string[]] {
  // Only after the gate is it known which snapshot is meant.
  const all = [...(enclosure ? [endReporter] : []), ...preloads, snapshotLoader]
  const line = [
    ...limitsMemory,
    process.execPath,
    ...nodeArguments(dir, all, [script]),
    script,
    ...args,
  ]
  return guarded(
    enclosure ? enclosure(line, { dir, reads: readBesideDir(dir, all, [script]) }) : line,
  )
}

export interface Surroundings {
  /** Modules that are loaded before the program. */
  readonly preloads?: readonly string[]
  readonly enclosure?: Enclosure | undefined
}

/** The line of a command that the shell runs in `dir`. */
export function commandLineOf(
  dir: string,
  command: string,
  enclosure?: Enclosure,
): [string, string[]] {
  const line = shellCommand(command)
  return guarded(
    enclosure ? enclosure(reportingStart(line), { dir, reads: readBesideDir(dir) }) : line,
  )
}

/** With what ends a program when the grader is gone. */
export function guarded(line: readonly string[]): [string, string[]] {
  const [command, ...args] = [...diesWithGrader, ...line] as [string, ...string[]]
  return [command, args]
}

/** How the shell runs a command. */
export function shellCommand(command: string): string[] {
  return ['/bin/sh', '-c', command]
}

/**
 * Bytes a program may have besides code and stack; Node's own heap limit does not count buffers.
 * Other runtimes reserve more than they use.
 */
const LARGEST_DATA = 1024 ** 3

// What Linux can do beyond Node, by a tool that replaces itself with the program it starts.
const limitsMemory = linuxTool('/usr/bin/prlimit', `--data=${LARGEST_DATA}`, '--')

function linuxTool(path: string, ...args: string[]): string[] {
  return process.platform === 'linux' && existsSync(path) ? [path, ...args] : []
}

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..')
/** Preloaded by every program that is graded. */
const snapshotLoader = join(projectRoot, 'grader/record/program/snapshot/load-from-snapshot.mjs')
/** Preloaded by a program in an enclosure. */
const endReporter = join(projectRoot, 'grader/record/program/start/report-end.mjs')
/** Preloaded by a program that waits to be let go. */
export const gateKeeper = join(projectRoot, 'grader/record/program/start/hold.mjs')

/**
 * Reading is limited to the program's own folder, what links in it lead to, and the installed
 * packages: a guard against accidents, not a sandbox.
 */
export function nodeArguments(
  dir: string,
  morePreloads: readonly string[] = [],
  scripts: readonly string[] = [],
): string[] {
  const own = foldersOf(dir)
  const preloads = [...resolver(own), ...morePreloads]
  const readable = [
    ...own,
    ...packages,
    ...foldersOfGrading.map(everythingIn),
    ...preloads,
    ...scripts,
  ]
  return [
    '--permission',
    // Before Node 25 a permission to use the network is neither needed nor known.
    ...(process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : []),
    ...readable.map((path) => `--allow-fs-read=${path}`),
    ...own.map((path) => `--allow-fs-write=${path}`),
    // Its files are opened by SQLite itself, which asks for no permission.
    '--no-experimental-sqlite',
    '--max-old-space-size=512',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    ...preloads.flatMap((preload) => ['--import', preload]),
  ]
}

/** The packages that every program may import, and what says of which kind its modules are. */
const packages = [join(projectRoot, 'node_modules'), join(projectRoot, 'package.json')]

/** What a grading writes for its programs. They need not be there yet. */
const foldersOfGrading = [certificateFolder, snapshotFolder, setUpFolders]

function readBesideDir(
  dir: string,
  preloads: readonly string[] = [],
  scripts: readonly string[] = [],
): string[] {
  return [...packages, ...foldersOfGrading, ...resolver(foldersOf(dir)), ...preloads, ...scripts]
}

function resolver(own: readonly string[]): string[] {
  const isInside = own.every((path) => !relative(projectRoot, path).startsWith('..'))
  return isInside ? [] : [join(projectRoot, 'grader/record/program/start/resolve-from-project.mjs')]
}

/** Of a folder that is not there yet Node would take its name for that of a file. */
function everythingIn(folder: string): string {
  return join(folder, '*')
}
