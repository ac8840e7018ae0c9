import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, vi } from 'vitest'
import { freePort } from '../grader/record/program/ports/free-port.ts'
import { authorsFile } from '../testing/authors-program-in-tests.ts'
import { createLearnerHome, root } from './learner-home.ts'
import { processesOf, seesProcesses, untilGone } from './processes.ts'
import { startCommand } from './run-command.ts'

// A grading waits longer on a busy machine; what is slow is not wrong.
vi.setConfig({ testTimeout: 120_000 })

const EXERCISE = 'cookies-max-age'
const NPM = ['npm', 'run', '--silent'] as const

describe.skipIf(!seesProcesses)('npm, without its commands', () => {
  test.concurrent.for<[signal: NodeJS.Signals, command: string, args: string[], printed: RegExp]>([
    ['SIGTERM', 'start', [], /Ctrl-C ends it/],
    ['SIGKILL', 'start', [], /Ctrl-C ends it/],
    ['SIGHUP', 'start', [], /Ctrl-C ends it/],
    ['SIGTERM', 'serve', [EXERCISE], /Ctrl-C ends it/],
    ['SIGKILL', 'serve', [EXERCISE], /Ctrl-C ends it/],
    ['SIGTERM', 'watch', [EXERCISE], / 2 of 15$/m],
    ['SIGTERM', 'grade', [EXERCISE], / 2 of 15$/m],
    ['SIGTERM', 'submit', [EXERCISE], / 2 of 15$/m],
  ])(
    '%s ends npm run %s, which says nothing more',
    async ([signal, command, args, printed], { expect, onTestFinished }) => {
      const home = await createLearnerHome(onTestFinished)
      home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'solution'))
      const running = startCommand(home, [command, ...args], {
        command: [...NPM],
        env: { PORT: String(await freePort()) },
      })
      await running.printed(printed)
      const told = running.stdout()
      running.signal(signal)
      const { stdout } = await running.ended
      expect(await untilGone(() => processesOf(home.dir), 10_000)).toEqual([])
      expect(running.stdout().replace(told, '')).not.toMatch(/Stopped|Passed|Not yet/)
      expect(stdout.replace(told, '')).not.toMatch(/Stopped|Passed|Not yet/)
      expect(running.stderr()).toBe('')
    },
  )
})

/** A Node that cannot run the project, and so starts the one that came with the packages. */
const OLD_NODE: [string, ...string[]] = [
  process.execPath,
  '--import',
  `data:text/javascript,${encodeURIComponent(
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.0.0" } })',
  )}`,
  join(root, 'bin/roundtrip.mjs'),
]

describe.skipIf(!seesProcesses)('under an older Node', () => {
  test.concurrent.for<
    [words: string, signal: NodeJS.Signals, to: 'group' | undefined, code: number | string]
  >([
    ['one Ctrl-C, which reaches both', 'SIGINT', 'group', 130],
    ['SIGINT to the first alone', 'SIGINT', undefined, 130],
    ['SIGTERM to the first alone', 'SIGTERM', undefined, 143],
    ['SIGHUP to both', 'SIGHUP', 'group', 129],
  ])('%s', async ([, signal, to, code], { expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    home.writeWork(`${EXERCISE}/server.ts`, authorsFile(EXERCISE, 'solution'))
    const running = startCommand(home, ['grade', EXERCISE], { command: OLD_NODE })
    await running.printed(/ 2 of 15$/m)
    running.signal(signal, to)
    expect(await running.ended).toMatchObject({
      code,
      stderr: 'Stopped. Nothing was left running.\n',
    })
    expect(await untilGone(() => processesOf(home.dir))).toEqual([])
    expect(readdirSync(home.temp)).toEqual([])
  })

  test.concurrent('the first is killed', async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const running = startCommand(home, ['start'], {
      command: OLD_NODE,
      env: { PORT: String(await freePort()) },
    })
    await running.printed(/Ctrl-C ends it/)
    running.signal('SIGKILL')
    await running.ended
    expect(await untilGone(() => processesOf(home.dir), 10_000)).toEqual([])
    expect([running.stdout().includes('Stopped'), running.stderr()]).toEqual([false, ''])
  })
})
