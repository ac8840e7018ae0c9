import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, sep } from 'node:path'
import { shellWord } from '../../course/shell-word.ts'
import { nearestExisting } from '../../course/files/nearest-existing.ts'
import { explainFileError } from '../../course/read/file-error.ts'
import { shownPath, type Paths } from '../../course/paths.ts'
import { findLimit } from '../../grader/machine/shortage.ts'
import { findTemporaryFolderFault } from '../../grader/machine/temporary-folder.ts'
import { openStore } from '../../store/open-store.ts'

/** What one look at the machine found. */
export interface Examination {
  readonly good: boolean
  /** One sentence or a few. */
  readonly says: string
  /** How to fix it. Lines that begin with two spaces are commands, to be shown as they are. */
  readonly remedy?: readonly string[]
}

const good = (says: string): Examination => ({ good: true, says })
const bad = (says: string, ...remedy: string[]): Examination => ({ good: false, says, remedy })

/** Node, as package.json asks for it. */
export function examineRuntime(
  root: string,
  runtime: { version: string; execPath: string },
): Examination {
  const wanted = readJson(join(root, 'package.json')).engines.node as string
  const [wantedMajor = 0, wantedMinor = 0] = wanted.match(/\d+/g)?.map(Number) ?? []
  const [major = 0, minor = 0] = runtime.version.split('.').map(Number)
  const bundled = runtime.execPath.startsWith(join(root, 'node_modules') + sep)
  const whose = bundled ? 'the one that came with npm ci' : shownPath(runtime.execPath, root)
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor))
    return good(`${runtime.version}, ${whose}`)
  return bad(
    `${runtime.version} (${whose}) is too old: ${wanted} is needed.`,
    'Install the one that comes with the packages:',
    '  npm ci',
  )
}

/**
 * The packages in node_modules are the ones package.json pins: after an update of the course they
 * may not be.
 */
export function examinePackages(root: string): Examination {
  const pinned = Object.entries(
    readJson(join(root, 'package.json')).dependencies as Record<string, string>,
  )
  const differing = pinned.flatMap(([name, wanted]) => {
    const file = join(root, 'node_modules', name, 'package.json')
    if (!existsSync(file)) return [`${name} is missing`]
    const { version } = readJson(file) as { version: string }
    return version === wanted ? [] : [`${name} is ${version}, not ${wanted}`]
  })
  if (differing.length === 0) return good(`${pinned.length}, each as package.json asks for it`)
  const more = differing.length > 3 ? `, and ${differing.length - 3} more` : ''
  return bad(
    `They are not those of this version of the course: ${differing.slice(0, 3).join(', ')}${more}.`,
    '  npm ci',
  )
}

/**
 * Free space where Roundtrip writes. A browser that has yet to be installed needs 500 MB for a
 * moment.
 */
export function examineDisk(
  paths: Paths,
  browserPresent: boolean,
  freeMegabytes = freeMegabytesAt,
): Examination {
  const needed = browserPresent ? 100 : 600
  const places = [paths.state, paths.work, tmpdir()].map((folder) => ({
    folder,
    free: freeMegabytes(nearestExisting(folder)),
  }))
  const tightest = places.reduce((least, place) => (place.free < least.free ? place : least))
  const free =
    tightest.free >= 10_000
      ? `${Math.floor(tightest.free / 1000)} GB`
      : `${Math.floor(tightest.free)} MB`
  if (tightest.free >= needed) return good(`${free} free`)
  const folder = nearestExisting(tightest.folder)
  return bad(
    `${free} free in ${shownPath(tightest.folder, paths.root)}; ${needed} MB are needed.`,
    'Free some space. What takes it:',
    `  du -sh ${shellWord(folder)}/* | sort -h`,
    'Or set ROUNDTRIP_HOME and ROUNDTRIP_WORK (TMPDIR for temporary files) to folders on another disk.',
  )
}

/**
 * A file can be made in `folder`, or where it will be made, and what lies in there belongs to this
 * user.
 */
export function examineFolder(folder: string, root: string): Examination {
  const shown = shownPath(folder, root)
  try {
    using probe = makeProbe(folder)
    writeFileSync(join(probe.path, 'file'), 'written')
    const closed = existsSync(folder) ? firstClosed(folder, 2) : null
    if (closed)
      return bad(
        `${shownPath(closed, root)} may not be read or written.`,
        ...ownershipRemedy(folder),
      )
    return good(existsSync(folder) ? `${shown}/ can be written` : `${shown}/ can be made`)
  } catch (error) {
    const explained = explainFileError(error, `write in ${shown}/`)
    if (!(explained instanceof Error && 'remedy' in explained)) throw explained
    const denied = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')
    return bad(
      explained.message,
      ...(denied ? ownershipRemedy(nearestExisting(folder)) : [String(explained.remedy)]),
    )
  }
}

/** The folder for temporary files is there, can be written and has room for a grading. */
export function examineTemporaryFolder(): Examination {
  const fault = findTemporaryFolderFault()
  return fault
    ? bad(fault.message, ...fault.remedy.split('\n'))
    : good(`${tmpdir()}/ can be written`)
}

/** What one process may use of this machine is enough for a browser. */
export function examineLimits(limits?: string): Examination {
  const fault = findLimit(limits)
  return fault ? bad(fault.message, ...fault.remedy.split('\n')) : good('high enough')
}

/** Opens the progress file, or tries a new one beside its place where nothing was kept yet. */
export async function examineStore(paths: Paths): Promise<Examination> {
  const there = existsSync(paths.store)
  const open = async (file: string): Promise<Examination> => {
    const store = openStore(file, { timeoutMs: 2000 })
    try {
      const kept = (await store.records()).verdicts.length
      if (!there) return good('none yet; one can be made')
      return good(
        `${shownPath(paths.store, paths.root)} opens, ${kept} ${kept === 1 ? 'exercise' : 'exercises'} submitted`,
      )
    } finally {
      store.close()
    }
  }
  try {
    if (there) return await open(paths.store)
    using probe = makeProbe(paths.state)
    return await open(join(probe.path, 'probe.sqlite'))
  } catch (error) {
    const explained = explainFileError(error, `write in ${shownPath(paths.state, paths.root)}/`)
    if (explained instanceof Error && 'remedy' in explained)
      return bad(explained.message, String(explained.remedy))
    throw explained
  }
}

function freeMegabytesAt(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return (bavail * bsize) / 1e6
}

/**
 * A temporary folder inside `folder`, or inside the nearest one above it that exists, for the block
 * that uses it.
 */
function makeProbe(folder: string): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(nearestExisting(folder), '.examined-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/**
 * The first entry, at most `depth` folders down, that this user may not read and write. A course
 * once started with sudo leaves such behind.
 */
function firstClosed(folder: string, depth: number): string | null {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.R_OK | constants.W_OK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      return path
    }
    const within = depth > 1 && statSync(path).isDirectory() ? firstClosed(path, depth - 1) : null
    if (within) return within
  }
  return null
}

function ownershipRemedy(folder: string): string[] {
  const own = statSync(folder).uid === process.getuid?.()
  return own
    ? [`  chmod -R u+rwX ${shellWord(folder)}`]
    : [`  sudo chown -R ${userInfo().username} ${shellWord(folder)}`]
}

function readJson(file: string): any {
  return JSON.parse(readFileSync(file, 'utf8'))
}
