import type { Clock } from './timing/clock.ts'
import type { GradingOverrides } from '../types/grading-overrides.ts'
import { shortageOf } from '../machine/shortage.ts'
import { GraderError } from '../types/errors.ts'
import type { Scenario } from '../scenario.ts'
import type { Certificate } from './wire/tls/certificate.ts'
import { createCertificates } from './wire/tls/certificates.ts'
import { createFolders } from './set-up-folders.ts'
import type { Enclosure } from './program/start/enclosure.ts'
import { freePort } from './program/ports/free-port.ts'
import type { Random, SetUp, SetUpKit } from '../types/kit.ts'
import {
  startProgram,
  type Program,
  type RunningProgram,
  type StartOptions,
} from './program/learner-program.ts'
import type { WrittenSnapshot } from './program/snapshot/snapshot.ts'
import type { RunningOrigin } from './wire/partner/partner-server.ts'
import { random as drawn } from './random.ts'
import type { IdSource } from './wire/id-source.ts'

/** What a scenario plays on: the learner's program, and what was set up around it. */
export interface Fixture {
  readonly program: RunningProgram
  readonly random: Random
  readonly setUp: SetUp
  /** Servers of the grader's own that were opened so far. */
  readonly origins: readonly RunningOrigin[]
  readonly openOrigin: SetUpKit['origin']
  readonly openListener: SetUpKit['listen']
  readonly createCertificate: SetUpKit['certificate']
  readonly createFolder: SetUpKit['folder']
  /** Those that were made so far. */
  readonly certificates: readonly Certificate[]
  /** Gives true when something of the program had to be killed. */
  end(): Promise<boolean>
}

/** The fixtures of a grading. */
export interface Fixtures {
  /** The program of the first scenario; every call gives the same. */
  first(): Promise<RunningProgram>
  /** Settles when the first process runs or could not be started. */
  spawned(): Promise<void>
  /** A fixture nobody has played on. */
  take(scenario: Scenario<any>): Promise<Fixture>
  endAll(): Promise<void>
}

export interface FixtureSurroundings {
  readonly clock: Clock
  readonly ids: IdSource
  readonly signal: AbortSignal
  /** Called with what is awaited, when a program takes long to start. */
  readonly onWait?: (text: string) => void
  readonly overrides?: GradingOverrides
  readonly snapshot?: WrittenSnapshot | undefined
  readonly enclosure?: Enclosure | undefined
}

/**
 * Every scenario gets a process of its own, so that no state leaks from one into another. While one
 * is in use the next scenario's starts. A server that somebody else started is shared, one scenario
 * at a time.
 */
export function createFixtures(
  program: Program,
  scenarios: readonly Scenario<any>[],
  surroundings: FixtureSurroundings,
): Fixtures {
  return program.kind === 'url'
    ? shareOne(program, surroundings)
    : startMany(program, scenarios, surroundings)
}

function startMany(
  program: Program,
  scenarios: readonly Scenario<any>[],
  surroundings: FixtureSurroundings,
): Fixtures {
  const all: Promise<Fixture>[] = []
  const ready = new Map<Scenario<any>, Promise<Fixture>>()
  const waiting = [...scenarios]
  let spawned = () => {}
  const firstSpawn = new Promise<void>((resolve) => (spawned = resolve))
  const open = (scenario: Scenario<any>) => {
    const fixture = openFixture(scenario, program, surroundings, spawned)
    // Nobody may ever ask for a spare one: its failure is told when somebody does.
    fixture.catch(spawned)
    all.push(fixture)
    return fixture
  }
  const openNext = () => {
    const next = waiting.shift()
    if (next) ready.set(next, open(next))
  }
  openNext()
  const first = all[0] ?? Promise.reject(new Error('there is no scenario'))
  return {
    first: async () => (await first).program,
    spawned: () => firstSpawn,
    take(scenario) {
      const fixture = ready.get(scenario) ?? open(scenario)
      ready.delete(scenario)
      if (waiting.includes(scenario)) waiting.splice(waiting.indexOf(scenario), 1)
      openNext()
      return fixture
    },
    async endAll() {
      await Promise.all(all.map(async (fixture) => (await fixture.catch(() => null))?.end()))
    },
  }
}

/**
 * @throws StartupError when the program does not start.
 * @throws GraderError when the scenario cannot be set up: the author's mistake.
 */
