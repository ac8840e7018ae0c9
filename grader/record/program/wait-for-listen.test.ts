import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { join } from 'node:path'
import { createClock } from '../timing/clock.ts'
import { freePort } from './ports/free-port.ts'
import { startProcessGroup } from './process-group.ts'
import { waitForListen } from './wait-for-listen.ts'

// On a busy machine the wait is longer; here it is as long as on a quiet one. What every other
// fault is told as: start-program.test.ts.
vi.mock('../timing/machine-speed.ts', () => ({ machineSlowness: async () => 1 }))

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'roundtrip-ladder-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a script is told that is started by this Node and never listens on its port. */
async function fault(script: string) {
  const port = await freePort()
  const group = await startProcessGroup(process.execPath, ['--eval', script], {
    cwd: folder,
    env: { PORT: String(port) },
    clock: createClock(),
  })
  try {
    return await waitForListen(group, port, {
      strictly: true,
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
        /^It is running, but after 5 s nothing listens on port \d+ \(from process\.env\.PORT\)\. Does your program call listen\(\)\?$/,
      ),
      lines: ['waiting'],
    })
  })

  test.skipIf(process.platform === 'win32')('a program in a loop is told so', async () => {
    expect(await fault("console.log('thinking'); for (;;);")).toMatchObject({
      id: 'endless-loop',
      message: expect.stringContaining('A loop that never ends?'),
      lines: ['thinking'],
    })
  })
})
