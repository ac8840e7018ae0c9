import { setTimeout } from 'node:timers/promises'
import { watchClock, type Clock } from './timing/clock.ts'
import type { GradingOverrides } from '../types/grading-overrides.ts'
import { deepFreeze } from '../types/helpers/deep-freeze.ts'
import { ActionFailed, BrowserDied } from '../types/errors.ts'
import { isCutFromClient } from '../types/helpers/injected.ts'
import type { Scenario } from '../scenario.ts'
import type { Diagnosis, Evidence, Exchange, LearnerProgram } from '../types/index.ts'
import { wasTriedAgain } from '../types/helpers/tried-again.ts'
import type { Writable } from '../types/writable.ts'
import { groupMembers, groupMembersLately } from './program/processes/group-members.ts'
import { createAnswerWaits } from './timing/answer-waits.ts'
import { untilAborted } from './timing/until-aborted.ts'
import { addUpWaits } from './timing/processor-waits.ts'
import { isTimed, timeFairly, voidIfBusy, type Fair } from './timing/critical.ts'
import { createAdaptiveTimeout, type AdaptiveTimeout } from './timing/deadline.ts'
import { environmentByHand, whatWasDone } from './done-by-scenario.ts'
import { createFinders } from './wire/find/find-exchange.ts'
import { isAwaited } from './wire/find/is-awaited.ts'
import { createWireKit } from './wire/wire-kit.ts'
import type { Kit, OnWatch } from '../types/kit.ts'
import { notPlain } from './plain-data.ts'
import type { RunningProgram } from './program/learner-program.ts'
import { notOurs } from './program/program-lives.ts'
import type { IdSource } from './wire/id-source.ts'
import { givenPort, type Fixture } from './fixtures.ts'
import { createScenarioActions, type ScenarioActions } from './scenario-actions.ts'
import { createVisitors, type Visitors } from './scenario-visitors.ts'
import { createLinkToWire } from './browser/page/network/link-to-wire.ts'
import { checkPageOptions } from './browser/page/page-options.ts'
import { openProxies, type Proxies } from './wire/proxies.ts'

export interface ScenarioSurroundings {
  readonly clock: Clock
  readonly ids: IdSource
  readonly signal: AbortSignal
  readonly onExchange: (exchange: Exchange) => void
  readonly onWatch: OnWatch
  readonly overrides?: GradingOverrides
  /**
   * Given the scenario's visitors and its proxies to close, by whom the evidence is needed first.
   * They are closed and waited for when nobody takes them.
   */
  readonly onLeave?: (resources: AsyncDisposableStack) => void
}

/**
 * Runs one scenario against a running program and gives what it found, with everything that crossed
 * the wire meanwhile.
 * @throws InconclusiveObservation, BrowserDied, and whatever the scenario itself throws: the
 * author's mistake.
 */
