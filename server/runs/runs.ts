import { randomBytes } from 'node:crypto'
import type { Exercise, Lesson } from '../../course/types.ts'
import type { WorkFile } from '../../course/work/work-folder.ts'
import type { GradeEvent } from '../../grader/types/index.ts'
import type { GradeOptions, Grading } from '../../grader/index.ts'

/** A run grades and keeps the report; a submission also keeps the files for good. */
export type Purpose = 'run' | 'submit'

/**
 * What happens to a run: the grader's events, and those of waiting for it and of keeping what it
 * found.
 */
export type RunEvent =
  | GradeEvent
  /**
   * `ahead` others are graded first; `seconds` until it begins, where that can be expected.
   * `restarted`: what came before no longer counts.
   */
  | {
      readonly type: 'waiting'
      readonly ahead: number
      readonly seconds?: number | undefined
      readonly restarted?: boolean
    }
  /** The last event of a run that was judged. `warning`: it could not be kept, and why. */
  | { readonly type: 'kept'; readonly submission: string | null; readonly warning?: string }
  /** The last event of a run that was stopped, or replaced by a newer one. */
  | { readonly type: 'cancelled'; readonly replaced?: boolean }
  /** The last event of a run that never came to a report. */
  | { readonly type: 'broken'; readonly error: string }

export interface LiveRun {
  /**
   * The id under which it was started. The grader may record it under one of its own (see
   * `recordedId`).
   */
  readonly id: string
  readonly exercise: Exercise
  readonly purpose: Purpose
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
  /** Everything so far, in order. */
  readonly events: readonly RunEvent[]
  readonly state: 'waiting' | 'running' | 'over'
}

/** Known at once, or asked for elsewhere. */
type Awaitable<Value> = Value | Promise<Value>

export interface Runs {
  /**
   * Starts a grading, or joins one of the same exercise and purpose that still waits. @throws
   * PageError in a class in which the exercise can't be submitted yet
   */
  start(exercise: Exercise, lesson: Lesson, purpose: Purpose): Awaitable<LiveRun>
  find(id: string): Awaitable<LiveRun | undefined>
  /** The newest run of an exercise, which may be over. */
  newest(exerciseId: string): Awaitable<LiveRun | undefined>
  /** Stops a run. False when it is over already. */
  cancel(id: string): Awaitable<boolean>
  /**
   * Calls `listener` for every event from number `from` on, those of the past at once. Gives the
   * way to stop.
   */
  follow(
    run: LiveRun,
    from: number,
    listener: (event: RunEvent, number: number) => void,
  ): () => void
  /** Stops everything and waits until it is cleaned up. */
  close(): Promise<void>
}

/**
 * What is to be graded: the learner's program, and its files as they stood when the grading began.
 */
export interface Prepared {
  readonly program: GradeOptions['program']
  readonly files: readonly WorkFile[]
}

/** What a run is made of. All three may throw; a person then reads the message. */
export interface RunWork {
  prepare(exercise: Exercise): Prepared
  grade: Grade
  /** Keeps a report, its evidence and the files. Gives the submission's id, or null for a run. */
  keep(run: LiveRun, grading: Grading, files: readonly WorkFile[]): Promise<string | null>
}

/** `gradeExercise`, or a stand-in that tests script. `run` is the id the run should have. */
export type Grade = (options: GradeOptions & { readonly run: string }) => Promise<Grading>

/** The id under which the grader records a run. */
export function recordedId(run: LiveRun): string {
  return run.events.find((event) => event.type === 'started')?.run ?? run.id
}

