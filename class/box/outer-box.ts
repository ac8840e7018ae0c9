import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { resolvePaths } from '../../course/paths.ts'
import type { Exercise } from '../../course/types.ts'
import { LIMITS } from './limits.ts'
import {
  BWRAP,
  folderInMemory,
  limited,
  ownLine,
  readOnly,
  readOnlyIfThere,
  sealLine,
  startIn,
  systemLine,
  USER_INSIDE,
} from './lines.ts'

/** What a box shows of the machine beside the project and the exercise. */
export interface BoxPlaces {
  /** Folders of the browser. */
  readonly browser: readonly string[]
  /** What tells the browser's place to who looks for it. */
  readonly browserEnvironment: Readonly<Record<string, string>>
  /** Node's compile cache, read-only unless it is being filled; null: none. */
  readonly compileCache: string | null
  readonly fillsCache?: boolean
}

/** Where the project is, and the folder of its learners' files. */
type ProjectPaths = Pick<ReturnType<typeof resolvePaths>, 'project' | 'root'>

const NAMESPACES = ['--unshare-all', '--unshare-user', '--die-with-parent', '--new-session']
const USER = ['--uid', `${USER_INSIDE}`, '--gid', `${USER_INSIDE}`, '--hostname', 'roundtrip']

/** The descriptor on which bubblewrap says which process is the box's first. */
export const INFO_FD = 3

/** What a grading runs of the project. */
const PROJECT = ['package.json', 'node_modules', 'course', 'grader', 'class/box']
/** What belongs to an exercise and to no grading. */
const NOT_FOR_GRADING = new Set(['solution', 'mutants', 'right', 'feedback', 'stub'])

/**
 * The box of the grader and its browser: no file of the machine but those that a grading reads, no
 * process, no way out of its own loopback. It ends with the worker, and everything in it does.
 */
export function inOuterBox(
  line: readonly string[],
  exercise: Pick<Exercise, 'dir'>,
  places: BoxPlaces,
  { project, root }: ProjectPaths = resolvePaths(),
): string[] {
  const { browser, compileCache, fillsCache = false } = places
  return [
    BWRAP,
    ...NAMESPACES,
    ...USER,
    '--info-fd',
    String(INFO_FD),
    ...systemLine(),
    ...readOnlyIfThere('/etc/fonts'),
    ...readOnlyIfThere('/var/cache/fontconfig'),
    ...ownLine(LIMITS.graderTmpBytes),
    ...PROJECT.flatMap((name) => readOnly(join(project, name))),
    ...exerciseLine(exercise.dir),
    ...browser.flatMap(readOnly),
    ...(compileCache === null
      ? []
      : [fillsCache ? '--bind' : '--ro-bind', compileCache, compileCache]),
    ...folderInMemory(join(root, 'work'), LIMITS.workBytes),
    ...sealLine(),
    ...startIn(project, limited({ nproc: LIMITS.boxProcesses }, line)),
  ]
}

/** Set where what was compiled is to be kept. */
export const FILLS_CACHE = 'ROUNDTRIP_BOX_FILLS_CACHE'

/** All of what the grader finds in its environment. */
export function boxEnvironment(
  { browserEnvironment, compileCache, fillsCache }: BoxPlaces,
  { project, root }: ProjectPaths = resolvePaths(),
): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/tmp',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    ...(root !== project && { ROUNDTRIP_COURSE: root }),
    ...(compileCache !== null && { NODE_COMPILE_CACHE: compileCache }),
    ...(fillsCache && { [FILLS_CACHE]: '1' }),
    ...browserEnvironment,
  }
}

/** The checks and what they give a program. Its solution is not there, for nobody. */
function exerciseLine(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => !NOT_FOR_GRADING.has(name))
    .flatMap((name) => readOnly(join(dir, name)))
}
