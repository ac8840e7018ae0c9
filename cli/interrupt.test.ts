import { afterEach, expect, test, vi } from 'vitest'
import { ENDING_SIGNALS, signalExitCode } from './exit-code.ts'
import { explainError } from './explain-error.ts'
import { interrupted, interruptible } from './interrupt.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends the work, and the command with %i', async (signal, code) => {
  const working = interruptible(async (aborted) => {
    throw await interrupted(aborted)
  })
  process.emit(signal, signal)
  const error = await working.catch((reason: unknown) => reason)
  expect(explainError(error)).toEqual({
    message: 'Stopped. Nothing was left running.',
    exitCode: code,
  })
  expect(signalExitCode(signal)).toBe(code)
  expect(ENDING_SIGNALS.map((name) => process.listenerCount(name))).toEqual(before)
})

const before = ENDING_SIGNALS.map((name) => process.listenerCount(name))

test.each([
  ['SIGINT', 'SIGINT', 200, null],
  ['SIGINT', 'SIGINT', 900, null],
  ['SIGINT', 'SIGINT', 1100, 130],
  ['SIGINT', 'SIGTERM', 5000, 143],
  ['SIGTERM', 'SIGHUP', 5000, 129],
] as const)('%s, then %s after %i ms: exits with %s', async (first, then, ms, code) => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
  await interruptible(async () => {
    process.emit(first, first)
    vi.advanceTimersByTime(ms)
    process.emit(then, then)
  })
  expect(exit.mock.calls).toEqual(code === null ? [] : [[code]])
})