async function openFixture(
  scenario: Scenario<any>,
  program: Program,
  surroundings: FixtureSurroundings,
  onSpawn: () => void = () => {},
): Promise<Fixture> {
  const {
    clock,
    ids,
    signal,
    onWait,
    overrides: { random: chosen, slowdown, onPort } = {},
  } = surroundings
  const random = chosen?.(scenario.title) ?? drawn
  await using opening = new AsyncDisposableStack()
  let resources = opening
  const origins: RunningOrigin[] = []
  const openOrigin: SetUpKit['origin'] = async (name, answer, options = {}) => {
    const { startOrigin } = await import('./wire/partner/partner-server.ts')
    const origin = await startOrigin(name, answer, clock, ids, options)
    await keep(resources, origin.close)
    origins.push(origin)
    onPort?.(origin.port)
    return origin
  }
  const openListener: SetUpKit['listen'] = async (name, serve, options = {}) => {
    const { startListener } = await import('./wire/partner/partner-server.ts')
    const origin = await startListener(name, serve, clock, ids, options)
    await keep(resources, origin.close)
    origins.push(origin)
    return origin
  }
  const certificates = createCertificates()
  opening.defer(certificates.discard)
  const folders = createFolders()
  opening.defer(folders.discard)
  const setUp = await settingUp(scenario, {
    random,
    origin: openOrigin,
    listen: openListener,
    certificate: certificates.create,
    folder: folders.create,
    port: () => givenPort(onPort),
  })
  const running = await startProgram(program, {
    clock,
    signal,
    onSpawn,
    ...(onWait && { onWait }),
    slowdown: slowdown ?? 1,
    environment: setUp.environment ?? {},
    snapshot: surroundings.snapshot,
    enclosure: surroundings.enclosure,
    ...pageOptions(setUp, program, scenario.title),
  })
  let killed = false
  opening.defer(async () => void (killed = await running.end()))
  resources = opening.move()
  let ended: Promise<void> | undefined
  return {
    program: running,
    random,
    setUp,
    origins,
    openOrigin,
    openListener,
    createCertificate: certificates.create,
    createFolder: folders.create,
    certificates: certificates.made,
    async end() {
      await (ended ??= resources.disposeAsync())
      return killed
    },
  }
}

/** A scenario that was ended goes on unseen, and may open what nobody would close any more. */
async function keep(resources: AsyncDisposableStack, close: () => Promise<void>): Promise<void> {
  if (!resources.disposed) return resources.defer(close)
  await close()
  throw new Error('the scenario is over')
}

/** A free port, of which the author's gate is told. */
export async function givenPort(onPort?: (port: number) => void): Promise<number> {
  const port = await freePort()
  onPort?.(port)
  return port
}

async function settingUp({ title, setUp }: Scenario<any>, kit: SetUpKit): Promise<SetUp> {
  try {
    return (await setUp?.(kit)) ?? {}
  } catch (cause) {
    const lacking = shortageOf(cause)
    if (lacking) throw lacking
    throw new GraderError(
      `The scenario "${title}" could not be set up: ${(cause as Error).message}`,
      'Fix it in checks.ts.',
      { cause },
    )
  }
}

/** @throws GraderError for another kind of exercise: the author's mistake. */
function pageOptions(
  { site, cacheControl }: SetUp,
  { kind }: Program,
  title: string,
): Pick<StartOptions, 'site' | 'cacheControl'> {
  const given = { ...(site && { site }), ...(cacheControl !== undefined && { cacheControl }) }
  const [first] = Object.keys(given)
  if (first === undefined || kind === 'page') return given
  throw new GraderError(
    `The set-up of the scenario "${title}" gives ${first}, which is for exercises of the kind page.`,
    'Remove it in checks.ts; a server of your own is origin(name, answer).',
  )
}

function shareOne(program: Program, surroundings: FixtureSurroundings): Fixtures {
  const only = startProgram(program, {
    ...surroundings,
    onSpawn: () => {},
    slowdown: 1,
    environment: {},
  })
  only.catch(() => {})
  let turn: Promise<void> = Promise.resolve()
  return {
    first: () => only,
    spawned: async () => {},
    async take(scenario) {
      const before = turn
      let release = () => {}
      turn = new Promise((resolve) => (release = resolve))
      await before
      try {
        const fixture = await openFixture(scenario, program, surroundings)
        if (Object.keys(fixture.setUp.environment ?? {}).length > 0)
          throw new GraderError(
            cannotBeTold(fixture.setUp),
            'Let the grader start it: leave --url out, or use --cmd.',
          )
        return { ...fixture, end: () => fixture.end().finally(release) }
      } catch (error) {
        release()
        throw error
      }
    },
    async endAll() {},
  }
}

function cannotBeTold({ environment = {} }: SetUp): string {
  return `This exercise gives your program ${Object.keys(environment).join(' and ')} in its environment, another value in every run; a server that already runs cannot be given it.`
}
