import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Exercise } from '../types.ts'
import type { ReadFile } from './carry-over.ts'

/** The solution as the last commit has it. */
export interface CommittedSolution {
  /** A file's text; undefined when the commit has none, or cannot be read. */
  readonly read: ReadFile
  /** Why it cannot be read, as a clause; undefined when it can. */
  whyMissing(): string | undefined
}

/** Asks git for the solution in HEAD: `git show HEAD:./server.ts`. */
export function committedSolution({
  dir,
  files,
}: Pick<Exercise, 'dir' | 'files'>): CommittedSolution {
  const folder = join(dir, 'solution')
  const read = (path: string) => {
    const { status, stdout } = git(folder, ['show', `HEAD:./${path}`])
    return status === 0 ? stdout : undefined
  }
  return { read, whyMissing: () => reason(folder, files[0], read) }
}

function reason(folder: string, started: string, read: ReadFile): string | undefined {
  const inside = git(folder, ['rev-parse', '--is-inside-work-tree'])
  if (inside.missing) return 'git is not installed'
  if (inside.status !== 0) return 'it is not in a git repository'
  if (git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD']).status !== 0)
    return 'its git repository has no commit yet'
  return read(started) === undefined ? 'it is new: the last commit does not have it' : undefined
}

function git(folder: string, args: readonly string[]) {
  const { error, status, stdout } = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  })
  return {
    missing: (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT',
    status,
    stdout,
  }
}
