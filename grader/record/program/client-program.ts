import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import type { Clock } from '../timing/clock.ts'
import { StartupError } from '../../types/errors.ts'
import type { Call } from '../../types/index.ts'
import { waitUntilIdle } from '../browser/page/wait-until-idle.ts'
import { isGroupBusy } from '../timing/cpu-use.ts'
import { scrubbedEnvironment } from './start/environment.ts'
import { shortageThatEnded } from '../../machine/shortage.ts'
import { enclosureFault } from './start/enclosure.ts'
import { explainExit } from './explain/explain-exit.ts'
import { nodeCommand } from './start/node-command.ts'
import { asPlain } from '../plain-data.ts'
import { realPath } from './program-folders.ts'
import {
  type CallExport,
  type Program,
  type RunningProgram,
  type StartOptions,
} from './learner-program.ts'
import { inQuietTime } from '../timing/deadline.ts'
import { addUpWaits } from '../timing/processor-waits.ts'
import { groupMembersLately } from './processes/group-members.ts'
import { startProcessGroup, type ProcessGroup } from './processes/process-group.ts'
import { slowDown } from '../timing/slow-down.ts'
import { untilAborted } from '../timing/until-aborted.ts'

const driver = join(dirname(fileURLToPath(import.meta.url)), 'client-driver.mjs')

const LOADING_MS = 5000
const LONGEST_LOADING_MS = 30_000

/**
 * Starts a process that has loaded a learner's client and waits to be told what to call.
 * @throws StartupError when it ends first, or does not get there.
 */
export async function startClientProgram(
  { dir: linked, entry, standsIn = false }: Extract<Program, { kind: 'client' }>,
  options: StartOptions,
): Promise<RunningProgram> {
  const dir = realPath(linked) ?? linked
  const { clock, signal, onSpawn = () => {}, slowdown = 1, environment = {}, snapshot } = options
  const { enclosure } = options
  const startedAt = performance.now()
  const [command, args] = nodeCommand(dir, driver, [join(dir, entry)], { enclosure })
  const group = slowDown(
    await startProcessGroup(command, args, {
      cwd: dir,
      env: { ...scrubbedEnvironment(), ...environment, ...snapshot?.environment },
      clock,
      messages: true,
      enclosed: enclosure !== undefined,
    }),
    slowdown,
  )
  onSpawn()
  try {
    const exported = await loaded(group, signal)
    return {
      host: '127.0.0.1',
      port: 0,
      call: caller(group, { entry, exported, standsIn }, clock),
      readyMs: performance.now() - startedAt,
      log: () => group.log.text(),
      printed: () => group.printed(),
      exit: () => group.exit(),
      leader: () => group.pid,
      isBusy: () => isGroupBusy(group.pid),
      waitUntilIdle: () => waitUntilIdle(group),
      end: () => group.end(),
    }
  } catch (error) {
    await group.end()
    throw error
  }
}

/** The names of the functions it exports. */
async function loaded(group: ProcessGroup, signal: AbortSignal): Promise<string[]> {
  const startedAt = performance.now()
  const reported = new Promise<string[]>((resolve) =>
    group.process.once('message', ({ loaded }: { loaded: string[] }) => resolve(loaded)),
  )
  const ended = group.exited.then((exit) => {
    const printed = group.log.text()
    throw (
      shortageThatEnded(printed) ??
      (group.begun() ? null : enclosureFault(exit, printed)) ??
      explainExit(exit, group.log)
    )
  })
  const exported = await inQuietTime(
    untilAborted(signal, Promise.race([reported, ended])),
    null,
    LOADING_MS,
    LONGEST_LOADING_MS,
    { waited: addUpWaits(() => groupMembersLately(group.pid)) },
  )
  if (exported === null) throw await neverLoads(group, performance.now() - startedAt)
  return exported
}

async function neverLoads(group: ProcessGroup, waited: number): Promise<StartupError> {
  const seconds = Math.round(waited / 1000)
  if (await isGroupBusy(group.pid))
    return new StartupError(
      'endless-loop',
      `It used a whole processor for ${seconds} s and had not been loaded then. A loop that never ends?`,
      group.log.lastLines(20),
    )
  return new StartupError(
    'never-loads',
    `After ${seconds} s your file had not been loaded. Does it wait for something outside its functions?`,
    group.log.lastLines(20),
  )
}

/** What the driver says came of a call. */
interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

function caller(
  group: ProcessGroup,
  { entry, exported, standsIn }: { entry: string; exported: readonly string[]; standsIn: boolean },
  clock: Clock,
): CallExport {
  let calls = 0
  const waiting = new Map<number, (answer: Answer) => void>()
  // One listener for all calls: any number of them may be under way at the same time.
  group.process.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer))
  return async (name, args, timeout) => {
    const called = standsIn && exported.includes('default') ? 'default' : name
    if (!exported.includes(called)) throw missingExport(name, entry, exported)
    const id = ++calls
    const startedAt = clock.now()
    const call = `${name}(${args.map((arg) => inspect(arg, { breakLength: Infinity, compact: true, depth: 3 })).join(', ')})`
    const done = (value: unknown, error: string | null): Call => ({
      kind: 'call',
      call,
      value,
      error,
      startedAt,
      endedAt: clock.now(),
    })
    const answered = new Promise<Call>((resolve) => {
      waiting.set(id, ({ value, error }) => resolve(done(asPlain(value), error ?? null)))
      void group.exited.then(({ code, signal }) =>
        resolve(
          done(
            undefined,
            `the program ended (${signal ?? `exit code ${code}`}) before ${name} was done`,
          ),
        ),
      )
      group.process.send({ id, name: called, args }, (error) => void error)
    })
    return timeout
      .within(answered, null)
      .finally(() => waiting.delete(id))
      .then(
        (result) =>
          result ??
          done(
            undefined,
            `${name} was not done after ${((clock.now() - startedAt) / 1000).toFixed(1)} s`,
          ),
      )
  }
}

function missingExport(name: string, entry: string, exported: readonly string[]): StartupError {
  const instead =
    exported.length === 0
      ? 'it exports no function'
      : `it exports ${exported.map((each) => `\`${each}\``).join(', ')}`
  const say = `${entry} exports no function \`${name}\`; ${instead}. The grader calls \`export async function ${name}(…)\`.`
  return new StartupError('missing-export', say, [], {
    expected: `an exported function \`${name}\``,
    received: instead,
  })
}
