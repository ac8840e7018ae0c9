import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { join } from 'node:path'
import { createClock } from '../../timing/clock.ts'
import { freePort } from '../ports/free-port.ts'
import { startProcessGroup } from '../processes/process-group.ts'
import { waitForListen } from './wait-for-listen.ts'

// On a busy machine the wait is longer; here it is as long as on a quiet one. What every other
// fault is told as: start-program.test.ts.
vi.mock('../../timing/machine-speed.ts', () => ({
  machineSlowness: async () => 1,
  isMachineLoaded: () => false,
}))

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'roundtrip-ladder-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a script is told that is started by this Node and never listens on its port. */
async function fault(script: string, line: readonly string[] = [process.execPath]) {
  const [command, ...before] = line
  const port = await freePort()
  const group = await startProcessGroup(command!, [...before, '--eval', script], {
    cwd: folder,
    env: { PORT: String(port) },
    clock: createClock(),
  })
  try {
    return await waitForListen(group, port, {
      kind: 'files',
      signal: new AbortController().signal,
    }).then(
      () => null,
      (error: unknown) => error,
    )
  } finally {
    await group.end()
  }
}

describe.concurrent('after five seconds', () => {
  test('a program that waits for nothing is told so', async () => {
    expect(await fault("console.log('waiting'); setInterval(() => {}, 1000)")).toMatchObject({
      id: 'never-listens',
      message: expect.stringMatching(
        /^It is running, but after (?:[5-9]|\d\d) s nothing listens on port \d+ \(from process\.env\.PORT\)\. Does your program call listen\(\)\?$/,
      ),
      lines: ['waiting'],
    })
  })

  test.runIf(existsSync('/usr/bin/taskset'))(
    'a program that others keep from its processor gets the time that it waited',
    async () => {
      const onFirst = ['--cpu-list', '0']
      const endless = [...onFirst, process.execPath, '--eval', 'for (;;);']
      const other = spawn('taskset', endless, { stdio: 'ignore' })
      try {
        const needsLittle = `
          while (process.cpuUsage().user < 250_000);
          require('http').createServer().listen(process.env.PORT, '127.0.0.1')`
        expect(
          await fault(needsLittle, ['taskset', ...onFirst, 'nice', '-n', '15', process.execPath]),
        ).toBe(null)
      } finally {
        other.kill('SIGKILL')
      }
    },
  )

  test('a program in a loop is told so', async () => {
    expect(await fault("console.log('thinking'); for (;;);")).toMatchObject({
      id: 'endless-loop',
      message: expect.stringContaining('A loop that never ends?'),
      lines: ['thinking'],
    })
  })
})

describe('a command, which may compile first', () => {
  afterEach(() => void vi.useRealTimers())

  /** Looks at the clock only; what the machine does goes on meanwhile. */
  async function waiting(command: string) {
    const port = await freePort()
    const group = await startProcessGroup('/bin/sh', ['-c', command], {
      cwd: folder,
      env: { ...process.env, PORT: String(port) },
      clock: createClock(),
    })
    vi.useFakeTimers({ toFake: ['performance'] })
    const told: string[] = []
    const outcome = waitForListen(group, port, {
      kind: 'command',
      onWait: (text) => told.push(text),
      signal: new AbortController().signal,
    })
      .then(
        () => 'listens',
        (error: unknown) => error,
      )
      .finally(() => {
        vi.useRealTimers()
        return group.end()
      })
    const looked = () => new Promise((resolve) => setTimeout(resolve, 100))
    return { told, outcome, looked, printed: () => group.log.text() }
  }

  test('is waited for, and the terminal says what for', async () => {
    const { told, outcome, looked } = await waiting(
      `sleep 2; exec "${process.execPath}" --eval "require('http').createServer().listen(process.env.PORT, '127.0.0.1')"`,
    )
    await looked()
    expect(told).toEqual([])
    vi.advanceTimersByTime(35_000)
    await expect
      .poll(() => told)
      .toEqual(['Waiting for your command to listen on PORT, 60 s at most'])
    expect(await outcome).toBe('listens')
    expect(told).toHaveLength(1)
  })

  test('is told the limit when it is over', async () => {
    const { outcome, looked, printed } = await waiting('echo compiling; exec sleep 300')
    // What a shell takes to start is no loop of the command's.
    await expect.poll(printed).toContain('compiling')
    await looked()
    vi.advanceTimersByTime(59_000)
    await looked()
    vi.advanceTimersByTime(2000)
    expect(await outcome).toMatchObject({
      id: 'never-listens',
      message: expect.stringMatching(
        /^It is running, but after 60 s, the longest that a command may take, nothing listens on port \d+ \(from the environment variable PORT\)\. Does your program call listen\(\)\?$/,
      ),
      lines: ['compiling'],
    })
  })
})
