import type { CDPSession } from 'puppeteer'
import type { Clock } from '../clock.ts'
import { settleFacts } from '../evidence-codec.ts'
import type { Scenario } from '../scenario.ts'
import type { Evidence, Exchange } from '../types.ts'
import { warmBrowser } from './browser.ts'
import { createPatience } from './deadline.ts'
import { createExchangeFinder } from './find-exchange.ts'
import { ordinaryUserAgent } from './launch-browser.ts'
import type { RunningProgram } from './learner-program.ts'
import { openPage } from './page.ts'
import { random } from './random.ts'
import { startRecordingProxy, type IdSource, type RecordingProxy } from './recording-proxy.ts'
import { sendRaw } from './send-raw.ts'
import type { OnWatch, ServerKit } from './server-kit.ts'
import { newVisitor, type Visitor } from './visitors.ts'
import { watchRequests } from './watch-requests.ts'

export interface ScenarioSurroundings {
  readonly clock: Clock
  readonly ids: IdSource
  readonly signal: AbortSignal
  readonly onExchange: (exchange: Exchange) => void
  readonly onWatch: OnWatch
}

/**
 * Runs one scenario against a running program and gives what it found, with everything that crossed the wire meanwhile.
 * @throws VoidObservation, BrowserDied, and whatever the scenario itself throws: the author's mistake.
 */
export async function runScenario(scenario: Scenario<any>, program: RunningProgram, surroundings: ScenarioSurroundings): Promise<Evidence> {
  const { clock, ids, signal } = surroundings
  const proxy = await startRecordingProxy(program, clock, ids)
  const stopTelling = tellExchanges(proxy, surroundings.onExchange)
  const visitors = createVisitors()
  try {
    const facts: unknown = await untilAborted(signal, scenario.gather(createServerKit(proxy, visitors, surroundings)))
    const exchanges = proxy.exchanges()
    return { scenario: scenario.title, facts: settleFacts(facts, exchanges), exchanges, log: program.log(), exit: program.exit() }
  } finally {
    stopTelling()
    await Promise.all([visitors.close(), proxy.close()])
  }
}

function createServerKit(proxy: RecordingProxy, visitors: Visitors, surroundings: ScenarioSurroundings): ServerKit {
  const { clock, signal, onWatch } = surroundings
  const patience = createPatience()
  const exchanges = () => proxy.exchanges().filter(({ request }) => request.path !== '/favicon.ico')
  const finder = createExchangeFinder(() => proxy.exchanges())
  const base = `http://127.0.0.1:${proxy.port}`
  return {
    random,
    exchanges,
    wait: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    newPage: async (visitor = 'the visitor') => {
      const { person, userAgent } = await visitors.named(visitor)
      return openPage(person, { base, clock, finder, patience, userAgent })
    },
    async send(request) {
      const exchange = await sendRaw(typeof request === 'string' ? { path: request } : request, proxy, patience.ms)
      if (exchange && !exchange.response) patience.lost()
      return exchange
    },
    watch: (options) => watchRequests(options, { exchanges, clock, signal, onWatch }),
  }
}

interface Visitors {
  named(name: string): Promise<{ person: Visitor; userAgent: (session: CDPSession) => Promise<void> }>
  close(): Promise<void>
}

function createVisitors(): Visitors {
  const people = new Map<string, Promise<Visitor>>()
  return {
    async named(name) {
      const browser = await warmBrowser()
      const person = people.get(name) ?? newVisitor(browser)
      people.set(name, person)
      return { person: await person, userAgent: await ordinaryUserAgent(browser) }
    },
    async close() {
      await Promise.all([...people.values()].map(async (person) => (await person.catch(() => null))?.context.close().catch(() => {})))
    },
  }
}

/** Tells each exchange once, when its answer is complete or its connection has ended. */
function tellExchanges(proxy: RecordingProxy, onExchange: (exchange: Exchange) => void): () => void {
  const told = new Set<number>()
  return proxy.onTraffic(() => {
    for (const exchange of proxy.exchanges()) {
      const over = exchange.response?.complete || exchange.garbage !== null || exchange.cut !== null
      if (!over || told.has(exchange.id)) continue
      told.add(exchange.id)
      onExchange(exchange)
    }
  })
}

function untilAborted<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
