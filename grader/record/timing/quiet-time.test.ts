import { expect, test } from 'vitest'
import { createQuietTime } from './quiet-time.ts'

interface Wait {
  readonly slowness: (elapsed: number) => number
  readonly isLoaded?: boolean
  readonly allowed?: number
  /** How long the program had waited for a processor by then. */
  readonly waited?: (elapsed: number) => number
}

/** The moments at which the machine is measured; at the last of them the time is up. */
async function measured({
  slowness,
  isLoaded = false,
  allowed = 4000,
  waited,
}: Wait): Promise<number[]> {
  let elapsed = allowed
  let isBegun = false
  const moments: number[] = []
  const quiet = createQuietTime(allowed, 30_000, {
    slowness: async () => slowness(elapsed),
    isLoaded: () => isLoaded,
    ...(waited && { waited: () => waited(isBegun ? elapsed : 0) }),
  })
  isBegun = true
  for (;;) {
    moments.push(elapsed)
    const left = await quiet.left(() => elapsed)
    if (left === 0) return moments
    elapsed += left
  }
}

test('a quiet machine gets the time allowed, and one measurement', async () => {
  expect(await measured({ slowness: () => 1 })).toEqual([4000])
  expect(await measured({ slowness: () => 1.4 })).toEqual([4000])
})

test('a machine that stays slow gets as many times longer', async () => {
  expect((await measured({ slowness: () => 3 })).at(-1)).toBe(12_000)
})

test('a moment of load does not stretch the whole wait', async () => {
  const slowness = (elapsed: number) => (elapsed < 4500 ? 7 : 1)
  expect((await measured({ slowness })).at(-1)).toBeLessThan(9000)
})

test('load that comes later counts, too', async () => {
  const slowness = (elapsed: number) => (elapsed < 4500 ? 2 : 4)
  expect((await measured({ slowness })).at(-1)).toBeGreaterThan(13_000)
})

test('a moment of calm on a loaded machine is not believed at once', async () => {
  expect(await measured({ slowness: () => 1, isLoaded: true })).toEqual([4000, 5000])
  const slowness = (elapsed: number) => (elapsed < 4500 ? 1 : 5)
  expect((await measured({ slowness, isLoaded: true })).at(-1)).toBeGreaterThan(12_000)
})

test('what waited for a processor gets that time back, though the machine seems quiet', async () => {
  const half = (elapsed: number) => elapsed / 2
  expect((await measured({ slowness: () => 1, waited: half })).at(-1)).toBeCloseTo(8000, -2)
  const once = () => 1500
  expect((await measured({ slowness: () => 1, waited: once })).at(-1)).toBe(4000)
  const atFirst = (elapsed: number) => Math.min(elapsed, 1500)
  expect((await measured({ slowness: () => 1, waited: atFirst })).at(-1)).toBe(5500)
  const always = (elapsed: number) => elapsed
  expect((await measured({ slowness: () => 1, waited: always })).at(-1)).toBe(30_000)
})

test('however slow the machine is, the wait has an end', async () => {
  expect((await measured({ slowness: () => 1000 })).at(-1)).toBe(30_000)
})

test('a short wait is not spent measuring', async () => {
  const moments = await measured({ slowness: () => 10, allowed: 250 })
  expect(moments.at(-1)).toBe(2500)
  expect(moments.length).toBeLessThan(8)
})
