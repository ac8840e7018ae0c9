import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { npmRun } from '../../course/command-line.ts'
import { findExercise, nearest } from '../../course/find.ts'
import { resolvePaths, type Paths } from '../../course/paths.ts'
import {
  decodeEvidence,
  isJudgeable,
  replayRun,
  type Evidence,
  type GradeEvent,
  type Report,
} from '../../grader/index.ts'
import { openStore, StoreError } from '../../store/open-store.ts'
import { listRuns, readRun } from '../../store/runs.ts'
import { UsageError } from '../explain-error.ts'
import { loadEveryCourse } from '../reading/other-courses.ts'
import { createReporter, type ReporterKind } from '../terminal/reporter.ts'
import type { ExitCode } from '../exit-code.ts'
import { invocationDirectory } from '../options/invocation-directory.ts'
import { exitCode } from './grade.ts'

/**
 * Judges a kept run once more by the checks as they are now, from its evidence alone; `svg` is a
 * folder for its pictures.
 * @throws FileError (the pictures), UsageError (no such run), StoreError (damaged), GraderError
 * (the checks do not load), CourseProblems
 */
export async function replay(
  id: string,
  options: { reporter: ReporterKind; verbose?: boolean; svg?: string },
): Promise<ExitCode> {
  const paths = resolvePaths()
  const kept = await find(id, paths)
  const course = await loadEveryCourse()
  const { report, evidence } = understood(id, kept)
  const found = findExercise(course, report.exercise)
  if (!found)
    throw new UsageError(
      `The run ${id} is of the exercise "${report.exercise}", which this course does not have.`,
    )
  const replayed = await replayRun({ ...found, report, evidence })
  const reporter = createReporter(options.reporter, options.verbose ?? false)
  eventsOf(replayed).forEach(reporter.onEvent)
  reporter.end([replayed])
  if (options.svg !== undefined) await drawn(replayed, evidence, options.svg, options.reporter)
  return exitCode([replayed])
}

interface Kept {
  readonly report: Report
  readonly evidence: string
}

/**
 * A run by its id, or what was submitted: by the submission's id, or by the run's when that one was
 * removed since.
 */
async function find(id: string, paths: Paths): Promise<Kept> {
  const found = readRun(paths.runs, id) ?? (await submitted(id, paths))
  if (!found) throw new UsageError(explainUnknown(id, paths))
  return found
}

async function submitted(id: string, paths: Paths): Promise<Kept | undefined> {
  // Looking makes no file.
  if (!existsSync(paths.store)) return undefined
  const store = openStore(paths.store)
  try {
    const submission =
      (await store.submission(id)) ??
      (await store.submission((await store.submissions()).find(({ run }) => run === id)?.id ?? ''))
    const evidence = submission && (await store.submissionEvidence(submission.id))
    return submission && evidence !== undefined
      ? { report: submission.report, evidence }
      : undefined
  } finally {
    store.close()
  }
}

function explainUnknown(id: string, paths: Paths): string {
  const runs = listRuns(paths.runs)
  if (runs.length === 0)
    return `No run is kept yet, so there is nothing called "${id}". ${npmRun('grade', ['<exercise>'])} makes one.`
  const meant =
    runs.find(({ run }) => id.length >= 3 && run.startsWith(id))?.run ??
    nearest(
      id,
      runs.map(({ run }) => run),
    )
  const newest = runs
    .slice(0, 5)
    .map(
      ({ run, exercise, verdict, startedAt }) =>
        `  ${run}  ${startedAt.slice(0, 16).replace('T', ' ')}  ${verdict.padEnd(7)}  ${exercise}`,
    )
  return [
    `No run is called "${id}".${meant === undefined ? '' : ` Did you mean "${meant}"?`} The newest ones (times in UTC):`,
    ...newest,
  ].join('\n')
}

/** @throws StoreError when it is not what the grader writes */
function understood(
  id: string,
  { report, evidence: text }: Kept,
): { report: Report; evidence: Evidence[] } {
  const damaged = (what: string, cause?: unknown) =>
    new StoreError(
      'damaged',
      `The ${what} of the run ${id} is damaged.`,
      'Grade again for a new run.',
      cause,
    )
  if (
    typeof report?.exercise !== 'string' ||
    !Array.isArray(report.checks) ||
    Number.isNaN(Date.parse(report.startedAt))
  )
    throw damaged('report')
  try {
    const evidence = decodeEvidence(text)
    const isWhole = evidence.every(
      ({ scenario, exchanges }) => typeof scenario === 'string' && Array.isArray(exchanges),
    )
    if (!isWhole) throw damaged('evidence')
    if (!isJudgeable(text))
      throw new StoreError(
        'damaged',
        `The run ${id} was recorded by an older Roundtrip, and today's checks need more than it kept.`,
        `Grade again: ${npmRun('grade', [report.exercise])}`,
      )
    return { report, evidence }
  } catch (error) {
    throw error instanceof StoreError ? error : damaged('evidence', error)
  }
}

async function drawn(
  report: Report,
  evidence: readonly Evidence[],
  folder: string,
  reporter: ReporterKind,
): Promise<void> {
  const { writePictures } = await import('../terminal/write-pictures.ts')
  const count = writePictures(report, evidence, resolve(invocationDirectory(), folder))
  // The other reporters have the output for themselves.
  if (reporter === 'text')
    process.stdout.write(`${count === 1 ? '1 picture' : `${count} pictures`} in ${folder}\n`)
}

/** The report as the stream of events of a grading, which every renderer takes. */
function eventsOf(report: Report): GradeEvent[] {
  const { run, exercise, title, program, checks } = report
  return [
    {
      type: 'started',
      run,
      exercise,
      title,
      program,
      checks: checks.map((check) => ({ id: check.id, title: check.title })),
    },
    ...checks.map((result): GradeEvent => ({ type: 'check', result })),
    { type: 'finished', report },
  ]
}
