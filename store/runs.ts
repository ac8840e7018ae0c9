import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { shownPath, type Paths } from '../course/paths.ts'
import { explainFileError, FileError } from '../course/read/file-error.ts'
import { isKeepablePath } from '../course/read/file-name.ts'
import { listFilesBelow } from '../course/read/course-files.ts'
import type { WorkFile } from '../course/work/work-folder.ts'
import type { Report } from '../grader/types/index.ts'
import { decodeReport } from './decode-report.ts'
import { StoreError, type StoreErrorKind } from './store-error.ts'

/** One grading with all it left behind. */
export interface Run {
  readonly report: Report
  /** As `encodeEvidence` gives it. */
  readonly evidence: string
  /** What was graded. Empty for a command or an address. */
  readonly files: readonly WorkFile[]
}

export interface RunSummary extends Pick<
  Report,
  'run' | 'exercise' | 'title' | 'verdict' | 'startedAt' | 'durationMs' | 'program'
> {
  readonly passedChecks: number
  readonly totalChecks: number
}

/** Keeps a run under `<runs>/<id>/`: whole, or not at all. Throws StoreError. */
export function saveRun(runs: string, { report, evidence, files }: Run): void {
  const final = runFolder(runs, report.run)
  for (const { path } of files) checkPath(path)
  explained(`save the run in ${runs}`, () => {
    mkdirSync(runs, { recursive: true })
    const draft = mkdtempSync(join(runs, '.new-'))
    try {
      writeFileSync(join(draft, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
      writeFileSync(join(draft, 'evidence.json'), evidence)
      for (const { path, content } of files) {
        mkdirSync(dirname(join(draft, 'files', path)), { recursive: true })
        writeFileSync(join(draft, 'files', path), content)
      }
      if (existsSync(final))
        throw new StoreError('exists', `The run ${report.run} is saved already.`, gradeAgain)
      renameSync(draft, final)
    } catch (error) {
      rmSync(draft, { recursive: true, force: true })
      throw error
    }
  })
}

/**
 * The run with this id, or undefined: for an id that is none, too. Throws StoreError when it is
 * there and cannot be read.
 */
export function readRun(runs: string, id: string): Run | undefined {
  if (!isRunId(id) || !existsSync(join(runs, id, 'report.json'))) return undefined
  const folder = runFolder(runs, id)
  return explained(`read the run ${folder}`, () => ({
    report: parseReport(folder),
    evidence: readFileSync(join(folder, 'evidence.json'), 'utf8'),
    files: listFilesBelow(join(folder, 'files')).map((path) => ({
      path,
      content: readFileSync(join(folder, 'files', path)),
    })),
  }))
}

/**
 * The report of a run alone; undefined when there is none. Throws StoreError when it is damaged.
 */
export function readReport(runs: string, id: string): Report | undefined {
  if (!isRunId(id)) return undefined
  const folder = join(runs, id)
  return explained(`read the run ${folder}`, () =>
    existsSync(join(folder, 'report.json')) ? parseReport(folder) : undefined,
  )
}

/** Every run that can be read, newest first. A report is read once by a process that asks again. */
export function listRuns(runs: string): RunSummary[] {
  const before = summaries.get(runs)
  const now = new Map(
    runIds(runs).flatMap((id) => {
      const known = summaryOf(join(runs, id), before?.get(id))
      return known ? [[id, known] as const] : []
    }),
  )
  summaries.set(runs, now)
  return [...now.values()]
    .flatMap(({ summary }) => summary ?? [])
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
}

/**
 * Every run of the learner's own files, newest first. One of files elsewhere (`--dir`, `--url`) says
 * nothing of these.
 */
export function listOwnRuns({ runs, work, root }: OwnPlaces): RunSummary[] {
  // The program's name is its path as a person reads it: `work/cookies-max-age/server.ts`.
  return listRuns(runs).filter(({ program, exercise }) =>
    program.startsWith(`${shownPath(join(work, exercise), root)}/`),
  )
}

/** Where runs are kept, and by which paths the learner's own files are known in them. */
type OwnPlaces = Pick<Paths, 'runs' | 'work' | 'root'>

/** Ids of the exercises whose newest verdict on the learner's own files is a pass. */
export function passedRuns(places: OwnPlaces): Set<string> {
  return passedAmong(listOwnRuns(places))
}

/** The same of runs that were listed already, newest first. */
export function passedAmong(runs: readonly RunSummary[]): Set<string> {
  const passed = new Set<string>()
  const judged = new Set<string>()
  for (const run of runs) {
    if (run.verdict === 'errored' || judged.has(run.exercise)) continue
    judged.add(run.exercise)
    if (run.verdict === 'passed') passed.add(run.exercise)
  }
  return passed
}

/** Another text whenever a run was kept or removed since, by whichever program. */
export function runsRevision(runs: string): string {
  return String(modifiedAt(runs))
}

interface KnownSummary {
  /** Changes with the file. */
  readonly stamp: string
  /** Null for a damaged one. */
  readonly summary: RunSummary | null
}

/** What was read of the folders with runs that this process has listed. */
const summaries = new Map<string, ReadonlyMap<string, KnownSummary>>()

/** Undefined for a run that another program has pruned since. */
function summaryOf(folder: string, known: KnownSummary | undefined): KnownSummary | undefined {
  const found = statSync(join(folder, 'report.json'), { throwIfNoEntry: false })
  if (!found) return undefined
  const stamp = `${found.ino} ${found.size} ${found.mtimeMs}`
  if (known?.stamp === stamp) return known
  try {
    const report = parseReport(folder)
    const { run, exercise, title, verdict, startedAt, durationMs, program, checks } = report
    const passedChecks = checks.filter(({ outcome }) => outcome === 'passed').length
    const counts = { passedChecks, totalChecks: checks.length }
    return {
      stamp,
      summary: { run, exercise, title, verdict, startedAt, durationMs, program, ...counts },
    }
  } catch {
    // A damaged one is no reason to hide the others.
    return { stamp, summary: null }
  }
}

/** How many runs there are, readable or not. */
export function countRuns(runs: string): number {
  return runIds(runs).length
}

/** So many runs stay beside the submitted ones. */
export const RUNS_KEPT = 200

/**
 * Removes all runs but the newest `keep` and the submitted ones, and what a killed program left.
 * Gives how many runs went. What cannot be removed stays, as does what another program is removing:
 * nobody who starts waits for this. Throws StoreError when the folder cannot be read.
 */
export function pruneRuns(runs: string, submitted: ReadonlySet<string>, keep = RUNS_KEPT): number {
  for (const name of hiddenFolders(runs))
    if (Date.now() - modifiedAt(join(runs, name)) > hourMs) removed(join(runs, name))
  const newestFirst = runIds(runs)
    .map((id) => ({ id, at: modifiedAt(join(runs, id)) }))
    .toSorted((a, b) => b.at - a.at)
  const superfluous = newestFirst.slice(keep).filter(({ id }) => !submitted.has(id))
  return superfluous.filter(({ id }) => {
    // Renamed first: nobody meets a run of which half is gone. Of two programs one is first.
    const doomed = join(runs, `.old-${id}-${process.pid}`)
    return quietly(() => renameSync(join(runs, id), doomed)) && removed(doomed)
  }).length
}

function removed(folder: string): boolean {
  return quietly(() => rmSync(folder, { recursive: true, force: true }))
}

/** True when it was done. */
function quietly(action: () => void): boolean {
  try {
    action()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

const hourMs = 3_600_000
const gradeAgain = 'Grade again for a new run.'

/** An id as the grader draws it. What does not match is never joined to a path. */
export function isRunId(id: string): boolean {
  return /^[0-9a-f]{8,32}$/.test(id)
}

function runFolder(runs: string, id: string): string {
  if (!isRunId(id)) throw new RangeError(`Not a run's id: ${JSON.stringify(id)}`)
  return join(runs, id)
}

function checkPath(path: string): void {
  if (!isKeepablePath(path))
    throw new RangeError(`Not a file of an exercise: ${JSON.stringify(path)}`)
}

function parseReport(folder: string): Report {
  return decodeReport(readFileSync(join(folder, 'report.json'), 'utf8'))
}

function runIds(runs: string): string[] {
  return namesIn(runs).filter(isRunId)
}

function hiddenFolders(runs: string): string[] {
  return namesIn(runs).filter((name) => name.startsWith('.new-') || name.startsWith('.old-'))
}

function namesIn(runs: string): string[] {
  return existsSync(runs) ? explained(`read ${runs}`, () => readdirSync(runs)) : []
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function explained<Result>(doing: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new StoreError('damaged', `Cannot ${doing}: it is damaged.`, gradeAgain, error)
    const known = explainFileError(error, doing)
    throw known instanceof FileError
      ? new StoreError(kindOf(error), known.message, known.remedy, error)
      : known
  }
}

function kindOf(error: unknown): StoreErrorKind {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full'
  return code === 'EROFS' || code === 'EACCES' || code === 'EPERM' ? 'read-only' : 'unreachable'
}
