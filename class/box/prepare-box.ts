import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { placeId, resolvePaths } from '../../course/paths.ts'
import { findBrowser } from '../../grader/record/browser/install/find-browser.ts'
import type { BoxUser } from './box-process.ts'
import { boxUser } from './box-user.ts'
import type { BoxPlaces } from './outer-box.ts'

type FoundBrowser = Awaited<ReturnType<typeof findBrowser>>

/** What every box of this machine has in common. */
export interface PreparedBox {
  /** Null: the one who runs this. */
  readonly user: BoxUser | null
  readonly places: BoxPlaces
}

let prepared: Promise<PreparedBox> | undefined

/**
 * The box of this machine; it is prepared once. What failed is tried again.
 * @throws GraderError where nobody may run one, BrowserNotFound
 */
export function preparedBox(): Promise<PreparedBox> {
  prepared ??= prepareBox()
  prepared.catch(() => void (prepared = undefined))
  return prepared
}

/** Prepares a box that `user` runs. What it needs and cannot read elsewhere is kept in `folder`. */
export async function prepareBox(
  user: BoxUser | null = boxUser(),
  folder: string = boxFolder(user),
): Promise<PreparedBox> {
  const paths = resolvePaths()
  const compileCache = join(folder, 'compile-cache')
  mkdirSync(compileCache, { recursive: true })
  if (user) {
    // Whatever the umask of root is.
    chmodSync(folder, 0o755)
    chownSync(compileCache, user.uid, user.gid)
  }
  const found = withoutLinks(
    await findBrowser({ stateDir: dirname(paths.browser), onProgress() {} }),
  )
  return {
    user,
    places: { ...browserPlaces(readableBrowser(found, folder, user)), compileCache },
  }
}

/**
 * Where what boxes need is kept. Root's own state is closed to the user who runs the boxes, so what
 * it needs of that is copied to where it may read.
 */
function boxFolder(user: BoxUser | null): string {
  const paths = resolvePaths()
  return user ? join('/var/cache/roundtrip', placeId(paths)) : join(paths.state, 'box')
}

/** In a box, a link may lead to where nothing is. */
function withoutLinks(found: FoundBrowser): FoundBrowser {
  return { ...found, executablePath: realpathSync(found.executablePath) }
}

/** A folder of a browser, whole: its executable finds the rest beside itself. */
interface BrowserFolder {
  readonly folder: string
  readonly found: FoundBrowser
}

function readableBrowser(found: FoundBrowser, state: string, user: BoxUser | null): BrowserFolder {
  const folder = dirname(found.executablePath)
  if (!user || mayExecute(found.executablePath, user)) return { folder, found }
  // Another version is another folder, or at least another file.
  const { ino, mtimeMs } = statSync(found.executablePath)
  const copy = join(state, `${basename(folder)}-${ino}-${Math.round(mtimeMs)}`)
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`
    // Linked where that goes. What is open to everybody then is a browser that everybody can get.
    const linked = spawnSync('/bin/cp', ['-al', folder, draft]).status === 0
    if (!linked) {
      rmSync(draft, { recursive: true, force: true })
      cpSync(folder, draft, { recursive: true })
    }
    spawnSync('/bin/chmod', ['-R', 'a+rX', draft])
    try {
      renameSync(draft, copy)
    } catch {
      // Another worker was first.
      rmSync(draft, { recursive: true, force: true })
    }
  }
  return { folder: copy, found }
}

function mayExecute(path: string, { uid, gid }: BoxUser): boolean {
  return spawnSync('/usr/bin/test', ['-x', path], { uid, gid }).status === 0
}

function browserPlaces({ folder, found }: BrowserFolder): Omit<BoxPlaces, 'compileCache'> {
  const moved = (value: string) => value.replaceAll(dirname(found.executablePath), folder)
  return {
    browser: folder.startsWith('/usr/') ? [] : [folder],
    browserEnvironment: {
      PUPPETEER_EXECUTABLE_PATH: join(folder, basename(found.executablePath)),
      ...Object.fromEntries(Object.entries(found.env).map(([name, value]) => [name, moved(value)])),
    },
  }
}
