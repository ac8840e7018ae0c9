import { expect, test } from 'vitest'
import { statOf } from '../../machine/proc.ts'
import { createClock } from './clock.ts'
import { startProcessGroup, type ProcessGroup } from '../program/processes/process-group.ts'
import { slowDown } from './slow-down.ts'

/** Of a hundred looks at a program that has much to do, in how many it is stopped. */
async function stopped(slow: (group: ProcessGroup) => ProcessGroup): Promise<number> {
  const group = slow(
    await startProcessGroup(process.execPath, ['-e', 'for (;;);'], {
      cwd: '/',
      env: {},
      clock: createClock(),
    }),
  )
  try {
    let looks = 0
    for (let look = 0; look < 100; look++) {
      await new Promise((resolve) => setTimeout(resolve, 7))
      if (statOf(group.pid).state === 'T') looks++
    }
    return looks
  } finally {
    expect(await group.end()).toBe(false)
  }
}

// Not by what it does meanwhile: on a busy machine one that is slowed may get as much as one that is not.
test.runIf(process.platform === 'linux')(
  'a slowed program is stopped most of the time, and hears TERM',
  async () => {
    expect(await stopped((group) => group)).toBe(0)
    expect(await stopped((group) => slowDown(group, 6))).toBeGreaterThan(50)
    expect(await stopped((group) => slowDown(group, 1.25))).toBeLessThan(50)
  },
)
