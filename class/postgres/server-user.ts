import { spawnSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../../store/store-error.ts'

/** The user a server runs as. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
  readonly name: string
}

const CANDIDATES = ['postgres', 'nobody']

/**
 * PostgreSQL refuses to run as root. Gives the user that it runs as instead, or null: it runs as
 * whoever started this. `dataFolder` may exist already, and belongs to that user then.
 * @throws StoreError when the data folder is another user's, or there is no user for it
 */
export function serverUser(dataFolder: string): ServerUser | null {
  const owner = statSync(dataFolder, { throwIfNoEntry: false })
  const me = process.getuid?.()
  if (me !== 0) {
    if (owner && owner.uid !== me) throw anothersData(dataFolder, owner.uid)
    return null
  }
  if (owner?.uid) return { uid: owner.uid, gid: owner.gid, name: `with the id ${owner.uid}` }
  for (const name of CANDIDATES) {
    const [uid, gid] = [idOf(name, '-u'), idOf(name, '-g')]
    if (uid && gid) return { uid, gid, name }
  }
  throw new StoreError(
    'unreachable',
    'PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody.',
    'Make one (useradd --system postgres), or run this as an ordinary user.',
  )
}

/** Undefined for a user that is not there. 0 is root. */
function idOf(name: string, option: '-u' | '-g'): number | undefined {
  const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
}

/**
 * Lets `user` enter `folder`. What lies in `ours` is opened for it; nothing else is changed.
 * @throws StoreError that names the first folder that the user cannot enter
 */
export function letEnter(user: ServerUser, folder: string, ours: readonly string[]): void {
  const closed = withParents(folder).find((path) => {
    const found = statSync(path)
    if (mayEnter(user, found)) return false
    if (!ours.some((own) => path === own || path.startsWith(`${own}/`))) return true
    chmodSync(path, (found.mode & 0o7777) | 0o011)
    return false
  })
  if (closed === undefined) return
  throw new StoreError(
    'unreachable',
    `PostgreSQL does not run as root, and the user ${user.name}, which it runs as instead, cannot enter ${closed}.`,
    'Set ROUNDTRIP_HOME to a folder that it can enter, such as /srv/roundtrip, or run this as an ordinary user.',
  )
}

/** From the root down. */
function withParents(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [...withParents(parent), folder]
}

function mayEnter(
  { uid, gid }: ServerUser,
  found: { readonly uid: number; readonly gid: number; readonly mode: number },
): boolean {
  if (found.uid === uid) return (found.mode & 0o100) !== 0
  return (found.mode & (found.gid === gid ? 0o010 : 0o001)) !== 0
}

function anothersData(folder: string, owner: number): StoreError {
  return new StoreError(
    'unreachable',
    `The class's database belongs to another user of this machine (id ${owner}): ${folder}`,
    'Run this as that user, or as root.',
  )
}
