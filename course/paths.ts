import { createHash } from 'node:crypto'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where things are on this machine. All absolute. */
export interface Paths {
  /** Roundtrip's own folder. */
  readonly project: string
  /**
   * Holds `lessons/` and `exercises/`: the project, unless `ROUNDTRIP_COURSE` names another course.
   */
  readonly root: string
  /** The learner's copies, one folder per exercise. `ROUNDTRIP_WORK` overrides it. */
  readonly work: string
  /** Everything Roundtrip keeps. `ROUNDTRIP_HOME` overrides it; the entries below lie in it. */
  readonly state: string
  /** The progress file. */
  readonly store: string
  /** One folder per grading. */
  readonly runs: string
  /** The stub each learner's copy began as, one folder per exercise. */
  readonly base: string
  /** The browser that Roundtrip has installed, for all courses. */
  readonly browser: string
  /** PostgreSQL's programs that Roundtrip has installed, for all courses. */
  readonly postgres: string
  /** What a class keeps here: its database, unless `DATABASE_URL` names one. */
  readonly class: string
}

/**
 * Gives the paths of the course in use: the project's, or the one that `ROUNDTRIP_COURSE` names,
 * which keeps work and state in its own folder. A relative override is taken from the current
 * folder, an empty one is ignored.
 */
export function resolvePaths(env: NodeJS.ProcessEnv = process.env): Paths {
  const project = dirname(dirname(fileURLToPath(import.meta.url)))
  const root = resolve(env.ROUNDTRIP_COURSE || project)
  const state = resolve(env.ROUNDTRIP_HOME || join(root, '.roundtrip'))
  const own = resolve(env.ROUNDTRIP_HOME || join(project, '.roundtrip'))
  return {
    project,
    root,
    work: resolve(env.ROUNDTRIP_WORK || join(root, 'work')),
    state,
    store: join(state, 'roundtrip.sqlite'),
    runs: join(state, 'runs'),
    base: join(state, 'base'),
    browser: join(own, 'browser'),
    postgres: join(own, 'postgres'),
    class: join(state, 'class'),
  }
}

/** Names a course with what is kept for it, without telling where either is. */
export function placeId({ root, state }: Pick<Paths, 'root' | 'state'>): string {
  return createHash('sha256').update(`${root}\n${state}`).digest('base64url').slice(0, 16)
}

/**
 * A path as a person reads it: from the project when it lies in there, else whole. Always with
 * forward slashes.
 */
export function shownPath(path: string, root: string): string {
  const within = relative(root, path)
  const outside = within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within)
  return (outside ? path : within || '.').split(sep).join('/')
}
