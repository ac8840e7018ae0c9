import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { readGiven } from '../course/given.ts'
import { explainFileError } from '../course/read/file-error.ts'
import type { Exercise } from '../course/types.ts'
import { ownFolderPrefix, sweepFolders } from './record/browser/own-folders.ts'
import type { Program } from './record/program/learner-program.ts'
import { GraderError } from './types/errors.ts'

/** A program with the exercise's own files in their places. */
export interface LaidProgram {
  readonly program: Program
  /** Sentences for the learner: which changes did not count. */
  readonly notes: readonly string[]
  /** Removes the folder it was laid out in. */
  remove(): void
}

/** A folder with more files is not a program's own. */
const MOST_FILES = 2000

/**
 * Lays the files of `given/` over a copy of the program, which is what is run then; the program's
 * own folder stays as it is. A program of one file with another name than the exercise's takes the
 * place of that. Without given files, and for a server that already runs, it is the program itself.
 * Throws FileError. @throws GraderError for a folder that holds more than a program.
 */
export function layGiven(
  exercise: Pick<Exercise, 'id' | 'dir' | 'given' | 'entry' | 'files'>,
  program: Program,
): LaidProgram {
  const given = readGiven(exercise)
  if (given.length === 0 || program.kind === 'url') return { program, notes: [], remove: () => {} }
  requireSmall(program.dir)
  void sweepFolders('given').catch(() => {})
  const dir = realpathSync(mkdtempSync(join(tmpdir(), ownFolderPrefix('given'))))
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    copyProgram(program.dir, dir)
    const [main] = exercise.files
    if (program.kind !== 'command' && program.entry !== main)
      copyFileSync(join(dir, program.entry), join(dir, main))
    const notes = given
      .filter(({ path, content }) => isOther(join(program.dir, path), content))
      .map(
        ({ path }) =>
          `${path} is given, so your change to it does not count: the exercise's own is used.`,
      )
    for (const { path, content } of given) {
      rmSync(join(dir, path), { force: true })
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), content)
    }
    const laid =
      program.kind === 'command'
        ? { ...program, dir }
        : { ...program, dir, entry: exercise.entry ?? main }
    return { program: laid, notes, remove }
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

/** A file that is not there, or is something else than a file, is no change of the learner's. */
function isOther(path: string, content: Uint8Array): boolean {
  try {
    return lstatSync(path).isFile() && !readFileSync(path).equals(content)
  } catch {
    return false
  }
}
