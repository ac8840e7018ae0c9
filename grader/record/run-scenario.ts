import { setTimeout } from 'node:timers/promises'
import type { Clock } from './timing/clock.ts'
import type { GradingOverrides } from '../types/grading-overrides.ts'
import { deepFreeze } from '../types/deep-freeze.ts'
import { ActionFailed, BrowserDied } from '../types/errors.ts'
import type { Scenario } from '../scenario.ts'
import type { Diagnosis, Evidence, Exchange } from '../types/index.ts'
import type { Writable } from '../types/writable.ts'
import { untilAborted } from './timing/until-aborted.ts'
import { certificateFolder } from './wire/tls/certificate-folder.ts'
import { createAdaptiveTimeout } from './timing/deadline.ts'
import { createFinders, isAwaited, wasTriedAgain } from './wire/find-exchange.ts'
import type { Kit, OnWatch } from '../types/kit.ts'
import { notPlain } from './plain-data.ts'
import { openPage } from './browser/page/page.ts'
import { freePort } from './program/ports/free-port.ts'
import { openRawConnection } from './wire/raw-connection.ts'
import type { IdSource } from './wire/id-source.ts'
import type { RunningOrigin } from './wire/partner-server.ts'
import { sendRaw } from './wire/send-raw.ts'
import type { Fixture } from './fixtures.ts'
import { createScenarioActions, type ScenarioActions } from './scenario-actions.ts'
import { createVisitors, type Visitors } from './scenario-visitors.ts'
import { createLinkToWire } from './browser/page/network/link-to-wire.ts'
import { checkPageOptions } from './browser/page/page-options.ts'
import { watchRequests } from './watch-requests.ts'
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
  const { clock, ids, signal } = surroundings
  const { program, setUp } = fixture
  await using resources = new AsyncDisposableStack()
  const proxies = await openProxies(fixture, clock, ids)
  resources.defer(proxies.close)
  const stopTelling = proxies.subscribe({ over: surroundings.onExchange })
  const visitors = createVisitors(proxies)
  resources.defer(visitors.close)
  const remarks = createRemarks()
  const waits = createWaits(clock)
  const failedLoads: { path: string; error: string }[] = []
  const actions = createScenarioActions()
  const kit = createKit(fixture, proxies, visitors, surroundings, {
    remark: remarks.add,
    gaveUp: waits.giveUp,
    loadFailed: (load) => void failedLoads.push(load),
    actions,
  })
  try {
    const returned: unknown = await untilAborted(
      signal,
      Promise.resolve(scenario.record(kit, setUp)).catch(nullWhereStopped),
    )
    actions.throwUnawaited(scenario.title)
    const stopped = actions.stopped()
    const misfit = notPlain(returned)
    if (misfit !== undefined)
      throw new TypeError(
        `record() of “${scenario.title}” returned what isn't plain data: ${misfit}`,
      )
    // A scenario that asked nothing more of its browser has not noticed.
    if (visitors.lost()) throw new BrowserDied('the browser went away')
    // What crashes after its last answer has not answered well.
    await program.waitUntilIdle?.()
    for (const wire of [proxies, ...fixture.origins]) wire.stop()
    for (const origin of fixture.origins) throwWhatAnswerThrew(origin)
    const recorded = [proxies, ...fixture.origins].flatMap((wire) => wire.exchanges())
    const exchanges = recorded.toSorted((a, b) => a.startedAt - b.startedAt || a.id - b.id)
    for (const exchange of exchanges as Writable<Exchange>[])
      if (isAwaited(exchange)) exchange.waitedMs = waits.of(exchange)
    if (exchanges.some(isUnanswered) && program.exit() === null && (await program.isBusy())) {
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
    surroundings.onLeave?.(resources.move())
  }
}

/** Who learns what a scenario's pages and connections notice. */
interface Noticed {
  readonly remark: (remark: Diagnosis) => void
  readonly gaveUp: (exchange: Exchange) => void
  readonly loadFailed: (load: { path: string; error: string }) => void
  readonly actions: ScenarioActions
}

