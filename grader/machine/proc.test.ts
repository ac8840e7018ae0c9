import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import {
  hasEnded,
  membersOf,
  namesIn,
  processes,
  processorTimes,
  readKernelFile,
  statOf,
} from './proc.ts'

const NOBODY = 2 ** 30

describe.skipIf(process.platform !== 'linux')('what Linux tells of processes', () => {
  test('is read after a name that looks like more fields', async () => {
    const title = 'process.title = "a) Z 1 (b"; console.log("named"); setInterval(() => {}, 1000)'
    const child = spawn(process.execPath, ['-e', title], { detached: true })
    try {
      await once(child.stdout, 'data')
      const { state, group, beganAt } = statOf(child.pid!)
      expect(hasEnded(state)).toBe(false)
      expect(group).toBe(child.pid)
      expect(beganAt).toBeGreaterThanOrEqual(statOf(process.pid).beganAt)
      expect(statOf(`${child.pid}/task/${child.pid}`).group).toBe(child.pid)
      expect(processes()).toContain(child.pid)
      // It runs or sleeps, now this and now that.
      const [member, ...others] = membersOf(child.pid!)
      expect([member!.pid, hasEnded(member!.state), others]).toEqual([child.pid, false, []])
      expect(processorTimes(child.pid!)!.had).toBeGreaterThan(0)
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    expect(processes()).not.toContain(child.pid)
  })
})

test('what is not there is empty, and has ended', () => {
  expect(statOf(NOBODY)).toEqual({
    state: '',
    group: NaN,
    cpuTicks: NaN,
    isKernels: false,
    beganAt: 0,
  })
  expect(statOf(process.pid).isKernels).toBe(false)
  expect(hasEnded(statOf(NOBODY).state)).toBe(true)
  expect(processorTimes(NOBODY)).toBeNull()
  expect(namesIn(`/proc/${NOBODY}/fd`)).toEqual([])
  expect(readKernelFile(`/proc/${NOBODY}/cmdline`)).toBe('')
})