export async function runScenario(
  scenario: Scenario<any>,
  fixture: Fixture,
  surroundings: ScenarioSurroundings,
): Promise<Evidence> {
  const { clock, ids } = surroundings
  // What goes on without asking anything of its browser would not notice that it is void.
  const isVoid = new AbortController()
  const signal = AbortSignal.any([surroundings.signal, isVoid.signal])
  const { program, setUp } = fixture
  await using resources = new AsyncDisposableStack()
  const timeout = createAdaptiveTimeout({
    waited: addUpWaits(() => [
      process.pid,
      ...ofGroup(program, groupMembersLately),
      ...visitors.processes(),
    ]),
    ...(surroundings.overrides && { share: surroundings.overrides.timeoutShare }),
  })
  const waits = createAnswerWaits(clock)
  const giveUp = (exchange: Exchange) => {
    // What the scenario took from a client says nothing of the program's next answer.
    if (!isCutFromClient(exchange)) timeout.lost()
    waits.giveUp(exchange)
  }
  const proxies = await openProxies(fixture, clock, ids, { timeout, giveUp })
  resources.defer(proxies.close)
  const stopTelling = proxies.subscribe({ over: surroundings.onExchange })
  const visitors = createVisitors(proxies, () =>
    isVoid.abort(new BrowserDied('the browser went away')),
  )
  resources.defer(visitors.close)
  const remarks = createRemarks()
  const fair: Fair[] = []
  const failedLoads: { path: string; error: string }[] = []
  const actions = createScenarioActions()
  const kit = createKit(
    fixture,
    proxies,
    visitors,
    { ...surroundings, signal },
    {
      remark: remarks.add,
      timeout,
      giveUp,
      timedFairly: (time) => void fair.push(time),
      loadFailed: (load) => void failedLoads.push(load),
      actions,
    },
  )
  const clockWatch = watchClock(clock, (error) => isVoid.abort(error))
  try {
    const returned: unknown = await untilAborted(
      signal,
      Promise.resolve(scenario.record(kit, setUp)).catch(nullWhereStopped),
    )
    // What record() did not come to, because the learner's page lacked something, is no mistake.
    const stopped = actions.stopped()
    if (!stopped) actions.throwUnawaited(scenario.title)
    const misfit = notPlain(returned)
    if (misfit !== undefined)
      throw new TypeError(
        `record() of “${scenario.title}” returned what isn't plain data: ${misfit}`,
      )
    // A scenario that asked nothing more of its browser has not noticed.
    if (visitors.lost()) throw new BrowserDied('the browser went away')
    clockWatch.end()
    await proxies.faults.settle()
    // What crashes after its last answer has not answered well.
    await program.waitUntilIdle?.()
    proxies.stop()
    for (const origin of fixture.origins) origin.stopRecording()
    program.lives?.stop()
    proxies.faults.throwMistake()
    if (!stopped) proxies.faults.throwUnreleased()
    for (const answering of [program, ...fixture.origins]) throwWhatAnswerThrew(answering)
    const recorded = [proxies, ...fixture.origins].flatMap((wire) => wire.exchanges())
    const exchanges = recorded.toSorted((a, b) => a.startedAt - b.startedAt || a.id - b.id)
    for (const exchange of exchanges as Writable<Exchange>[])
      Object.assign(
        exchange,
        isAwaited(exchange) && { waitedMs: waits.of(exchange) },
        isTimed(exchange, fair) && { timed: true },
      )
    if (exchanges.some(isOwedByProgram) && program.exit() === null && (await program.isBusy())) {
      remarks.add({
        id: 'endless-loop',
        say: 'Your program used a whole processor and gave no answer. A loop that never ends?',
      })
    }
    return {
      scenario: scenario.title,
      recorded: deepFreeze(returned),
      exchanges: deepFreeze(exchanges),
      log: program.log(),
      printed: program.printed(),
      exit: program.exit(),
      remarks: [...remarks.all(), ...(program.remarks?.() ?? [])],
      ...(stopped && { stopped }),
      ...(failedLoads.length > 0 && { failedLoads }),
      ...whatWasDone(fixture),
      ...environmentByHand(fixture),
      ...(fixture.setUp.sites && { sites: fixture.setUp.sites }),
    }
  } catch (error) {
    signal.throwIfAborted()
    throw visitors.lost() && !(error instanceof BrowserDied)
      ? new BrowserDied('the browser went away', { cause: error })
      : error
  } finally {
    stopTelling()
    clockWatch.stop()
    surroundings.onLeave?.(resources.move())
  }
}

/** Who learns what a scenario's pages and connections notice. */
interface Noticed {
  readonly remark: (remark: Diagnosis) => void
  readonly timeout: AdaptiveTimeout
  readonly giveUp: (exchange: Exchange) => void
  readonly timedFairly: (time: Fair) => void
  readonly loadFailed: (load: { path: string; error: string }) => void
  readonly actions: ScenarioActions
}

