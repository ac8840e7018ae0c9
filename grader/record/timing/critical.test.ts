import { describe, expect, test } from 'vitest'
import { exchange } from '../../../testing/exchange-builder.ts'
import { InconclusiveObservation } from '../../types/errors.ts'
import { createClock } from './clock.ts'
import { isTimed, timeFairly, voidIfBusy } from './critical.ts'

const alone = () => []

describe('what is timed fairly', () => {
  test('gives what was done, and its time', async () => {
    const clock = createClock()
    const { result, fair } = await timeFairly(async () => 'done', clock, alone)
    expect(result).toBe('done')
    expect(fair[0]).toBeLessThanOrEqual(fair[1])
    expect(fair[1]).toBeLessThanOrEqual(clock.now())
  })

  test('is void where this process stood still', async () => {
    const standStill = async () => {
      const until = performance.now() + 400
      while (performance.now() < until);
    }
    await expect(timeFairly(standStill, createClock(), alone)).rejects.toBeInstanceOf(
      InconclusiveObservation,
    )
  })

  test('fails as what is done fails', async () => {
    const failing = timeFairly(() => Promise.reject(new Error('no')), createClock(), alone)
    await expect(failing).rejects.toThrow('no')
  })
})

test('an exchange counts that began and was answered within such a time', () => {
  const from = exchange({ at: 1 }).startedAt
  const at = (second: number) => from + second * 1000
  const fair = [[at(-0.5), at(1)] as const]
  expect(isTimed(exchange({ at: 1 }), fair)).toBe(true)
  expect(isTimed(exchange({ at: 1, status: null }), fair)).toBe(true)
  expect(isTimed(exchange({ at: 1, answeredAt: 3 }), fair)).toBe(false)
  expect(isTimed(exchange({ at: 0 }), fair)).toBe(false)
})

const machine = (loaded: boolean, slower: number) => ({
  isLoaded: () => loaded,
  slowness: async () => slower,
})

test('a machine that keeps up leaves the observation as it is', async () => {
  await expect(voidIfBusy(machine(false, 1))).resolves.toBeUndefined()
})

test.each([
  ['more wants to run than there are processors', machine(true, 1)],
  ['a start takes twice as long', machine(false, 2)],
])('it is void where %s', async (_, busy) => {
  await expect(voidIfBusy(busy)).rejects.toThrow(InconclusiveObservation)
})
