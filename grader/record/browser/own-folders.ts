import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning } from '../../../course/is-running.ts'

/** Something may still be written while a folder is removed. */
export const REMOVAL = { recursive: true, force: true, maxRetries: 5, retryDelay: 20 } as const

/** How the names of this process's temporary folders for a purpose begin; what follows is drawn. */
export function ownFolderPrefix(purpose: string): string {
  return `${prefix(purpose)}${process.pid}-`
}

export interface OwnFolder {
  readonly path: string
  /** Makes it unless it is there. */
  make(): void
  /** Makes a new folder in it. `remove` takes that away; the folder itself goes with the last. */
  makeWithin(): { readonly path: string; remove(): void }
}

/**
 * A temporary folder that goes with this process, and that only this user may read. Its path is
 * known before it is made, for programs that are started earlier than what is put into it.
 */
export function ownFolder(purpose: string): OwnFolder {
  const path = join(tmpdir(), `${ownFolderPrefix(purpose)}${randomBytes(8).toString('hex')}`)
  let made = false
  const make = () => {
    mkdirSync(path, { mode: 0o700, recursive: true })
    if (made) return
    made = true
    void sweepFolders(purpose).catch(() => {})
    // Whatever cannot be removed then is found by the next sweep.
    process.once('exit', () => attempt(() => rmSync(path, REMOVAL)))
  }
  return {
    path,
    make,
    makeWithin() {
      make()
      const within = mkdtempSync(`${path}/`)
      const remove = () =>
        attempt(() => {
          removeAll(within)
          // Where another is in it, this fails.
          rmdirSync(path)
        })
      return { path: within, remove }
    },
  }
}

/** A file that Chromium removes meanwhile makes a removal fail, and the next one succeed. */
function removeAll(path: string): void {
  try {
    rmSync(path, REMOVAL)
  } catch {
    rmSync(path, REMOVAL)
  }
}

function attempt(removal: () => void): void {
  try {
    removal()
  } catch {
    // The folder goes with this process, or by a sweep.
  }
}

/**
 * Removes the folders for this purpose that processes of this machine left behind when they were
 * killed.
 */
export async function sweepFolders(purpose: string, parent = tmpdir()): Promise<void> {
  const names = readdirSync(parent).filter((name) => name.startsWith(prefix(purpose)))
  const abandoned = names.filter(
    (name) => !isRunning(Number.parseInt(name.slice(prefix(purpose).length))),
  )
  await Promise.all(abandoned.map((name) => rm(join(parent, name), REMOVAL).catch(() => {})))
}

/**
 * Containers that share a temporary folder have pids of their own: the machine's name tells their
 * folders apart.
 */
function prefix(purpose: string): string {
  return `roundtrip-${purpose}-${hostname().replace(/[^\w.]/g, '_')}-`
}
