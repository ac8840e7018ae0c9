import { randomBytes } from 'node:crypto'
import type { GradeOptions, Grading } from './grade-options.ts'
import { watchKept } from './watch-kept.ts'
import { createClock } from './record/timing/clock.ts'
import { settlesWithin } from './record/timing/deadline.ts'
import { GraderError, StartupError } from './types/errors.ts'
import { requireLoopback } from './machine/loopback.ts'
import { findShortage, watchForShortage } from './machine/shortage.ts'
import { closeBrowser, warmBrowser } from './record/browser/browser.ts'
import { programLabel } from './record/program/learner-program.ts'
import { takeSnapshot, writeSnapshot } from './record/program/snapshot/snapshot.ts'
import { createIdSource } from './record/wire/id-source.ts'
import { runScenario } from './record/run-scenario.ts'
import { createFixtures } from './record/fixtures.ts'
import type { ReproduceWith } from './judge/reproduce.ts'
import { runChecks, scenariosOf } from './judge/run-checks.ts'
import { summary } from './judge/read/message.ts'
import { layGiven } from './lay-given.ts'
import { loadChecks } from './load-checks.ts'
import type { Scenario } from './scenario.ts'
import { once } from './once.ts'
import { rereads, skipAll, verdictOf } from './results.ts'
import { asGraderError, gaveUp, inWords, reasonToRepeat } from './why-errored.ts'
import { startByHand } from './start-by-hand.ts'
import { startCheck, startFailed, startPassed } from './start-check.ts'
import type { CheckResult, Evidence, GradeEvent, Report } from './types/index.ts'

const MOST_ATTEMPTS = 3
const CLOSING_MS = 15_000
/**
 * Exercises that are graded within so many seconds wait for nothing, and all that they look at can
 * be looked at together.
 */
const SHORT_SECONDS = 5

/**
 * Grades one program: starts it, runs the scenarios its checks need, judges them, cleans up.
 * Whatever the program does becomes a verdict, and whatever fails on our side becomes the verdict
 * `errored`; it rejects only when `signal` was aborted.
 */