/** The gradings started from the page: at most `atOnce` side by side, the others in line. */
export function createRuns(work: RunWork, atOnce = 2) {
  const runs: Entry[] = []

  const start = (exercise: Exercise, lesson: Lesson, purpose: Purpose): LiveRun => {
    const waiting = runs.find(
      (run) =>
        run.state === 'waiting' && run.exercise.id === exercise.id && run.purpose === purpose,
    )
    if (waiting) return waiting
    const entry = newEntry(exercise, lesson, purpose)
    runs.push(entry)
    forgetOldest(runs)
    advance()
    return entry
  }

  const advance = () => {
    for (const entry of runs.filter((run) => run.state === 'waiting')) {
      const running = runs.filter((run) => run.state === 'running')
      // Two gradings of one exercise would read and keep the same files: the second waits for the
      // first.
      const blocked =
        running.length >= atOnce || running.some((run) => run.exercise.id === entry.exercise.id)
      if (blocked) announceWaiting(entry, runs)
      else entry.done = carryOut(entry, work).finally(advance)
    }
  }

  const find = (id: string) => runs.find((run) => run.id === id || recordedId(run) === id)

  return {
    start,
    find,
    newest: (exerciseId: string) => runs.findLast((run) => run.exercise.id === exerciseId),
    cancel(id: string) {
      const entry = find(id)
      if (!entry || entry.state === 'over') return false
      stop(entry)
      advance()
      return true
    },
    follow(run: LiveRun, from: number, listener: (event: RunEvent, number: number) => void) {
      const entry = runs.find((each) => each === run)
      run.events.slice(from).forEach((event, index) => listener(event, from + index))
      entry?.listeners.add(listener)
      return () => entry?.listeners.delete(listener)
    },
    async close() {
      // Those in line first, or one of them would start when a place becomes free.
      for (const entry of runs.toReversed()) if (entry.state !== 'over') stop(entry)
      await Promise.all(runs.map((entry) => entry.done))
    },
  } satisfies Runs
}

interface Entry extends LiveRun {
  readonly lesson: Lesson
  readonly events: RunEvent[]
  readonly listeners: Set<(event: RunEvent, number: number) => void>
  readonly controller: AbortController
  state: LiveRun['state']
  done: Promise<void>
}

function newEntry(exercise: Exercise, lesson: Lesson, purpose: Purpose): Entry {
  return {
    id: randomBytes(4).toString('hex'),
    exercise,
    lesson,
    purpose,
    startedAt: Date.now(),
    events: [],
    listeners: new Set(),
    controller: new AbortController(),
    state: 'waiting',
    done: Promise.resolve(),
  }
}

/**
 * Runs that are over stay in memory for pages that still look at them; what was kept is on disk
 * anyway.
 */
function forgetOldest(runs: Entry[]): void {
  const over = runs.filter((run) => run.state === 'over')
  for (const run of over.slice(0, Math.max(0, over.length - 20))) runs.splice(runs.indexOf(run), 1)
}

function announceWaiting(entry: Entry, runs: readonly Entry[]): void {
  const ahead = runs.slice(0, runs.indexOf(entry)).filter((run) => run.state !== 'over').length
  const last = entry.events.at(-1)
  if (last?.type !== 'waiting' || last.ahead !== ahead) emit(entry, { type: 'waiting', ahead })
}

async function carryOut(entry: Entry, work: RunWork): Promise<void> {
  entry.state = 'running'
  const { signal } = entry.controller
  try {
    const { program, files } = work.prepare(entry.exercise)
    const onEvent = (event: GradeEvent) => emit(entry, event)
    const grading = await work.grade({
      exercise: entry.exercise,
      lesson: entry.lesson,
      program,
      kept: files,
      run: entry.id,
      onEvent,
      signal,
    })
    const kept = await keep(entry, grading, files, work)
    entry.state = 'over'
    emit(entry, kept)
  } catch (error) {
    entry.state = 'over'
    emit(
      entry,
      signal.aborted ? { type: 'cancelled' } : { type: 'broken', error: messageOf(error) },
    )
  }
}

async function keep(
  entry: Entry,
  grading: Grading,
  files: readonly WorkFile[],
  work: RunWork,
): Promise<RunEvent> {
  try {
    return { type: 'kept', submission: await work.keep(entry, grading, files) }
  } catch (error) {
    return { type: 'kept', submission: null, warning: messageOf(error) }
  }
}

function stop(entry: Entry): void {
  entry.controller.abort(new Error('Stopped.'))
  if (entry.state !== 'waiting') return
  entry.state = 'over'
  emit(entry, { type: 'cancelled' })
}

function emit(entry: Entry, event: RunEvent): void {
  const number = entry.events.push(event) - 1
  for (const listener of entry.listeners) listener(event, number)
}

/** What went wrong, and the remedy where the error has one. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'remedy' in error && typeof error.remedy === 'string'
    ? `${error.message} ${error.remedy}`
    : error.message
}
