import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { FoundExercise } from '../../course/find.ts'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import { explainFileError } from '../../course/read/file-error.ts'
import { requireOrdinaryFile } from '../../course/read/read-file.ts'
import { ensureWork, readWork, type WorkFile } from '../../course/work/work-folder.ts'
import { programOf, type Program } from '../../grader/index.ts'
import { UsageError } from '../explain-error.ts'
import { resolveUserPath, invocationDirectory } from './invocation-directory.ts'

/** Where a program is that is not the learner's own copy, as options name it. */
export interface ProgramSource {
  readonly dir?: string
  readonly file?: string
  readonly cmd?: string
  readonly url?: string
}

/** @throws UsageError when options name more than one program. */
export function requireOneSource(options: ProgramSource, verb: string): void {
  const sources = sourcesOf(options)
  const compatible =
    sources.length <= 1 || sources.every((name) => name === 'dir' || name === 'cmd')
  if (!compatible)
    throw new UsageError(
      `Name one thing to ${verb}: --${sources.join(' and --')} cannot go together.`,
    )
}

export function sourcesOf(options: ProgramSource): (keyof ProgramSource)[] {
  return (['dir', 'file', 'cmd', 'url'] as const).filter((name) => options[name] !== undefined)
}

/**
 * What is run, and the files that are kept with the run: the learner's own copy where no option
 * names another program. @throws UsageError
 */
export function chosenProgram(
  { exercise }: FoundExercise,
  options: ProgramSource = {},
): { program: Program; files: WorkFile[] } {
  const [entry] = exercise.files
  if (exercise.kind !== 'server' && (options.url ?? options.cmd) !== undefined)
    throw new UsageError(
      `${exercise.id} isn't a server exercise: ${exercise.kind === 'page' ? `${entry} runs in a page` : `the grader calls ${entry}`}. Leave out --${options.url === undefined ? 'cmd' : 'url'}.`,
    )
  if (options.url !== undefined)
    return { program: { kind: 'url', url: httpAddress(options.url) }, files: [] }
  if (options.cmd !== undefined) {
    if (options.cmd.trim() === '')
      throw new UsageError(
        '--cmd takes the command that starts your server: --cmd "python3 app.py".',
      )
    const dir = options.dir === undefined ? invocationDirectory() : resolveUserPath(options.dir)
    requireFolder(dir)
    return { program: { kind: 'command', command: options.cmd, dir }, files: [] }
  }
  const { root } = resolvePaths()
  if (options.file !== undefined) {
    const file = resolveUserPath(options.file)
    if (exercise.files.length > 1)
      throw new UsageError(
        `${exercise.id} has several files (${exercise.files.join(', ')}). Use --dir with the folder they are in.`,
      )
    if (!existsSync(file)) throw new UsageError(`${options.file} doesn't exist.`)
    if (statSync(file).isDirectory())
      throw new UsageError(
        `${options.file} is a folder. Name the file in it, or give the folder to --dir.`,
      )
    requireFile(file, options.file)
    requireReadable(file, options.file)
    return {
      program: programOf(exercise, dirname(file), shownPath(file, root), basename(file)),
      files: [],
    }
  }
  if (options.dir !== undefined) {
    const dir = resolveUserPath(options.dir)
    requireFolder(dir)
    const file = resolve(dir, entry)
    if (!existsSync(file))
      throw new UsageError(
        `${options.dir} has no ${entry}. The files of ${exercise.id} are: ${exercise.files.join(', ')}`,
      )
    return {
      program: programOf(exercise, dir, shownPath(file, root)),
      files: readWork(exercise, dir),
    }
  }
  const { dir } = ensureWork(exercise)
  return {
    program: programOf(exercise, dir, shownPath(join(dir, entry), root)),
    files: readWork(exercise, dir),
  }
}

function requireFolder(dir: string): void {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`The folder ${dir} doesn't exist.`)
}

/** Throws FileError: what Node would wait for in vain, or not read at all, is not even started. */
function requireFile(path: string, shown: string): void {
  try {
    requireOrdinaryFile(path)
  } catch (error) {
    throw explainFileError(error, `read ${shown}`)
  }
}

function requireReadable(path: string, shown: string): void {
  try {
    accessSync(path, constants.R_OK)
  } catch {
    throw new UsageError(`You may not read ${shown}.`)
  }
}

function httpAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'http:' || url.pathname !== '/')
    throw new UsageError(`--url takes an address like http://127.0.0.1:3000, not ${text}.`)
  return url.origin
}
