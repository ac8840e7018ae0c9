import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Enclosure, Needs } from '../../grader/index.ts'
import { LIMITS } from './limits.ts'
import {
  BWRAP,
  limited,
  ownLine,
  readOnly,
  readOnlyIfThere,
  sealLine,
  startIn,
  systemLine,
} from './lines.ts'

const NAMESPACES = [
  '--unshare-user',
  '--unshare-ipc',
  '--unshare-pid',
  '--unshare-uts',
  '--unshare-cgroup-try',
]

/**
 * The box of the learner's program, inside the grader's: no process but its own, its own folder, the
 * packages, and no file of the exercise. It shares the outer box's network, which is a loopback
 * without a way out, because the grader has to reach it.
 *
 * It is not ended with its parent: a program that is asked to end gets the time that it gets
 * without a box. That it ends at all, the outer box sees to.
 */
export const inInnerBox: Enclosure = (line, { dir, reads }) =>
  // bubblewrap's own process in there has these too: a program may take it over.
  limited({ data: LIMITS.programDataBytes, nofile: LIMITS.programOpenFiles }, [
    BWRAP,
    ...NAMESPACES,
    // No namespace more: from inside one, the kernel has more surface than a program needs.
    '--disable-userns',
    ...systemLine(),
    ...ownLine(LIMITS.programTmpBytes),
    ...reads.flatMap(shown),
    ...ownFolder(dir),
    ...sealLine(),
    // Of this user namespace alone: outside it, the browser's would count.
    ...startIn(dir, limited({ nproc: LIMITS.programProcesses }, line)),
  ])

/** What a grading writes for its program later has to be a folder now. The rest is there. */
function shown(path: Needs['reads'][number]): string[] {
  if (path.startsWith('/tmp/') && !existsSync(path))
    mkdirSync(path, { recursive: true, mode: 0o700 })
  return readOnlyIfThere(path)
}

/** What was in a program's folder before the program first ran, by folder. */
const began = new Map<string, readonly string[]>()

/**
 * A program may write beside its files, and change none of them. What it has written itself is not
 * looked at: a link among it would be followed out here, to what the program may not see.
 */
function ownFolder(dir: string): string[] {
  if (!began.has(dir)) began.set(dir, readdirSync(dir))
  return ['--bind', dir, dir, ...began.get(dir)!.flatMap((name) => readOnly(join(dir, name)))]
}
