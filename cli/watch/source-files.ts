import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { readGiven } from '../../course/given.ts'
import { UnusableFile } from '../../course/read/file-error.ts'
import { readOrdinaryFile } from '../../course/read/read-file.ts'
import type { Exercise } from '../../course/types.ts'
import type { WorkFile } from '../../course/work/work-folder.ts'

/** What a program consists of at a moment. */
export interface Sources {
  /** Equal for equal contents. */
  readonly key: string
  /** The exercise's own files, those that could be read. */
  readonly files: readonly WorkFile[]
  /** Sentences about files of the exercise that are not there or cannot be read. */
  readonly absent: readonly string[]
  /**
   * A file of the exercise has nothing in it: what an editor leaves for a moment while it writes.
   */
  readonly someEmpty: boolean
}

/**
 * Reads the exercise's files and the modules beside them. Other files are no sources: a program
 * that keeps notes in its folder would have itself graded for ever. The exercise's checks belong to
 * the key, for the author who works on them.
 */
export async function readSources(exercise: Exercise, dir: string): Promise<Sources> {
  const hash = createHash('sha256')
  const files: WorkFile[] = []
  const absent: string[] = []
  for (const path of await sourcePaths(exercise, dir)) {
    const own = exercise.files.includes(path)
    try {
      const content = readOrdinaryFile(join(dir, path))
      hash.update(`${path}\n${content.length}\n`).update(content)
      if (own) files.push({ path, content })
    } catch (error) {
      const reason = whyUnread(error)
      hash.update(`${path}\n${reason}\n`)
      if (own) absent.push(`${path} ${reason}.`)
    }
  }
  hash.update(checksOf(exercise))
  for (const { path, content } of readGiven(exercise)) hash.update(path).update(content)
  return {
    key: hash.digest('hex'),
    files,
    absent,
    someEmpty: files.some(({ content }) => content.length === 0),
  }
}

/** Completes "server.ts …". */
function whyUnread(error: unknown): string {
  if (error instanceof UnusableFile) return `cannot be read: ${error.message}`
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'is not there' : `cannot be read (${code})`
}

function checksOf(exercise: Exercise): Uint8Array | string {
  try {
    return readOrdinaryFile(join(exercise.dir, 'checks.ts'))
  } catch {
    return ''
  }
}

/** What can be known of the sources without reading them. */
export interface Stamp {
  /** Changes whenever a source is written or replaced. */
  readonly text: string
  /** The folders in which sources lie, with what tells one from another of the same name. */
  readonly folders: ReadonlyMap<string, number>
}

/** Looks at names, sizes and times: a few stat calls. */
export async function stampSources(exercise: Exercise, dir: string): Promise<Stamp> {
  const folders = new Map<string, number>()
  const paths = await sourcePaths(exercise, dir, folders)
  const own = await stat(exercise.dir).catch(() => null)
  if (own) folders.set(exercise.dir, own.ino)
  const given = (exercise.given ?? []).map((path) => join(exercise.dir, 'given', path))
  const all = [join(exercise.dir, 'checks.ts'), ...given, ...paths.map((path) => join(dir, path))]
  const stamps = all.map(async (path) => {
    const found = await stat(path).catch(() => null)
    return found ? `${path} ${found.ino} ${found.size} ${found.mtimeMs}` : path
  })
  return { text: (await Promise.all(stamps)).join('\n'), folders }
}

/** Whether a name may be a source file's. A name without an extension may be a folder's. */
export function mayBeSource(exercise: Exercise, name: string): boolean {
  return (
    extname(name) === '' ||
    languages(exercise).has(extname(name)) ||
    exercise.files.includes(name.replaceAll('\\', '/'))
  )
}

const MOST_FILES = 300

async function sourcePaths(
  exercise: Exercise,
  dir: string,
  folders = new Map<string, number>(),
): Promise<string[]> {
  const found = new Set<string>(exercise.files)
  const endings = languages(exercise)
  const below = async (within: string): Promise<void> => {
    const folder = join(dir, within)
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => null)
    if (!entries) return
    folders.set(folder, (await stat(folder).catch(() => null))?.ino ?? 0)
    for (const entry of entries) {
      const path = within === '' ? entry.name : `${within}/${entry.name}`
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory()) await below(path)
      else if (endings.has(extname(entry.name)) && found.size < MOST_FILES) found.add(path)
    }
  }
  await below('')
  return [...found].toSorted()
}

/** The endings of the exercise's own files, and of the modules that Node runs. */
function languages(exercise: Exercise): Set<string> {
  return new Set([
    '.ts',
    '.mts',
    '.cts',
    '.js',
    '.mjs',
    '.cjs',
    ...exercise.files.map((file) => extname(file)),
  ])
}
