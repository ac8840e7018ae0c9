import { afterEach, expect, test, vi } from 'vitest'
import { statOf } from '../../machine/proc.ts'
import { createClock } from './clock.ts'
import { startProcessGroup, type ProcessGroup } from '../program/processes/process-group.ts'
import { slowDown } from './slow-down.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** How many of 600 ms a slowed group may run. */
async function runs(factor: number): Promise<number> {
  vi.useFakeTimers()
  const signals: { readonly signal: unknown; readonly at: number }[] = []
  vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
    expect(pid).toBe(-4321)
    signals.push({ signal, at: Date.now() })
    return true
  })
  const group = { pid: 4321, exit: () => null, end: async () => false } as ProcessGroup
  const began = Date.now()
  const slowed = slowDown(group, factor)
  await vi.advanceTimersByTimeAsync(600)
  await slowed.end()
  expect(vi.getTimerCount()).toBe(0)
  expect(signals.at(-1)!.signal).toBe('SIGCONT')
  const runsFor = signals.map(({ signal, at }, index) => {
    const until = Math.min(signals[index + 1]?.at ?? Infinity, began + 600)
    return signal === 'SIGCONT' ? Math.max(0, until - at) : 0
  })
  vi.useRealTimers()
  vi.restoreAllMocks()
  return runsFor.reduce((sum, ms) => sum + ms, 0)
}

test('a slowed program runs one part in the factor of its time', async () => {
  expect(await runs(6)).toBeCloseTo(100, -1)
  expect(await runs(4)).toBeCloseTo(150, -1)
  expect(await runs(1.25)).toBeCloseTo(480, -1)
})

test.runIf(process.platform === 'linux')(
  'a slowed program is stopped, and hears TERM',
  async () => {
    const options = { cwd: '/', env: {}, clock: createClock() }
    const group = slowDown(
      await startProcessGroup(process.execPath, ['-e', 'for (;;);'], options),
      6,
    )
    try {
      await expect.poll(() => statOf(group.pid).state, { interval: 7 }).toBe('T')
    } finally {
      expect(await group.end()).toBe(false)
    }
  },
)

test('a factor of one changes nothing', () => {
  const group = { pid: 4321 } as ProcessGroup
  expect(slowDown(group, 1)).toBe(group)
})
