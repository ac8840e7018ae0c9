// Runs where a learner's program runs, and tells what it finds there. It is given paths to try.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'

/** What a program can do in its box. */
export interface Look {
  /** Those of the paths it was given that it can read. */
  readonly read: readonly string[]
  /** The folders in which it can write. */
  readonly written: readonly string[]
  readonly processes: number
  readonly interfaces: readonly string[]
  readonly isRoot: boolean
  /** Whether it can make a user namespace, and be root there. */
  readonly nests: boolean
}

const look: Look = {
  read: process.argv.slice(2).filter(canRead),
  written: ['/', '/usr', '/etc', '/dev'].filter(canWrite),
  processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
  interfaces: Object.keys(networkInterfaces()),
  isRoot: process.getuid?.() === 0,
  nests: spawnSync('/usr/bin/unshare', ['--user', '--map-root-user', 'true']).status === 0,
}
process.stdout.write(`${JSON.stringify(look)}\n`)

function canRead(path: string): boolean {
  return succeeds(() => (statSync(path).isDirectory() ? readdirSync(path) : readFileSync(path)))
}

function canWrite(folder: string): boolean {
  return succeeds(() => writeFileSync(join(folder, 'written'), 'written'))
}

function succeeds(action: () => unknown): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}
