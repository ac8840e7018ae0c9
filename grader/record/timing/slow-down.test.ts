import { expect, test } from 'vitest'
import { createClock } from './clock.ts'
import { startProcessGroup, type ProcessGroup } from '../program/processes/process-group.ts'
import { slowDown } from './slow-down.ts'

const counting =
  'let count = 0; const at = performance.now(); while (performance.now() - at < 1200) count++; console.log(count); setInterval(() => {}, 1000)'

async function counted(slow: (group: ProcessGroup) => ProcessGroup): Promise<number> {
  const group = slow(
    await startProcessGroup(process.execPath, ['-e', counting], {
      cwd: '/',
      env: {},
      clock: createClock(),
    }),
  )
  try {
    for (let look = 0; look < 1000 && group.log.text() === ''; look++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    return Number(group.log.text())
  } finally {
    expect(await group.end()).toBe(false)
  }
}

test('a slowed program gets a part of the time, and hears TERM', async () => {
  // Side by side, so that both have the same machine.
  const [free, slowed] = await Promise.all([
    counted((group) => group),
    counted((group) => slowDown(group, 6)),
  ])
  expect(slowed).toBeLessThan(free * 0.7)
})
