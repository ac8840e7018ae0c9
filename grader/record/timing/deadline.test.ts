import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createAdaptiveTimeout,
  settlesWithin,
  until,
  wheneverWithin,
  type Subscribe,
} from './deadline.ts'

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
    }),
)
afterEach(() => void vi.useRealTimers())

const after = <Value>(ms: number, value: Value) =>
  new Promise<Value>((resolve) => setTimeout(resolve, ms, value))
const machine = (slowness: () => Promise<number>) => ({ slowness, isLoaded: () => false })
const quiet = () => createAdaptiveTimeout(machine(async () => 1))
/** The value, and how many milliseconds it took. */
async function timed<Value>(work: Promise<Value>): Promise<[Value, number]> {
  const startedAt = performance.now()
  let over: [Value, number] | undefined
  void work.then((value) => (over = [value, performance.now() - startedAt]))
  while (!over) await vi.advanceTimersByTimeAsync(10)
  return over
}

describe('until', () => {
  test('gives the value as soon as there is one', async () => {
    let value: string | undefined
    setTimeout(() => (value = 'there'), 95)
    const [found, ms] = await timed(until(1000, () => value))
    expect(found).toBe('there')
    expect(ms).toBeLessThan(150)
  })

  test('takes any value but undefined', async () => {
    expect(await until(0, () => null)).toBeNull()
    expect(await until(0, () => false)).toBe(false)
  })

  test('gives up when the time is up, having looked once at least', async () => {
    let looks = 0
    expect(
      (
        await timed(
          until(100, () => {
            looks++
            return undefined
          }),
        )
      )[0],
    ).toBeUndefined()
    expect(looks).toBeGreaterThan(5)
    expect(await until(0, () => 'at once')).toBe('at once')
  })

  test('a condition may take its time to look', async () => {
    const looks = [undefined, undefined, 'there'].values()
    const [found] = await timed(until(1000, async () => looks.next().value))
    expect(found).toBe('there')
    expect(await until(0, async () => undefined)).toBeUndefined()
  })
})

describe.each([
  [
    'wheneverWithin',
    (subscribe: Subscribe, condition: () => string | undefined) =>
      wheneverWithin(4000, subscribe, condition),
  ],
  [
    'timeout.whenever',
    (subscribe: Subscribe, condition: () => string | undefined) =>
      quiet().whenever(subscribe, condition),
  ],
])('%s', (_, whenever) => {
  const changes = () => {
    const asks = new Set<() => void>()
    const subscribe = (ask: () => void) => {
      asks.add(ask)
      return () => void asks.delete(ask)
    }
    return { asks, subscribe, change: () => asks.forEach((ask) => ask()) }
  }

  test('gives the first value, at once or at a change, and listens no more', async () => {
    const { asks, subscribe, change } = changes()
    expect(await whenever(subscribe, () => 'there already')).toBe('there already')
    let value: string | undefined
    const found = whenever(subscribe, () => value)
    change()
    value = 'there'
    change()
    expect(asks.size).toBe(0)
    expect(await found).toBe('there')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('leaves no listener and no timer when the time is up', async () => {
    const { asks, subscribe, change } = changes()
    const [found] = await timed(whenever(subscribe, () => undefined))
    expect(found).toBeUndefined()
    expect(asks.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    change()
  })

  test('rejects where the condition throws, at a change too, and listens no more', async () => {
    const { asks, subscribe, change } = changes()
    const boom = () => {
      throw new Error('boom')
    }
    await expect(whenever(subscribe, boom)).rejects.toThrow('boom')
    let throwing = () => {}
    const found = whenever(subscribe, () => throwing() as undefined)
    throwing = boom
    expect(change).not.toThrow()
    expect(asks.size).toBe(0)
    await expect(found).rejects.toThrow('boom')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('timeout', () => {
  test('gives what comes in time', async () => {
    expect(await timed(quiet().within(after(3900, 'answer'), null))).toEqual(['answer', 3900])
  })

  test('waits four seconds, and then only one', async () => {
    const timeout = quiet()
    expect(await timed(timeout.within(after(60_000, 'answer'), 'nothing'))).toEqual([
      'nothing',
      4000,
    ])
    expect(await timed(timeout.within(after(60_000, 'answer'), 'nothing'))).toEqual([
      'nothing',
      1000,
    ])
    expect(await timed(timeout.within(after(900, 'answer'), 'nothing'))).toEqual(['answer', 900])
  })

  test('is lost when somebody says so', async () => {
    const timeout = quiet()
    timeout.lost()
    expect(await timed(timeout.within(after(60_000, 'answer'), 'nothing'))).toEqual([
      'nothing',
      1000,
    ])
  })

  test('is longer on a machine that is slow at the moment', async () => {
    expect(
      await timed(
        createAdaptiveTimeout(machine(async () => 3)).within(after(11_000, 'answer'), 'nothing'),
      ),
    ).toEqual(['answer', 11_000])
    expect(
      await timed(
        createAdaptiveTimeout(machine(async () => 3)).within(after(13_000, 'answer'), 'nothing'),
      ),
    ).toEqual(['nothing', 12_000])
    expect(
      (
        await timed(
          createAdaptiveTimeout(machine(async () => 1000)).within(
            after(60_000, 'answer'),
            'nothing',
          ),
        )
      )[1],
    ).toBe(30_000)
  })

  test('is longer only as long as the machine is slow', async () => {
    const moment = [7, 1]
    const once = createAdaptiveTimeout(machine(async () => moment.shift() ?? 1))
    const [found, ms] = await timed(once.within(after(60_000, 'answer'), 'nothing'))
    expect(found).toBe('nothing')
    expect(ms).toBeGreaterThan(7000)
    expect(ms).toBeLessThan(9000)
  })

  test('takes what comes while the machine is measured', async () => {
    const measuring = createAdaptiveTimeout(machine(() => after(500, 1)))
    expect((await timed(measuring.within(after(4300, 'answer'), 'nothing')))[0]).toBe('answer')
  })

  test('is a part of its usual length where that is enough', async () => {
    const quarter = createAdaptiveTimeout({ ...machine(async () => 1), share: 0.25 })
    expect(await timed(quarter.within(after(60_000, 'answer'), 'nothing'))).toEqual([
      'nothing',
      1000,
    ])
    expect(await timed(quarter.within(after(60_000, 'answer'), 'nothing'))).toEqual([
      'nothing',
      250,
    ])
  })

  test('lets a failure through, and a late one vanish', async () => {
    await expect(quiet().within(Promise.reject(new Error('no')), null)).rejects.toThrow('no')
    const late = quiet().within(
      after(5000, null).then(() => Promise.reject(new Error('late'))),
      'nothing',
    )
    expect((await timed(late))[0]).toBe('nothing')
    await vi.advanceTimersByTimeAsync(2000)
  })
})

test.each([
  ['work that ends in time', () => after(900, null), true],
  ['work that fails in time', () => Promise.reject(new Error('no')), true],
  ['work that is late', () => after(1100, null), false],
  ['work that never ends', () => new Promise(() => {}), false],
])('%s', async (_, work, isInTime) => {
  const settles = settlesWithin(1000, work())
  await vi.advanceTimersByTimeAsync(1200)
  expect(await settles).toBe(isInTime)
})
