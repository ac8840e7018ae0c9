import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

export interface WriteFileOptions {
  /** The permissions of the file. Those of the file that is replaced, unless given. */
  readonly mode?: number
  /**
   * Wait until the disk holds the content: after a power cut the file is the old one or the new
   * one, never an empty one. For what nobody can make again, such as a learner's work.
   */
  readonly durable?: boolean
}

/** Hidden, so that nobody takes it for one of the learner's files. */
const DRAFT = /^\.unfinished-[0-9a-f]{12}\.tmp$/
/** A write takes milliseconds, so a draft this old belongs to a process that was killed. */
const ABANDONED_MS = 10 * 60_000

/**
 * Writes a file whole or not at all: into a draft beside it, which is then renamed (rename(2)
 * replaces a file in one step). Missing folders are made. A link is replaced, not followed. When
 * the write fails, no draft is left, and the file is what it was; drafts that a killed process left
 * in the folder go, too.
 * @throws what `node:fs` throws: ENOTDIR where a folder is a file, EISDIR where the file is a
 * folder, EACCES, EROFS, ENOSPC
 */
export function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  { mode, durable = false }: WriteFileOptions = {},
): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true })
  removeAbandonedDrafts(folder)
  const draft = join(folder, `.unfinished-${randomBytes(6).toString('hex')}.tmp`)
  try {
    writeDraft(draft, content, mode ?? modeOf(path), durable)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

function writeDraft(
  draft: string,
  content: string | Uint8Array,
  mode: number | undefined,
  durable: boolean,
): void {
  const file = openSync(draft, 'wx', mode ?? 0o666)
  try {
    // The process's umask takes rights from the mode of a new file, and these are to be exact.
    if (mode !== undefined) fchmodSync(file, mode)
    writeFileSync(file, content)
    if (durable) fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The permissions of a file; undefined for anything else, a link included. */
function modeOf(path: string): number | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isFile() ? found.mode & 0o777 : undefined
}

/** Fails at nothing: a draft that cannot be removed hinders nobody. */
function removeAbandonedDrafts(folder: string): void {
  try {
    for (const name of readdirSync(folder).filter((entry) => DRAFT.test(entry))) {
      const { mtimeMs } = statSync(join(folder, name))
      if (Date.now() - mtimeMs > ABANDONED_MS) rmSync(join(folder, name), { force: true })
    }
  } catch {
    // Another process has removed it meanwhile, or the folder may not be listed.
  }
}
