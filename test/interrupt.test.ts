import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { describe, test, vi } from 'vitest'
import { shellWord } from '../course/shell-word.ts'
import { freePort } from '../grader/record/program/ports/free-port.ts'
import { openStore } from '../store/open-store.ts'
import { authorsFile } from '../testing/authors-program-in-tests.ts'
import { createLearnerHome, type LearnerHome } from './learner-home.ts'
import {
  descendantsOf,
  processesOf,
  seesProcesses,
  stillRunning,
  untilGone,
  type SeenProcess,
} from './processes.ts'
import { runCommand, startCommand, type RunningCommand } from './run-command.ts'

// A grading waits longer on a busy machine; what is slow is not wrong.
vi.setConfig({ testTimeout: 120_000 })

const EXERCISE = 'cookies-max-age'

// The processes of a grading are looked up in /proc.
describe.skipIf(!seesProcesses)('stopped in the middle of the fifteen seconds', () => {
  test.concurrent.for<
    [words: string, command: string, stop: (command: RunningCommand) => void, code: number]
  >([
    [
      'Ctrl-C in a terminal, which reaches everything it started',
      'grade',
      (command) => command.signal('SIGINT', 'group'),
      130,
    ],
    ['SIGINT to the command alone', 'submit', (command) => command.signal('SIGINT'), 130],
    ['SIGTERM', 'submit', (command) => command.signal('SIGTERM'), 143],
    ['SIGHUP, as when the terminal is closed', 'grade', (command) => command.signal('SIGHUP'), 129],
    ['one Ctrl-C that arrives twice, once from npm', 'submit', twice, 130],
    ['SIGTERM, watched', 'watch', (command) => command.signal('SIGTERM'), 143],
  ])('%s', async ([, command, stop, expected], { expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const { running, started, port } = await intoTheWait(home, command)
    expect(started.length).toBeGreaterThan(2)
    expect(await accepts(port)).toBe(true)

    stop(running)
    const { code, signal, stdout, stderr } = await running.ended

    expect(signal ?? code).toBe(expected)
    expect(command === 'watch' ? stdout : stderr).toMatch(
      /(^|\n)Stopped\. Nothing was left running\.\n$/,
    )
    expect(await untilGone(() => [...stillRunning(started), ...processesOf(home.dir)])).toEqual([])
    expect(await accepts(port)).toBe(false)
    expect(readdirSync(home.temp)).toEqual([])
    expect(await keptBy(home)).toEqual({ runs: [], submissions: 0 })
  })

  test.concurrent('SIGINT through npm', async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const { running, started } = await intoTheWait(home, 'grade', ['npm', 'run', '--silent'])
    running.signal('SIGINT', 'group')
    const { code, signal, stderr } = await running.ended
    expect(signal ?? code).not.toBe(0)
    expect(stderr).toBe('Stopped. Nothing was left running.\n')
    expect(await untilGone(() => [...stillRunning(started), ...processesOf(home.dir)])).toEqual([])
    expect(readdirSync(home.temp)).toEqual([])
  })

  test.concurrent('kill -9: browser and program end by themselves, and the next command removes the profile', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await createLearnerHome(onTestFinished)
    const { running, started } = await intoTheWait(home, 'submit')
    running.signal('SIGKILL')
    await running.ended

    // Without setpriv (util-linux) a program whose grader was killed runs until the next grading.
    const ending = existsSync('/usr/bin/setpriv')
      ? started
      : started.filter(({ command }) => !isProgram(command))
    expect(await untilGone(() => stillRunning(ending))).toEqual([])
    expect(await keptBy(home)).toEqual({ runs: [], submissions: 0 })

    home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'mutants/milliseconds'))
    expect((await runCommand(home, ['submit', EXERCISE])).code).toBe(1)
    expect(readdirSync(home.temp)).toEqual([])
    expect(await keptBy(home)).toEqual({ runs: [expect.any(String)], submissions: 1 })
  })
})

test
  .skipIf(!seesProcesses)
  .concurrent(
    'SIGINT while the gate checks types: what is graded and made beside it is removed',
    async ({ expect, onTestFinished }) => {
      const home = await createLearnerHome(onTestFinished)
      const running = startCommand(home, ['verify', EXERCISE, '--all'])
      const isChecking = () =>
        descendantsOf(running.pid).some(({ command }) => command.includes('typescript/bin/tsc'))
      await vi.waitUntil(isChecking, { timeout: 60_000, interval: 20 })
      const started = descendantsOf(running.pid)
      running.signal('SIGINT')
      const { code, signal, stderr } = await running.ended
      expect(stderr).toBe('Stopped. Nothing was left running.\n')
      expect(signal ?? code).toBe(130)
      expect(await untilGone(() => [...stillRunning(started), ...processesOf(home.dir)])).toEqual(
        [],
      )
      expect(readdirSync(home.temp)).toEqual([])
    },
  )

