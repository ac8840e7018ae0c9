import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { InconclusiveObservation } from '../../types/errors.ts'
import { createClock, watchClock } from './clock.ts'

let monotonic = 0
let wall = 0

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  monotonic = 5000
  wall = 1_800_000_000_000
  vi.spyOn(performance, 'now').mockImplementation(() => monotonic)
  vi.spyOn(Date, 'now').mockImplementation(() => wall)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function pass(ms: number): void {
  monotonic += ms
  wall += ms
  vi.advanceTimersByTime(ms)
}

const SET = [-3_600_000, -300, 300, 3_600_000]

describe('the clock of a run', () => {
  test.each(SET)('goes on as before when the wall clock is set by %i ms', (by) => {
    const clock = createClock()
    const begun = clock.now()
    pass(1000)
    wall += by
    expect(clock.now() - begun).toBe(1000)
    expect(clock.skew()).toBe(by)
  })

  test.each(SET)('goes by the wall clock again when it has to follow it by %i ms', (by) => {
    const clock = createClock()
    wall += by
    expect(clock.follow()).toBe(by)
    expect(clock.now()).toBe(wall)
    expect(clock.follow()).toBe(0)
    expect(clock.skew()).toBe(by)
    pass(1000)
    expect(clock.now()).toBe(wall)
  })

  test('follows no small correction', () => {
    const clock = createClock()
    wall += 200
    expect(clock.follow()).toBe(0)
    expect(clock.now()).toBe(wall - 200)
  })
})

describe('the watch', () => {
  const heard: unknown[] = []
  const watched = () => {
    heard.length = 0
    const clock = createClock()
    return { clock, watch: watchClock(clock, (error) => heard.push(error)) }
  }

  test.each(SET)('says soon, and once, that the wall clock was set by %i ms', (by) => {
    const { watch } = watched()
    pass(1000)
    expect(heard).toEqual([])
    wall += by
    pass(1000)
    expect(heard).toEqual([expect.any(InconclusiveObservation)])
    expect(() => watch.end()).toThrow('The clock of this machine was set meanwhile')
    expect(heard).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('sees at the end what was set just before', () => {
    const { watch } = watched()
    wall += 3_600_000
    expect(() => watch.end()).toThrow(InconclusiveObservation)
  })

  test('is void for everybody who watched when one of them follows', () => {
    const { clock, watch } = watched()
    wall -= 3_600_000
    clock.follow()
    expect(() => watch.end()).toThrow(InconclusiveObservation)
    const next = watchClock(clock, () => {})
    pass(1000)
    expect(() => next.end()).not.toThrow()
  })

  test('bears a clock that is corrected a little', () => {
    const { watch } = watched()
    wall += 200
    pass(1000)
    expect(() => watch.end()).not.toThrow()
    expect(heard).toEqual([])
  })
})
