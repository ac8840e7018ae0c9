import { GraderError } from '../../types/errors.ts'
import type { Crash, Intervention, Printed, ProgramExit } from '../../types/index.ts'
import type { EndingSignal, LearnerProgram, ProgramEnd } from '../../types/program.ts'
import type { Clock } from '../timing/clock.ts'
import type { AdaptiveTimeout } from '../timing/deadline.ts'
import { waitUntilIdle } from '../browser/page/wait-until-idle.ts'
import { outputLines } from './output/output-lines.ts'
import { restartedOn, whenPortIsFree } from './ports/same-port.ts'
import type { ProcessGroup } from './processes/process-group.ts'

/** A process that listens, and what ends it with everything it started. */
export interface Life {
  readonly group: ProcessGroup
  /** Gives true when something of it had to be killed. */
  end(): Promise<boolean>
}

/** A program from its first start to its last end. */
export interface ProgramLives {
  current(): ProcessGroup
  log(): string
  printed(): Printed[]
  /** How it ended, when it has and nobody had asked for it. */
  exit(): ProgramExit | null
  crashes(): Crash[]
  interventions(): Intervention[]
  /** What a scenario does with it. `untilOpen` waits for its other ports, after a new start. */
  control(timeout: AdaptiveTimeout, untilOpen: () => Promise<void>): LearnerProgram
  /** Fills in nothing more of its output: the list can be frozen. */
  stop(): void
  /** Gives true when something of it had to be killed. */
  end(): Promise<boolean>
}

export interface LivesOptions {
  readonly kind: 'files' | 'command'
  readonly port: number
  readonly clock: Clock
  /** Starts it again on its port, with this beside PORT. @throws StartupError */
  readonly boot: (environment: Readonly<Record<string, string>>) => Promise<Life>
  readonly environment: Readonly<Record<string, string>>
}

/** A start, and what the scenario asked of it. */
interface Lived extends Life {
  sent: ProgramEnd['sent']
  /** When the scenario first asked for its end, or dealt with it. */
  askedAt: number | null
}

const SIGNALS: readonly string[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL']

/** Keeps the starts of one program together: one port, one output, and whose idea each end was. */
export function createLives(first: Life, options: LivesOptions): ProgramLives {
  const { kind, port, clock, boot } = options
  const lives: Lived[] = [{ ...first, sent: null, askedAt: null }]
  const interventions: Intervention[] = []
  const output = outputLines()
  output.listen(first.group)
  let { environment } = options
  let killed = false
  let isOver = false
  /** The start that is under way: nothing of it may outlive the scenario. */
  let pending: Promise<void> = Promise.resolve()
  const current = () => lives.at(-1)!
  const log = (until = lives.length) =>
    lives
      .slice(0, until)
      .map(({ group }) => group.log.text())
      .join('')
  // A command may leave what it started running, and end in peace.
  const exitOf = ({ group }: Life) => (group.handedOver() ? null : group.exit())

  const send = async (signal: EndingSignal) => {
    const life = current()
    if (exitOf(life) !== null) return
    const at = clock.now()
    life.askedAt ??= at
    life.sent = { signal, at }
    life.group.signal(signal)
  }
  const restart = async (
    added: Readonly<Record<string, string>>,
    timeout: AdaptiveTimeout,
  ): Promise<void> => {
    if (isOver) throw new Error('the scenario is over')
    const before = current()
    await send('SIGTERM')
    before.askedAt ??= clock.now()
    await timeout.within(before.group.exited, null)
    if (await before.end()) killed = true
    await whenPortIsFree(port)
    environment = { ...environment, ...added }
    const next = await restartedOn(port, kind, () => boot(environment))
    lives.push({ ...next, sent: null, askedAt: null })
    output.listen(next.group)
    interventions.push({ at: clock.now(), environment })
  }

  return {
    current: () => current().group,
    log,
    printed: () => lives.flatMap(({ group }) => group.printed()),
    exit: () => (current().askedAt === null ? exitOf(current()) : null),
    crashes: () =>
      lives.flatMap((life, index) => {
        const exit = life.group.exit()
        const { askedAt } = life
        return exit !== null && askedAt !== null && exit.at < askedAt
          ? [{ exit, log: log(index + 1), until: askedAt }]
          : []
      }),
    interventions: () => [...interventions],
    control: (timeout, untilOpen) => ({
      get pid() {
        return current().group.pid
      },
      async isRunning() {
        await waitUntilIdle(current().group)
        return current().group.exit() === null
      },
      kill(signal = 'SIGTERM') {
        if (!SIGNALS.includes(signal))
          throw new TypeError(
            `kill() sends ${SIGNALS.slice(0, -1).join(', ')} or ${SIGNALS.at(-1)}, not ${JSON.stringify(signal)}.`,
          )
        if (exitOf(current()) === null) interventions.push({ at: clock.now(), signal })
        return send(signal)
      },
      async exited() {
        const life = current()
        const calledAt = clock.now()
        life.askedAt ??= calledAt
        const exit = await timeout.within(life.group.exited, null)
        return endOf(life, exit, calledAt, clock.now())
      },
      restart({ environment: added = {} } = {}) {
        if ('PORT' in added)
          throw new Error('restart() keeps the port: leave PORT out of its environment.')
        const restarted = pending.then(() => restart(added, timeout)).then(untilOpen)
        pending = restarted.catch(() => {})
        return restarted
      },
      output: () => output.lines,
    }),
    stop: output.stop,
    async end() {
      isOver = true
      await pending
      const ended = await current().end()
      return ended || killed
    },
  }
}

function endOf(
  { sent }: Pick<Lived, 'sent'>,
  exit: ProgramExit | null,
  calledAt: number,
  now: number,
): ProgramEnd {
  return {
    kind: 'end',
    sent,
    code: exit?.code ?? null,
    signal: exit?.signal ?? null,
    at: exit?.at ?? null,
    waitedMs: Math.max(0, (exit?.at ?? now) - (sent?.at ?? calledAt)),
  }
}

/** What cannot be done to a server that somebody else started. */
export function notOurs(): never {
  throw new GraderError(
    'This exercise ends your program, starts it again or reads what it prints; that cannot be done to a server that already runs.',
    'Let the grader start it: leave --url out, or use --cmd.',
  )
}
