import { randomBytes } from 'node:crypto'
import type { Exercise, Lesson } from '../course/types.ts'
import { createClock, type Clock } from './clock.ts'
import { BrowserDied, GraderError, ProgramFault, VoidObservation } from './faults.ts'
import { warmBrowser } from './gather/browser.ts'
import { programLabel, startProgram, type Program, type RunningProgram } from './gather/learner-program.ts'
import { createIdSource } from './gather/recording-proxy.ts'
import { runScenario } from './gather/run-scenario.ts'
import type { ReproduceWith } from './judge/reproduce.ts'
import { runChecks, type Checks } from './judge/run-checks.ts'
import { summary } from './judge/message.ts'
import { loadChecks } from './load-checks.ts'
import type { Scenario } from './scenario.ts'
import type { CheckResult, Evidence, GradeEvent, Report, Verdict } from './types.ts'

export interface GradeOptions {
  readonly exercise: Exercise
  /** The lesson it belongs to, for the paragraphs to reread. */
  readonly lesson: Lesson
  readonly program: Program
  /** Called for every event, in order. */
  readonly onEvent?: (event: GradeEvent) => void
  /** Aborting ends the grading at once; the promise then rejects with the signal's reason, after everything was cleaned up. */
  readonly signal?: AbortSignal
}

export interface Grading {
  readonly report: Report
  readonly evidence: readonly Evidence[]
}

const START_CHECK = { id: 'starts', title: 'Your server starts and listens on the port it was given' }
const MOST_ATTEMPTS = 3

/**
 * Grades one program: starts it, runs the scenarios its checks need, judges them, cleans up. Whatever the program does becomes a verdict, and
 * whatever fails on our side becomes the verdict `errored`; it rejects only when `signal` was aborted.
 */
export async function gradeExercise(options: GradeOptions): Promise<Grading> {
  const { exercise, lesson, program, onEvent = () => {}, signal = new AbortController().signal } = options
  const clock = createClock()
  const run = randomBytes(4).toString('hex')
  const startedAt = clock.now()
  const notes: string[] = []
  const evidence: Evidence[] = []
  const programs = createPrograms(program, clock, signal)

  const finish = (checks: readonly CheckResult[], error?: GraderError): Grading => {
    const report: Report = {
      exercise: exercise.id,
      title: exercise.title,
      verdict: error ? 'errored' : verdictOf(checks),
      checks,
      startedAt: new Date(startedAt).toISOString(),
      durationMs: Math.round(clock.now() - startedAt),
      run,
      program: programLabel(program),
      notes,
      ...(error && { error: `${error.message} ${error.remedy}` }),
    }
    onEvent({ type: 'finished', report })
    return { report, evidence }
  }

  try {
    // The browser's start and the program's do not need each other.
    const browser = warmBrowser((preparing) => onEvent({ type: 'preparing', ...preparing }), signal)
    browser.catch(() => {})
    const checks = await loadChecks(exercise)
    const titles = [START_CHECK, ...[...checks].map(([id, { title }]) => ({ id, title }))]
    onEvent({ type: 'started', run, exercise: exercise.id, title: exercise.title, program: programLabel(program), checks: titles })

    const start = await programs.first().then(
      (running) => startPassed(running, clock.now() - startedAt),
      (error: unknown) => startFailed(error, clock.now() - startedAt),
    )
    if (start.outcome === 'passed') onEvent({ type: 'ready', ms: (await programs.first()).readyMs })
    onEvent({ type: 'check', result: start })
    if (start.outcome !== 'passed') {
      const skipped = skipAll(checks, clock.now() - startedAt)
      skipped.forEach((result) => onEvent({ type: 'check', result }))
      return finish([start, ...skipped])
    }
    await browser

    const ids = createIdSource()
    const gather = async (scenario: Scenario<any>): Promise<Evidence> => {
      for (let attempt = 1; ; attempt++) {
        const running = await programs.fresh()
        try {
          const found = await runScenario(scenario, running, {
            clock,
            ids,
            signal,
            onExchange: (exchange) => onEvent({ type: 'exchange', scenario: scenario.title, exchange: exchange.id, summary: summary(exchange), at: exchange.startedAt - startedAt }),
            onWatch: (progress) => onEvent({ type: 'progress', scenario: scenario.title, ...progress }),
          })
          evidence.push(found)
          return found
        } catch (error) {
          const reason = reasonToRepeat(error)
          if (reason === null || attempt === MOST_ATTEMPTS) throw reason === null ? error : gaveUp(error as Error)
          notes.push(reason)
          onEvent({ type: 'repeated', scenario: scenario.title, reason })
        } finally {
          if (await programs.done(running)) notes.push('Something your program started did not end with it and was ended.')
        }
      }
    }
    const results = await runChecks(checks, {
      gather,
      context: () => ({ atMs: Math.round(clock.now() - startedAt), reproduce: howToReproduce(exercise, program), rereads: (anchor) => reread(lesson, anchor) }),
      onResult: (result) => onEvent({ type: 'check', result }),
      explainGatherError: (error, check) => {
        signal.throwIfAborted()
        if (error instanceof ProgramFault) return { ...startFailed(error, clock.now() - startedAt), ...check }
        if (error instanceof GraderError) throw error
        return undefined
      },
    })
    return finish([start, ...results])
  } catch (error) {
    signal.throwIfAborted()
    return finish([], asGraderError(error))
  } finally {
    await programs.endAll()
  }
}