/** What the learner's page lacked is among the evidence; nothing else was recorded then. */
function nullWhereStopped(error: unknown): null {
  if (error instanceof ActionFailed) return null
  throw error
}

function createKit(
  { program, random, origins, openOrigin, openListener, createCertificate, createFolder }: Fixture,
  proxies: Proxies,
  visitors: Visitors,
  surroundings: ScenarioSurroundings,
  { remark, timeout, giveUp, timedFairly, loadFailed, actions }: Noticed,
): Kit {
  const { clock, signal, onWatch, overrides: { slowdown, onPort } = {} } = surroundings
  const exchanges = ({ icons } = { icons: false }) =>
    proxies
      .exchanges()
      .filter((each, _, all) => !wasTriedAgain(each, all))
      .filter(({ request }) => icons || request.path !== '/favicon.ico')
  const { address } = proxies
  const finders = createFinders(proxies.recorded, origins)
  const link = createLinkToWire(finders.exchangesAt)
  return {
    ...createWireKit(proxies, { clock, timeout, giveUp }),
    get program() {
      return controlled(program, proxies, timeout)
    },
    random,
    exchanges,
    origin: openOrigin,
    listen: openListener,
    certificate: createCertificate,
    folder: createFolder,
    port: () => givenPort(onPort),
    wait: (seconds) => setTimeout(seconds * 1000, undefined, { signal }),
    newPage: async (name = 'the visitor', options = {}) => {
      checkPageOptions(options)
      const [visitor, { openPage }] = await Promise.all([
        visitors.named(name),
        import('./browser/page/page.ts'),
      ])
      const downloadFolder = options.acceptDownloads ? await visitors.saveFiles(visitor) : null
      const page = {
        base: address,
        clock,
        finders,
        timeout,
        giveUp,
        remark,
        loadFailed,
        scripts: program.scripts ?? {},
        importerOf: program.importerOf,
        ...(slowdown !== undefined && { slowdown }),
      }
      return openPage(visitor, page, { options, downloadFolder, link, log: actions })
    },
    async watch(options) {
      const { watchRequests } = await import('./watch-requests.ts')
      return watchRequests(options, {
        exchanges,
        clock,
        signal,
        onWatch,
      })
    },
    async critical(work) {
      const { result, fair } = await timeFairly(work, clock, () => ofGroup(program, groupMembers))
      timedFairly(fair)
      return result
    },
    voidIfBusy: () => voidIfBusy(),
    call(name, ...args) {
      if (!program.call) throw new Error('call() is for exercises of the kind client')
      return program.call(name, args, timeout)
    },
  }
}

function ofGroup(
  { leader }: RunningProgram,
  members: (leader: number) => readonly number[],
): readonly number[] {
  return leader ? members(leader()) : []
}

function controlled(
  { lives, call, scripts }: RunningProgram,
  proxies: Proxies,
  timeout: AdaptiveTimeout,
): LearnerProgram {
  if (lives) return lives.control(timeout, proxies.untilOpen)
  if (call || scripts) throw new Error('program is for exercises of the kind server')
  return notOurs()
}

/** What was noticed, each thing once; a page that opens a hundred windows is one remark. */
function createRemarks() {
  const remarks = new Map<string, Diagnosis>()
  return {
    add: (remark: Diagnosis) => void (remarks.has(remark.id) || remarks.set(remark.id, remark)),
    all: () => [...remarks.values()],
  }
}

/** Whether the program could still answer, and nobody else is the reason that it has not. */
function isOwedByProgram(exchange: Exchange): boolean {
  return isAwaited(exchange) && exchange.origin === undefined && !isCutFromClient(exchange)
}

/** An answer that the author wrote is at fault where it throws, whatever came of it on the wire. */
function throwWhatAnswerThrew(server: { thrown?: () => { error: unknown } | undefined }): void {
  const thrown = server.thrown?.()
  if (thrown) throw thrown.error
}