export async function gradeExercise(options: GradeOptions): Promise<Grading> {
  const {
    exercise,
    lesson,
    program,
    ahead: isAhead = exercise.gradingSeconds <= SHORT_SECONDS,
  } = options
  // When one scenario cannot go on, what runs beside it ends too.
  const ending = new AbortController()
  const starving = new AbortController()
  const signals = [ending.signal, starving.signal]
  const signal = AbortSignal.any(options.signal ? [options.signal, ...signals] : signals)
  const onEvent = (event: GradeEvent) => {
    if (!ending.signal.aborted) options.onEvent?.(event)
  }
  const clock = createClock()
  const run = options.run ?? randomBytes(4).toString('hex')
  let startedAt = clock.now()
  // A browser that has to be installed first is no part of the time a grading takes.
  let installing = 0
  const elapsed = (at = clock.now()) => at - startedAt - installing
  const byHand = startByHand(exercise, program)
  const notes: string[] = []
  const note = (sentence: string) => void (notes.includes(sentence) || notes.push(sentence))
  let scenarios: readonly Scenario<any>[] = []
  const recorded = new Map<Scenario<any>, Evidence>()
  /** The scenarios that a check was judged by; what was only recorded ahead is not among them. */
  const judged = new Set<Scenario<any>>()
  const ahead = new Map<Scenario<any>, Promise<Evidence>>()
  /** What the scenarios leave open until their evidence is judged. */
  const left: (() => Promise<void>)[] = []
  const endings: Promise<unknown>[] = []
  await using grading = new AsyncDisposableStack()
  const shortage = watchForShortage((found) => starving.abort(found))
  grading.defer(shortage.stop)

  const finish = (checks: readonly CheckResult[], fault?: GraderError): Grading => {
    // A browser that could not write shows pages wrongly, and says nothing of it.
    const error = shortage.found() ?? fault
    for (const scenario of scenarios)
      if (judged.has(scenario)) recorded.get(scenario)?.remarks.forEach(({ say }) => note(say))
    const report: Report = {
      exercise: exercise.id,
      title: exercise.title,
      verdict: error ? 'errored' : verdictOf(checks),
      checks,
      startedAt: new Date(startedAt).toISOString(),
      durationMs: Math.round(elapsed()),
      run,
      program: programLabel(program),
      ...(byHand && { byHand }),
      notes: notes.filter(
        (sentence) => !checks.some(({ diagnosis }) => diagnosis?.say === sentence),
      ),
      ...(error && { error: inWords(error) }),
    }
    onEvent({ type: 'finished', report })
    ending.abort()
    return { report, evidence: scenarios.flatMap((scenario) => recorded.get(scenario) ?? []) }
  }

  const finishUnlessChanged = (checks: readonly CheckResult[], changed = changedKept()) =>
    changed ? finish([], changed) : finish(checks)

  const closeLeft = async () => {
    const closed = Promise.allSettled(left.map((close) => close()))
    // A browser that does not even close a page is stuck, and goes as a whole.
    if (starving.signal.aborted || !(await settlesWithin(CLOSING_MS, closed))) await closeBrowser()
    await closed
  }

  const changedKept = watchKept(program, options.kept ?? [])

  try {
    // First of all: what is judged is what was there when the grading began.
    const laid = grading.adopt(layGiven(exercise, program), ({ remove }) => remove())
    laid.notes.forEach(note)
    const snapshot =
      'entry' in laid.program ? takeSnapshot(laid.program, options.kept, laid.modules) : null
    const checks = await loadChecks(exercise)
    scenarios = [...scenariosOf(checks)]
    const titles = [
      startCheck(exercise.kind),
      ...[...checks].map(([id, { title }]) => ({ id, title })),
    ]
    onEvent({
      type: 'started',
      run,
      exercise: exercise.id,
      title: exercise.title,
      program: programLabel(program),
      checks: titles,
    })

    const lacking = findShortage()
    if (lacking) throw lacking
    await requireLoopback()

    const written = snapshot && grading.adopt(writeSnapshot(snapshot), ({ remove }) => remove())
    const ids = createIdSource()
    const { overrides } = options
    let isReady = false
    const every = createFixtures(laid.program, scenarios, {
      clock,
      ids,
      signal,
      // Later there is more to see than a start.
      onWait: (text) => !isReady && onEvent({ type: 'preparing', text }),
      ...(overrides && { overrides }),
      ...(written && { snapshot: written }),
      enclosure: options.enclosure,
    })
    // Released in reverse: nothing begins any more, scenarios close what they left, programs end.
    grading.defer(async () => void (await Promise.allSettled([every.endAll(), ...endings])))
    grading.defer(closeLeft)
    grading.defer(async () => void (await Promise.allSettled(ahead.values())))
    grading.defer(() => ending.abort())
    // The browser starts beside the program; loading it into memory would hold up the program's
    // spawn, so that goes first.
    await every.spawned()
    let isNewlyInstalled = false
    const browser = warmBrowser((preparing) => {
      isNewlyInstalled = true
      onEvent({ type: 'preparing', ...preparing })
    }, signal)
    browser.catch(() => {})
    const start = await every.first().then(
      (running) => startPassed(exercise.kind, running, elapsed()),
      (error: unknown) =>
        startFailed(
          exercise.kind,
          error,
          elapsed(),
          program.kind === 'url' ? program.url : undefined,
        ),
    )
    isReady = true
    if (start.outcome === 'passed') onEvent({ type: 'ready', ms: (await every.first()).readyMs })
    onEvent({ type: 'check', result: start })
    if (start.outcome !== 'passed') {
      const skipped = skipAll(checks, elapsed())
      skipped.forEach((result) => onEvent({ type: 'check', result }))
      return finishUnlessChanged([start, ...skipped])
    }
    const readyAt = performance.now()
    await browser
    if (isNewlyInstalled) installing = performance.now() - readyAt

    const record = async (scenario: Scenario<any>): Promise<Evidence> => {
      for (let attempt = 1; ; attempt++) {
        startedAt += clock.follow()
        const fixture = await every.take(scenario)
        let close = async () => {}
        try {
          const found = await runScenario(scenario, fixture, {
            clock,
            ids,
            signal,
            ...(overrides && { overrides }),
            onExchange: (exchange) =>
              onEvent({
                type: 'exchange',
                scenario: scenario.title,
                exchange: exchange.id,
                summary: summary(exchange),
                at: elapsed(exchange.startedAt),
              }),
            onWatch: (progress) =>
              onEvent({ type: 'progress', scenario: scenario.title, ...progress }),
            onLeave: (resources) => void left.push((close = once(() => resources.disposeAsync()))),
          })
          recorded.set(scenario, found)
          return found
        } catch (error) {
          const reason = reasonToRepeat(error)
          if (reason === null || attempt === MOST_ATTEMPTS)
            throw reason === null ? error : gaveUp(error as Error)
          note(reason)
          onEvent({ type: 'repeated', scenario: scenario.title, reason })
        } finally {
          // Where everything runs at once, closing would take the processor from what is still
          // being looked at.
          if (!isAhead) void close().catch(() => {})
          // A server that is shared is handed on when nobody is there any more.
          const ended = program.kind === 'url' ? close().then(() => fixture.end()) : fixture.end()
          const told = ended.then(
            (killed) =>
              void (
                killed &&
                note(
                  'Your program, or something it started, did not end when asked to and was ended.',
                )
              ),
          )
          told.catch(() => {})
          endings.push(told)
        }
      }
    }
    if (isAhead) {
      for (const scenario of scenarios) {
        ahead.set(scenario, record(scenario))
        // No check may ever come to need it.
        ahead.get(scenario)!.catch(() => {})
      }
    }
    const results = await runChecks(checks, {
      record: (scenario) => {
        judged.add(scenario)
        return ahead.get(scenario) ?? record(scenario)
      },
      context: () => ({
        atMs: Math.round(elapsed()),
        reproduce: byHand ?? NOT_BY_HAND,
        rereads: rereads(lesson),
      }),
      onResult: (result) => onEvent({ type: 'check', result }),
      explainRecordError: (error, check) => {
        signal.throwIfAborted()
        if (error instanceof StartupError)
          return { ...startFailed(exercise.kind, error, elapsed()), ...check }
        if (error instanceof GraderError) throw error
        return undefined
      },
    })
    await Promise.all(endings)
    return finishUnlessChanged([start, ...results])
  } catch (error) {
    options.signal?.throwIfAborted()
    return finish([], asGraderError(error))
  }
}

const NOT_BY_HAND: ReproduceWith = { start: null, address: '' }
