import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { InconclusiveObservation } from '../../types/errors.ts'
import { startStallWatch } from './stall-watch.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

/**
 * A clock that a test moves. `run` lets time pass in which this process runs, `stall` time in which
 * it does not.
 */
function timeline() {
  let now = 1_000_000
  const watch = startStallWatch({ now: () => now, skew: () => 0, follow: () => 0 })
  return {
    watch,
    run(ms: number) {
      for (let passed = 0; passed < ms; passed += 25) {
        now += 25
        vi.advanceTimersByTime(25)
      }
    },
    stall: (ms: number) => void (now += ms),
    at: (ms: number) => 1_000_000 + ms,
  }
}

describe('a stall watch', () => {
  test('is content with a machine that keeps up', () => {
    const { watch, run, at } = timeline()
    run(3000)
    expect(() => watch.end([[at(0), at(3000)]])).not.toThrow()
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each<[string, number, [number, number], boolean]>([
    ['a second in the window', 1000, [900, 1500], true],
    ['a second that reaches into the window', 1000, [1900, 2500], true],
    ['a second around the whole window', 1000, [1300, 1400], true],
    ['a second before the window', 1000, [2500, 3000], false],
    ['a second after the window', 1000, [0, 900], false],
    ['a blink in the window', 200, [900, 1500], false],
  ])('%s', (_, ms, [from, to], isVoid) => {
    const { watch, run, stall, at } = timeline()
    run(1000)
    stall(ms)
    run(1000)
    const end = () => watch.end([[at(from), at(to)]])
    if (isVoid)
      expect(end).toThrow(
        new InconclusiveObservation(
          'This machine was too busy to time this fairly; running it again.',
        ),
      )
    else expect(end).not.toThrow()
  })

  test('counts a stall that has only just ended', () => {
    const { watch, run, stall, at } = timeline()
    run(1000)
    stall(1000)
    expect(() => watch.end([[at(1200), at(1300)]])).toThrow(InconclusiveObservation)
  })

  test('can be stopped without a verdict, and twice', () => {
    const { watch } = timeline()
    watch.stop()
    watch.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})