interface Programs {
  /** The first instance; every call gives the same. */
  first(): Promise<RunningProgram>
  /** An instance no scenario has used. */
  fresh(): Promise<RunningProgram>
  /** A scenario is done with it. Gives true when something of it had to be killed. */
  done(program: RunningProgram): Promise<boolean>
  endAll(): Promise<void>
}

/** Every scenario gets a process of its own, so that no state leaks from one into another. A server that somebody else started is shared, one scenario at a time. */
function createPrograms(program: Program, clock: Clock, signal: AbortSignal): Programs {
  const starting = new Set<Promise<RunningProgram>>()
  let first: Promise<RunningProgram> | null = null
  let firstIsFree = true
  let turn: Promise<void> = Promise.resolve()
  const releases = new Map<RunningProgram, () => void>()

  const start = () => {
    const promise = startProgram(program, clock, signal)
    starting.add(promise)
    promise.catch(() => starting.delete(promise))
    return promise
  }
  const getFirst = () => (first ??= start())
  return {
    first: getFirst,
    async fresh() {
      if (program.kind === 'url') {
        const before = turn
        let release = () => {}
        turn = new Promise((resolve) => (release = resolve))
        await before
        const running = await getFirst()
        releases.set(running, release)
        return running
      }
      if (!firstIsFree) return start()
      firstIsFree = false
      return getFirst()
    },
    async done(running) {
      releases.get(running)?.()
      if (program.kind === 'url') return false
      return running.end()
    },
    async endAll() {
      await Promise.all([...starting].map(async (promise) => (await promise.catch(() => null))?.end()))
    },
  }
}

function startPassed(running: RunningProgram, atMs: number): CheckResult {
  const finding = {
    claim: 'the program accepts connections',
    expected: 'a server on the port in process.env.PORT',
    received: `accepts connections on ${running.host}:${running.port} after ${Math.round(running.readyMs)} ms`,
    holds: true,
  }
  return { ...START_CHECK, outcome: 'passed', findings: [finding], exhibits: [], reproduce: [], atMs: Math.round(atMs) }
}

function startFailed(error: unknown, atMs: number): CheckResult {
  if (!(error instanceof ProgramFault)) throw error
  const lines = error.lines.filter((line) => line.trim() !== '')
  return {
    ...START_CHECK,
    outcome: 'failed',
    findings: [{ claim: 'the program accepts connections', expected: 'a server on the port in process.env.PORT', received: 'none', holds: false }],
    exhibits: lines.length === 0 ? [] : [{ kind: 'text', title: 'What your program printed', lines: lines.map((text) => ({ text })) }],
    diagnosis: { id: error.id, say: error.message },
    reproduce: [],
    atMs: Math.round(atMs),
  }
}

function skipAll(checks: Checks, atMs: number): CheckResult[] {
  return [...checks].map(([id, { title }]) => ({ id, title, outcome: 'skipped', findings: [], exhibits: [], reproduce: [], needs: START_CHECK.id, atMs: Math.round(atMs) }))
}

function verdictOf(checks: readonly CheckResult[]): Verdict {
  if (checks.some(({ outcome }) => outcome === 'errored')) return 'errored'
  return checks.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'failed'
}

function howToReproduce(exercise: Exercise, program: Program): ReproduceWith {
  const address = 'http://127.0.0.1:3000'
  if (program.kind === 'url') return { start: null, address: program.url.replace(/\/$/, '') }
  if (program.kind === 'command') return { start: `PORT=3000 ${program.command}`, address }
  const inWork = program.label.startsWith(`work/${exercise.id}/`)
  return { start: inWork ? `npm run serve ${exercise.id}` : `PORT=3000 npx node ${program.label}`, address }
}

function reread(lesson: Lesson, anchor: string): CheckResult['reread'] {
  const heading = lesson.headings.find(({ id }) => id === anchor)
  return { lesson: lesson.id, lessonTitle: lesson.title, anchor, heading: heading?.text ?? anchor }
}

function reasonToRepeat(error: unknown): string | null {
  if (error instanceof VoidObservation) return error.message
  if (error instanceof BrowserDied) return 'The browser died; your work was not judged. Running it again.'
  return null
}

function gaveUp(error: Error): GraderError {
  return error instanceof BrowserDied
    ? new GraderError('The browser died several times.', 'npm run doctor tells whether it starts at all.', { cause: error })
    : new GraderError('This machine was too busy to time the program fairly, three times in a row.', 'Close what keeps it busy and grade again.', { cause: error })
}

function asGraderError(error: unknown): GraderError {
  if (error instanceof GraderError) return error
  if (error instanceof Error && 'remedy' in error && typeof error.remedy === 'string') return new GraderError(error.message, error.remedy, { cause: error })
  const message = error instanceof Error ? error.message : String(error)
  return new GraderError(`The grader failed: ${message}`, 'This is a fault of ours, not of your program. npm run doctor may tell more.', { cause: error })
}