describe.skipIf(!seesProcesses)('a program that runs by hand', () => {
  test.concurrent.for<[words: string, stop: (command: RunningCommand) => void, code: number]>([
    ['Ctrl-C in a terminal', (command) => command.signal('SIGINT', 'group'), 130],
    ['SIGINT to the command alone', (command) => command.signal('SIGINT'), 130],
    ['SIGTERM to the command alone', (command) => command.signal('SIGTERM'), 143],
    ['SIGHUP to the command alone', (command) => command.signal('SIGHUP'), 129],
  ])('ends by %s, and the command with it', async ([, stop, code], { expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'solution'))
    const { running, started } = await served(home)

    stop(running)
    expect(await running.ended).toMatchObject({ code, stderr: '' })
    expect(await untilGone(() => [...stillRunning(started), ...processesOf(home.dir)])).toEqual([])
  })

  test.concurrent.for<[words: string, command: string]>([
    ['a command, whose shell passes no signal on', 'node server.ts'],
    ['one that its shell left running', 'node server.ts &'],
    ['one that left its session', 'setsid -f node server.ts'],
    ['one that ignores every signal it can', 'node deaf.mjs'],
  ])('ends by SIGTERM: %s', async ([, command], { expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const file = home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'solution'))
    home.writeWork(`${EXERCISE}/deaf.mjs`, `${DEAF}await import('./server.ts')`)
    // TypeScript: by the Node that runs this.
    const bySameNode = command.replace('node ', `${shellWord(process.execPath)} `)
    const { running, started } = await served(home, ['--dir', dirname(file), '--cmd', bySameNode])
    running.signal('SIGTERM')
    expect(await running.ended).toMatchObject({ code: 143, stderr: '' })
    expect(await untilGone(() => [...stillRunning(started), ...processesOf(home.dir)])).toEqual([])
  })

  test.concurrent('leaves alone what somebody else started with the same PORT', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await createLearnerHome(onTestFinished)
    const file = home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'solution'))
    const command = `${shellWord(process.execPath)} server.ts`
    const options = ['--dir', dirname(file), '--cmd', command]
    const { running, started, port } = await served(home, options)
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      env: { PORT: String(port) },
      stdio: 'ignore',
    })
    onTestFinished(() => void stranger.kill('SIGKILL'))
    await once(stranger, 'spawn')
    running.signal('SIGTERM')
    await running.ended
    expect(await untilGone(() => stillRunning(started))).toEqual([])
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null])
  })

  test.concurrent('ignores Ctrl-C: a second one ends it at once', async ({
    expect,
    onTestFinished,
  }) => {
    const home = await createLearnerHome(onTestFinished)
    home.writeWork(`${EXERCISE}/server.ts`, DEAF + authorsFile(EXERCISE, 'solution'))
    const { running, started } = await served(home)
    running.signal('SIGINT', 'group')
    // Any sooner it counts as the first.
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(stillRunning(started)).not.toEqual([])
    running.signal('SIGINT', 'group')
    expect(await running.ended).toMatchObject({ code: 130, stderr: '' })
    expect(await untilGone(() => [...stillRunning(started), ...processesOf(home.dir)])).toEqual([])
  })
})

test.skipIf(!seesProcesses).concurrent.for<[signal: NodeJS.Signals, code: number]>([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('the course that is read ends by %s', async ([signal, code], { expect, onTestFinished }) => {
  const home = await createLearnerHome(onTestFinished)
  const port = await freePort()
  const running = startCommand(home, ['start'], { env: { PORT: String(port) } })
  await running.printed(/Ctrl-C ends it/)
  running.signal(signal)
  expect(await running.ended).toMatchObject({
    code,
    stdout: expect.stringMatching(/\nStopped\.\n$/),
    stderr: '',
  })
  expect(await untilGone(() => processesOf(home.dir))).toEqual([])
})

const DEAF = "for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})\n"

/** Serves the learner's program on a port of its own, and waits until it listens. */
async function served(
  home: LearnerHome,
  options: readonly string[] = [],
): Promise<{ running: RunningCommand; started: SeenProcess[]; port: number }> {
  const port = await freePort()
  const running = startCommand(home, ['serve', EXERCISE, ...options], {
    env: { PORT: String(port) },
  })
  await running.printed(/Ctrl-C ends it/)
  await vi.waitUntil(() => accepts(port), { timeout: 30_000 })
  const started = processesOf(home.dir).filter(({ pid }) => pid !== running.pid)
  if (started.length === 0) throw new Error('Nothing listens that serve has started.')
  return { running, started, port }
}

function twice(command: RunningCommand): void {
  command.signal('SIGINT', 'group')
  command.signal('SIGINT', 'group')
}

/** Starts grading the right solution and waits until some of its requests have been seen. */
async function intoTheWait(
  home: LearnerHome,
  command: string,
  by?: [string, ...string[]],
): Promise<{ running: RunningCommand; started: SeenProcess[]; port: number }> {
  home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'solution'))
  const running = startCommand(home, [command, EXERCISE], by && { command: by })
  await running.printed(/ 2 of 15$/m)
  const started = descendantsOf(running.pid)
  const program = started.find(({ command }) => isProgram(command))
  if (!program)
    throw new Error(
      `The learner's program is not among what was started:\n${started.map((each) => each.command).join('\n')}`,
    )
  return { running, started, port: portOf(program) }
}

function isProgram(command: string): boolean {
  return command.includes(`${EXERCISE}/server.ts`)
}

/** The port a program was given. */
function portOf({ pid }: SeenProcess): number {
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  return Number(variables.find((each) => each.startsWith('PORT='))!.slice('PORT='.length))
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('close', () => socket.destroy())
    socket.once('connect', () => socket.destroy())
  })
}

/** What the learner would find again: names in the folder of runs, and how many submissions. */
async function keptBy(home: LearnerHome): Promise<{ runs: string[]; submissions: number }> {
  const store = openStore(`${home.state}/roundtrip.sqlite`)
  try {
    return { runs: namesIn(`${home.state}/runs`), submissions: (await store.submissions()).length }
  } finally {
    store.close()
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
