import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { isRunning } from './is-running.ts'

test('this process and its parent run', () => {
  expect([process.pid, process.ppid].map(isRunning)).toEqual([true, true])
})

test('one that has ended does not', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  expect(isRunning(pid)).toBe(false)
})

test.runIf(process.platform === 'linux' && process.getuid?.() !== 0)(
  'one that this user may not signal runs all the same',
  () => {
    expect(isRunning(1)).toBe(true)
  },
)

test('what cannot be a number of a process is none', () => {
  expect([Number.NaN, 2 ** 30].map(isRunning)).toEqual([false, false])
})
