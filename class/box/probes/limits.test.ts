import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { untilGone } from '../../../test/processes.ts'
import { LIMITS } from '../limits.ts'
import { trialFolder } from '../trial/trial.ts'
import { inBox, NO_PLACES, outside, testUser, withoutBox } from './run-probes.ts'

// Probes 19, 20 and 22: processes, memory, and what is left.

describe.skipIf(withoutBox !== null)("a learner's program", () => {
  test('19: starts no more processes than it may, and others start theirs meanwhile', async () => {
    const asked = { forkBomb: 150 }
    const both = await Promise.all([
      inBox(asked, { dir: trialFolder }),
      inBox(asked, { dir: trialFolder }),
    ])
    for (const { forkBomb } of both) {
      expect(forkBomb).toMatchObject({ refused: 'EAGAIN' })
      expect(forkBomb.started).toBeGreaterThan(10)
      expect(forkBomb.started).toBeLessThan(LIMITS.programProcesses)
    }
    expect(await outside(asked)).toEqual({ forkBomb: { started: 150, refused: null } })
  })

  test('20: gets no more memory in one process than it may', async () => {
    // What it gets is never written to: nothing of the machine's memory is used.
    const asked = { memoryBomb: 4096 }
    const { memoryBomb } = await inBox(asked, { dir: trialFolder })
    expect(memoryBomb.refused).toBe('ERR_MEMORY_ALLOCATION_FAILED')
    expect(memoryBomb.megabytes * 1024 ** 2).toBeLessThan(LIMITS.programDataBytes)
    expect(memoryBomb.megabytes).toBeGreaterThan(1024)
    expect(await outside(asked)).toEqual({ memoryBomb: { megabytes: 4096, refused: null } })
  })

  test('22: leaves no process when it is over', async () => {
    const seconds = String(100 + process.pid / 1e6)
    await inBox({ outlive: seconds }, { dir: trialFolder })
    expect(sleepers(seconds)).toEqual([])

    const { outlive } = await outside({ outlive: seconds })
    expect(sleepers(seconds)).toEqual([outlive])
    process.kill(outlive, 'SIGKILL')
  })

  test('22: is ended with its worker, also where that is killed', async () => {
    const seconds = String(200 + process.pid / 1e6)
    const address = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)))
    const worker = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { startBox } from ${address('../box-process.ts')}
         import { inOuterBox } from ${address('../outer-box.ts')}
         startBox({
           line: inOuterBox(['/bin/sh', '-c', 'sleep ${seconds} & echo begun; wait'], ${JSON.stringify({ dir: trialFolder })}, ${JSON.stringify(NO_PLACES)}),
           env: { PATH: '/usr/bin:/bin' },
           user: ${JSON.stringify(testUser)},
           input: '',
           onLine: (line) => process.stdout.write(line),
           onFlood() {},
         })`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    onTestFinished(() => void worker.kill('SIGKILL'))
    await once(worker.stdout!, 'data')
    // The shell says so before what it started has become sleep.
    await expect.poll(() => sleepers(seconds).length).toBeGreaterThan(0)
    worker.kill('SIGKILL')
    expect(await untilGone(() => sleepers(seconds))).toEqual([])
  })
})

function sleepers(seconds: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && argumentsOf(name).includes(seconds))
    .map(Number)
}

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}
