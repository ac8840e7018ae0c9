import { existsSync } from 'node:fs'
import { npmRun } from '../../course/command-line.ts'
import { allExercises, type FoundExercise } from '../../course/find.ts'
import { workFolder, type WorkFile } from '../../course/work/work-folder.ts'
import { gradeExercise, type Report } from '../../grader/index.ts'
import {
  chosenProgram,
  requireOneSource,
  sourcesOf,
  type ProgramSource,
} from '../options/chosen-program.ts'
import { gradeSideBySide } from '../grade-side-by-side.ts'
import { saveGrading } from '../save-grading.ts'
import { UsageError } from '../explain-error.ts'
import { tellLeftOut, requireExercise } from '../options/find-exercise.ts'
import { loadEveryCourse } from '../reading/other-courses.ts'
import { readingNote } from '../reading/reading-place.ts'
import { createReporter, type ReporterKind } from '../terminal/reporter.ts'
import type { ExitCode } from '../exit-code.ts'
import { endsWithVerdict } from '../with-browser.ts'

export interface GradeCommandOptions extends ProgramSource {
  readonly all?: boolean
  readonly reporter: ReporterKind
  readonly verbose?: boolean
}

/** Grades one exercise, or all that were begun, and tells the verdict. */
export async function grade(
  id: string | undefined,
  options: GradeCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const course = await loadEveryCourse()
  const chosen = choose(id, options, () => allExercises(course))
  const exercises = typeof chosen === 'string' ? [requireExercise(course, chosen)] : chosen
  if (options.all) tellLeftOut([course])
  const reporter = createReporter(options.reporter, options.verbose ?? false)
  const reports: Report[] = []
  const kept = new Map<FoundExercise, readonly WorkFile[]>()
  try {
    await gradeSideBySide({
      exercises,
      async grade(found, onEvent, ended) {
        const { program, files } = chosenProgram(found, options)
        kept.set(found, files)
        return gradeExercise({ ...found, program, kept: files, onEvent, signal: ended })
      },
      onEvent: exercises.length === 1 ? endsWithVerdict(reporter.onEvent) : reporter.onEvent,
      async onGraded(grading, found) {
        reports.push(grading.report)
        reporter.tellKept(grading.report, await saveGrading(grading, kept.get(found)!))
      },
      signal,
    })
    reporter.end(reports)
    if (options.reporter === 'text') {
      await tellPlace()
      if (sourcesOf(options).length === 0) await tellStubs(exercises)
    }
  } finally {
    reporter.stop()
  }
  return exitCode(reports)
}

export function exitCode(reports: readonly Report[]): ExitCode {
  if (reports.some(({ verdict }) => verdict === 'errored')) return 3
  return reports.every(({ verdict }) => verdict === 'passed') ? 0 : 1
}

async function tellPlace(): Promise<void> {
  const note = await readingNote()
  if (note) process.stdout.write(`${note}\n`)
}

async function tellStubs(exercises: readonly FoundExercise[]): Promise<void> {
  const { stubNote } = await import('./merge.ts')
  for (const note of exercises.map(({ exercise }) => stubNote(exercise)))
    if (note) process.stdout.write(`${note}\n`)
}

function choose(
  id: string | undefined,
  options: GradeCommandOptions,
  all: () => FoundExercise[],
): string | FoundExercise[] {
  requireOneSource(options, 'grade')
  if (options.all) {
    if (id !== undefined || sourcesOf(options).length > 0)
      throw new UsageError(
        '--all grades your work on every exercise you have begun; it goes with no exercise and no other source.',
      )
    const begun = all().filter(({ exercise }) => existsSync(workFolder(exercise)))
    if (begun.length === 0)
      throw new UsageError(
        `You haven't begun an exercise yet. Begin with: ${npmRun('grade', ['<exercise>'])}`,
      )
    return begun
  }
  if (id === undefined)
    throw new UsageError(
      `Which exercise? ${npmRun('grade', ['<exercise>'])}, or ${npmRun('grade', ['--all'])}. ${npmRun('progress')} lists them.`,
    )
  return id
}
