import { expect, test } from 'vitest'
import { createQuietTime } from './quiet-time.ts'

/** The moments at which the machine is measured, and when the time is up. */
async function waited(slowness: (elapsed: number) => number, longest = 30_000): Promise<number[]> {
  let elapsed = 4000
  const moments: number[] = []
  const quiet = createQuietTime(4000, longest, async () => slowness(elapsed))
  for (;;) {
    moments.push(elapsed)
    const left = await quiet.left(() => elapsed)
    if (left === 0) return moments
    elapsed += left
  }
}

test('a quiet machine gets the time allowed, and one measurement', async () => {
  expect(await waited(() => 1)).toEqual([4000])
  expect(await waited(() => 1.4)).toEqual([4000])
})

test('a machine that stays slow gets as many times longer', async () => {
  expect((await waited(() => 3)).at(-1)).toBeCloseTo(12_000, -1)
})

test('a moment of load takes only the part that was under load', async () => {
  const end = (await waited((elapsed) => (elapsed < 4500 ? 7 : 1))).at(-1)!
  expect(end).toBeCloseTo(4000 + (4000 - 4000 / 7), -1)
})

test('load that comes later counts, too', async () => {
  const end = (await waited((elapsed) => (elapsed < 4500 ? 2 : 4))).at(-1)!
  // Half of the time was counted when the load came.
  expect(end).toBeCloseTo(4000 + 2000 * 4, -1)
})

test('however slow the machine is, the wait has an end', async () => {
  expect((await waited(() => 1000)).at(-1)).toBe(30_000)
})

test('a short wait is not spent measuring', async () => {
  let measured = 0
  let elapsed = 250
  const quiet = createQuietTime(250, 7500, async () => (measured++, 10))
  for (let left = 1; left > 0; elapsed += left) left = await quiet.left(() => elapsed)
  expect(elapsed).toBeCloseTo(2500, -1)
  expect(measured).toBeLessThan(8)
})
