import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readGiven } from '../course/given.ts'
import { explainFileError } from '../course/read/file-error.ts'
import { readOrdinaryFile } from '../course/read/read-file.ts'
import type { Exercise } from '../course/types.ts'
import { ownFolder } from './record/browser/own-folders.ts'
import type { Program } from './record/program/learner-program.ts'
import { realPath } from './record/program/program-folders.ts'
import { isInSnapshot, type KeptFile } from './record/program/snapshot/snapshot.ts'
import { GraderError } from './types/errors.ts'

/** A program with the exercise's own files in their places. */
export interface LaidProgram {
  readonly program: Program
  /** Modules that its snapshot has in place of what is on the disk. */
  readonly modules: readonly KeptFile[]
  /** Sentences for the learner: which changes did not count. */
  readonly notes: readonly string[]
  /** Removes the folder it was laid out in. */
  remove(): void
}

const copies = ownFolder('given')

/** A folder with more files is not a program's own. */
const MOST_FILES = 2000

type WithGiven = Pick<Exercise, 'id' | 'dir' | 'given' | 'entry' | 'files'>

/**
 * Lays the files of `given/` over the program for its grading; the program's own folder stays as it
 * is. A program of one file with another name than the exercise's takes the place of that. Without
 * given files, and for a server that already runs, it is the program itself. Throws FileError.
 * @throws GraderError for a folder that holds more than a program.
 */
export function layGiven(exercise: WithGiven, program: Program): LaidProgram {
  const laid = laidInPlace(exercise, program)
  if (laid === null || !('entry' in program)) return copyWithGiven(exercise, program)
  const given = readGiven(exercise)
  const [main] = exercise.files
  const renamed = program.entry === main ? [] : [{ path: main, content: readEntry(program) }]
  return {
    program: laid,
    modules: [...given, ...renamed],
    notes: notesOn(given, program.dir),
    remove: () => {},
  }
}

/**
 * The program as it is graded where given modules alone are laid over it: by its snapshot, in its
 * own folder. Null where it has to be copied. What a command reads is not known, data is read from
 * the disk, and so is whether a page's script is there.
 */
export function laidInPlace(
  { given = [], entry, files: [main] }: WithGiven,
  program: Program,
): Extract<Program, { kind: 'files' | 'client' }> | null {
  const isOfModules =
    (program.kind === 'files' || program.kind === 'client') &&
    given.length > 0 &&
    given.every((path) => isInSnapshot(program.kind, path))
  return isOfModules ? { ...program, entry: entry ?? main } : null
}

function readEntry({ dir, entry }: { readonly dir: string; readonly entry: string }): Buffer {
  try {
    return readOrdinaryFile(join(dir, entry))
  } catch (error) {
    throw explainFileError(error, `read ${join(dir, entry)}`)
  }
}

/** The same in a copy of the program's folder, for whatever knows of no snapshot. */
export function copyWithGiven(exercise: WithGiven, program: Program): LaidProgram {
  const given = readGiven(exercise)
  if (given.length === 0 || program.kind === 'url')
    return { program, modules: [], notes: [], remove: () => {} }
  requireSmall(program.dir)
  const { path, remove } = copies.makeWithin()
  const dir = realpathSync(path)
  try {
    copyProgram(program.dir, dir)
    const [main] = exercise.files
    if (program.kind !== 'command' && program.entry !== main)
      copyFileSync(join(dir, program.entry), join(dir, main))
    given.forEach((file) => layInto(dir, file))
    const laid =
      program.kind === 'command'
        ? { ...program, dir }
        : { ...program, dir, entry: exercise.entry ?? main }
    const modules = given.filter((file) => isInSnapshot(program.kind, file.path))
    return { program: laid, modules, notes: notesOn(given, program.dir), remove }
  } catch (error) {
    remove()
    throw explainFileError(error, `copy ${program.dir}`)
  }
}

/** Packages are linked, and what can have no copy (a named pipe) is left out. */
function copyProgram(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => {
      const found = lstatSync(path)
      const isProgram = found.isFile() || found.isDirectory() || found.isSymbolicLink()
      return isProgram && !isForeign(basename(path))
    },
  })
  if (existsSync(join(from, 'node_modules')))
    symlinkSync(realpathSync(join(from, 'node_modules')), join(to, 'node_modules'))
}

function layInto(dir: string, { path, content }: KeptFile): void {
  const folders = path.split('/').slice(0, -1)
  folders.forEach((_, index) => ownFolderAt(join(dir, ...folders.slice(0, index + 1))))
  const file = join(dir, path)
  rmSync(file, { force: true })
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

/** A link to a folder leads to the learner's own, in which nothing may be written. */
function ownFolderAt(folder: string): void {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return
  const target = realPath(folder)
  rmSync(folder)
  if (target !== undefined) copyProgram(target, folder)
}

function isForeign(name: string): boolean {
  return name === 'node_modules' || name === '.git'
}

function requireSmall(dir: string): void {
  const folders = [dir]
  for (let seen = 0; folders.length > 0;) {
    const folder = folders.shift()!
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (isForeign(entry.name)) continue
      if (entry.isDirectory()) folders.push(join(folder, entry.name))
      if (++seen > MOST_FILES)
        throw new GraderError(
          `${dir} holds more than ${MOST_FILES} files, and the program is copied with what is given beside it.`,
          'Put the program into a folder of its own.',
        )
    }
  }
}

function notesOn(given: readonly KeptFile[], dir: string): string[] {
  return given
    .filter(({ path, content }) => isOther(join(dir, path), content))
    .map(
      ({ path }) =>
        `${path} is given, so your change to it does not count: the exercise's own is used.`,
    )
}

/** A file that is not there, or is something else than a file, is no change of the learner's. */
function isOther(path: string, content: Uint8Array): boolean {
  try {
    return lstatSync(path).isFile() && !readFileSync(path).equals(content)
  } catch {
    return false
  }
}
