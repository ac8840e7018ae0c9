import { lstatSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { LIMITS } from './limits.ts'

/** Where bubblewrap's program is, on every distribution that has it. */
export const BWRAP = '/usr/bin/bwrap'

/** The user inside, whoever it is outside. Node's compile cache is kept apart by this number. */
export const USER_INSIDE = 1000

const PRLIMIT = '/usr/bin/prlimit'
const OLD_PLACES = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']
const PROCESSES_AND_DEVICES = ['--proc', '/proc', '--dev', '/dev']
const NAMES = ['passwd', 'group', 'hosts', 'nsswitch.conf']

/** The system's programs and libraries, and names of its user and of localhost. */
export function systemLine(): string[] {
  return [
    ...readOnly('/usr'),
    ...OLD_PLACES.flatMap((name) => oldPlace(`/${name}`)),
    ...NAMES.flatMap((name) => [
      '--ro-bind',
      join(import.meta.dirname, 'etc', name),
      `/etc/${name}`,
    ]),
    ...['/etc/ld.so.cache', '/etc/alternatives'].flatMap(readOnlyIfThere),
  ]
}

/** Processes, devices and a `/tmp` of its own; and Node, which the machine may have in its `/tmp`. */
export function ownLine(tmpBytes: number): string[] {
  return [
    ...PROCESSES_AND_DEVICES,
    ...folderInMemory('/dev/shm', LIMITS.restBytes),
    ...folderInMemory('/tmp', tmpBytes),
    ...readOnly(process.execPath),
  ]
}

/**
 * Closes what bubblewrap makes in memory and gives no limit: without this, a program could fill the
 * machine's memory by files in `/` and `/dev`. Comes after all that is mounted.
 */
export function sealLine(): string[] {
  return ['--remount-ro', '/dev', '--remount-ro', '/']
}

/** `line` starts in `folder`. The last of a box's own words. */
export function startIn(folder: string, line: readonly string[]): string[] {
  return ['--chdir', folder, '--', ...line]
}

export function readOnly(path: string): string[] {
  return ['--ro-bind', path, path]
}

export function readOnlyIfThere(path: string): string[] {
  return ['--ro-bind-try', path, path]
}

export function folderInMemory(path: string, bytes: number): string[] {
  return ['--size', String(bytes), '--tmpfs', path]
}

/**
 * Limits of every process that `line` starts. A limit of one byte for memory dumps is the one that
 * also keeps them from a program of the system outside (core(5)): with 0 it would get them.
 */
export function limited(
  limits: Readonly<Record<string, number>>,
  line: readonly string[],
): string[] {
  const options = Object.entries({ core: 1, ...limits }).map(
    ([name, value]) => `--${name}=${value}`,
  )
  return [PRLIMIT, ...options, '--', ...line]
}

/** `/bin` and the like: today links into `/usr`, on some machines still folders. */
function oldPlace(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found?.isSymbolicLink()) return ['--symlink', readlinkSync(path), path]
  return found?.isDirectory() ? readOnly(path) : []
}