/** What the learner's page lacked is among the evidence; nothing else was recorded then. */
function nullWhereStopped(error: unknown): null {
  if (error instanceof ActionFailed) return null
  throw error
}

function createKit(
  { program, random, origins, openOrigin, createCertificate }: Fixture,
  proxies: Proxies,
  visitors: Visitors,
  surroundings: ScenarioSurroundings,
  { remark, gaveUp, loadFailed, actions }: Noticed,
): Kit {
  const { clock, signal, onWatch, overrides: { slowdown } = {} } = surroundings
  const timeout = createAdaptiveTimeout()
  const giveUp = (exchange: Exchange) => {
    timeout.lost()
    gaveUp(exchange)
  }
  const exchanges = ({ icons } = { icons: false }) =>
    proxies.exchanges().filter(({ request }) => icons || request.path !== '/favicon.ico')
  const { address } = proxies
  const finders = createFinders(proxies.recorded, origins)
  const link = createLinkToWire(finders.exchangesAt)
  return {
    random,
    address,
    exchanges,
    connections: () => proxies.connections(),
    origin: openOrigin,
    certificate: createCertificate,
    port: freePort,
    wait: (seconds) => setTimeout(seconds * 1000, undefined, { signal }),
    newPage: async (name = 'the visitor', options = {}) => {
      checkPageOptions(options)
      const visitor = await visitors.named(name)
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
    async send(request) {
      const asked = typeof request === 'string' ? { path: request } : request
      const exchange = await sendRaw(asked, proxies.to(asked), timeout)
      if (exchange && isAwaited(exchange)) giveUp(exchange)
      return exchange
    },
    connect: async (way = {}) => openRawConnection(await proxies.to(way).open(), clock, timeout),
    connectHttp2: (site) => proxies.openHttp2(site, timeout),
    watch: (options) =>
      watchRequests(options, {
        exchanges: () => exchanges().filter((each, _, all) => !wasTriedAgain(each, all)),
        clock,
        signal,
        onWatch,
      }),
    call(name, ...args) {
      if (!program.call) throw new Error('call() is for exercises of the kind client')
      return program.call(name, args, timeout)
    },
  }
}

/**
 * What a person who starts the program again gives it, too: all but what ends with the scenario,
 * the addresses of servers and the files of certificates. The addresses are kept apart, for a
 * request that says it comes from there.
 */
function environmentByHand({
  setUp: { environment = {} },
  origins,
}: Fixture): Pick<Evidence, 'environment' | 'originsGiven'> {
  const without = Object.entries(environment).filter(
    ([, value]) => !value.includes(certificateFolder),
  )
  const namesOrigin = ([, value]: [string, string]) =>
    origins.some(({ url }) => value.includes(url))
  const [lasting, passing] = [
    without.filter((each) => !namesOrigin(each)),
    without.filter(namesOrigin),
  ]
  return {
    ...(lasting.length > 0 && { environment: Object.fromEntries(lasting) }),
    ...(passing.length > 0 && { originsGiven: Object.fromEntries(passing) }),
  }
}

/**
 * How long answers were waited for that did not come: until somebody gave up, or the scenario was
 * over.
 */
function createWaits(clock: Clock) {
  const waited = new Map<number, number>()
  return {
    giveUp: ({ id, startedAt }: Exchange) => void waited.set(id, clock.now() - startedAt),
    of: ({ id, startedAt }: Exchange) => Math.round(waited.get(id) ?? clock.now() - startedAt),
  }
}

/** What was noticed, each thing once; a page that opens a hundred windows is one remark. */
function createRemarks() {
  const remarks = new Map<string, Diagnosis>()
  return {
    add: (remark: Diagnosis) => void (remarks.has(remark.id) || remarks.set(remark.id, remark)),
    all: () => [...remarks.values()],
  }
}

function isUnanswered({ response, garbage }: Exchange): boolean {
  return !response?.complete && garbage === null
}

/** An answer that the author wrote is at fault where it throws, whatever came of it on the wire. */
function throwWhatAnswerThrew(origin: RunningOrigin): void {
  const thrown = origin.thrown()
  if (thrown) throw thrown.error
}
