import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { npmRun } from '../../course/command-line.ts'
import { allExercises, type FoundExercise } from '../../course/find.ts'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import { ensureWork, readWork, workFolder, type WorkFile } from '../../course/work-folder.ts'
import { closeBrowser, gradeExercise, programOf, type Program, type Report } from '../../grader/index.ts'
import { gradeSideBySide } from '../grade-side-by-side.ts'
import { keepRun } from '../keep-run.ts'
import { UsageError } from '../explain-error.ts'
import { requireExercise } from '../find-exercise.ts'
import { loadEveryCourse } from '../other-courses.ts'
import { interruptible } from '../interrupt.ts'
import { readingNote } from '../reading-place.ts'
import { createReporter, type ReporterKind } from '../reporter.ts'
import type { ExitCode } from '../run-command.ts'
import { meantPath, typedIn } from '../typed-in.ts'

export interface GradeCommandOptions {
  readonly all?: boolean
  readonly dir?: string
  readonly file?: string
  readonly cmd?: string
  readonly url?: string
  readonly reporter: ReporterKind
  readonly verbose?: boolean
}

/** Grades one exercise, or all that were begun, and tells the verdict. */
export async function grade(id: string | undefined, options: GradeCommandOptions): Promise<ExitCode> {
  const course = await loadEveryCourse()
  const chosen = choose(id, options, () => allExercises(course))
  const exercises = typeof chosen === 'string' ? [requireExercise(course, chosen)] : chosen
  const reporter = createReporter(options.reporter, options.verbose ?? false)
  const reports: Report[] = []
  // To the very end: a signal between the verdict and the closing of the browser leaves nothing behind either.
  return interruptible(async (signal) => {
    try {
      const kept = new Map<FoundExercise, readonly WorkFile[]>()
      await gradeSideBySide({
        exercises,
        async grade(found, onEvent, ended) {
          const { program, files } = whatToGrade(found, options)
          kept.set(found, files)
          return gradeExercise({ ...found, program, onEvent, signal: ended })
        },
        onEvent: reporter.onEvent,
        async onGraded(grading, found) {
          reports.push(grading.report)
          reporter.tellProblem(await keepRun(grading, kept.get(found)!))
        },
        signal,
      })
      reporter.end(reports)
      if (options.reporter === 'text') {
        await tellPlace()
        if (isOwnWork(options)) await tellStubs(exercises)
      }
    } finally {
      reporter.stop()
      await closeBrowser()
    }
    return exitCode(reports)
  })
}

export function exitCode(reports: readonly Report[]): ExitCode {
  if (reports.some(({ verdict }) => verdict === 'errored')) return 3
  return reports.every(({ verdict }) => verdict === 'passed') ? 0 : 1
}

async function tellPlace(): Promise<void> {
  const note = await readingNote()
  if (note) process.stdout.write(`${note}\n`)
}

function isOwnWork({ dir, file, cmd, url }: GradeCommandOptions): boolean {
  return (dir ?? file ?? cmd ?? url) === undefined
}

async function tellStubs(exercises: readonly FoundExercise[]): Promise<void> {
  const { stubNote } = await import('./merge.ts')
  for (const note of exercises.map(({ exercise }) => stubNote(exercise))) if (note) process.stdout.write(`${note}\n`)
}

function choose(id: string | undefined, options: GradeCommandOptions, all: () => FoundExercise[]): string | FoundExercise[] {
  const sources = (['dir', 'file', 'cmd', 'url'] as const).filter((name) => options[name] !== undefined)
  const compatible = sources.length <= 1 || sources.every((name) => name === 'dir' || name === 'cmd')
  if (!compatible) throw new UsageError(`Name one thing to grade: --${sources.join(' and --')} cannot go together.`)
  if (options.all) {
    if (id !== undefined || sources.length > 0) throw new UsageError('--all grades your work on every exercise you have begun; it goes with no exercise and no other source.')
    const begun = all().filter(({ exercise }) => existsSync(workFolder(exercise)))
    if (begun.length === 0) throw new UsageError(`There is no work yet. Begin with: ${npmRun('grade', ['<exercise>'])}`)
    return begun
  }
  if (id === undefined) throw new UsageError(`Which exercise? ${npmRun('grade', ['<exercise>'])}, or ${npmRun('grade', ['--all'])}. ${npmRun('progress')} lists them.`)
  return id
}

/** What is run, and the files that are kept with the run. */
export function whatToGrade({ exercise }: FoundExercise, options: Pick<GradeCommandOptions, 'dir' | 'file' | 'cmd' | 'url'> = {}): { program: Program; files: WorkFile[] } {
  const [entry] = exercise.files
  if (exercise.kind !== 'server' && (options.url ?? options.cmd) !== undefined) throw new UsageError(`${exercise.id} is no server: ${entry} is ${exercise.kind === 'page' ? 'a script for a page' : 'called by the grader'}. Grade it without --${options.url === undefined ? 'cmd' : 'url'}.`)
  if (options.url !== undefined) return { program: { kind: 'url', url: httpAddress(options.url) }, files: [] }
  if (options.cmd !== undefined) {
    if (options.cmd.trim() === '') throw new UsageError('--cmd takes the command that starts your server: --cmd "python3 app.py".')
    const dir = options.dir === undefined ? typedIn() : meantPath(options.dir)
    requireFolder(dir)
    return { program: { kind: 'command', command: options.cmd, dir }, files: [] }
  }
  const { root } = resolvePaths()
  if (options.file !== undefined) {
    const file = meantPath(options.file)
    if (exercise.files.length > 1) throw new UsageError(`${exercise.id} has several files (${exercise.files.join(', ')}). Use --dir with the folder they are in.`)
    if (!isFile(file)) throw new UsageError(`There is no file ${options.file}.`)
    requireReadable(file, options.file)
    return { program: programOf(exercise, dirname(file), shownPath(file, root), basename(file)), files: [] }
  }
  if (options.dir !== undefined) {
    const dir = meantPath(options.dir)
    requireFolder(dir)
    const file = resolve(dir, entry)
    if (!isFile(file)) throw new UsageError(`There is no ${entry} in ${options.dir}. The exercise ${exercise.id} consists of: ${exercise.files.join(', ')}`)
    return { program: programOf(exercise, dir, shownPath(file, root)), files: readWork(exercise, dir) }
  }
  const { dir } = ensureWork(exercise)
  return { program: programOf(exercise, dir, shownPath(join(dir, entry), root)), files: readWork(exercise, dir) }
}

function requireFolder(dir: string): void {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`There is no folder ${dir}.`)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
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
  if (url?.protocol !== 'http:' || url.pathname !== '/') throw new UsageError(`--url takes an address like http://127.0.0.1:3000, not ${text}.`)
  return url.origin
}
