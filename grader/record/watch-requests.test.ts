import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createClock } from './timing/clock.ts'
import { InconclusiveObservation } from '../types/errors.ts'
import { EPOCH, exchange } from '../../testing/exchange-builder.ts'
import type { Exchange } from '../types/index.ts'
import type { OnWatch, WatchOptions } from '../types/kit.ts'
import { watchRequests } from './watch-requests.ts'

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
      now: EPOCH,
    }),
)
afterEach(() => void vi.useRealTimers())

/**
 * Runs a watch over requests that leave at these seconds, each answered 20 ms later unless it is in
 * `unanswered`.
 */
async function watch(
  seconds: readonly number[],
  options: Partial<WatchOptions> = {},
  unanswered: readonly number[] = [],
) {
  const wire: Exchange[] = [exchange({ id: 1, target: '/start', at: 0, answeredAt: 0 })]
  seconds.forEach((at, index) => {
    const ping = (answered: boolean) =>
      exchange({
        id: index + 2,
        target: '/ping?x',
        at,
        ...(at < 10 && { cookie: 'a=b; token=x' }),
        ...(!answered && { status: null }),
      })
    setTimeout(() => (wire[index + 1] = ping(false)), at * 1000)
    if (!unanswered.includes(at)) setTimeout(() => (wire[index + 1] = ping(true)), at * 1000 + 20)
  })
  const told: Parameters<OnWatch>[0][] = []
  const watching = watchRequests(
    { path: '/ping', from: wire[0]!, seconds: 3, cookie: 'token', critical: [], ...options },
    {
      exchanges: () => wire.filter((each) => each !== undefined),
      clock: createClock(),
      signal: new AbortController().signal,
      onWatch: (progress) => told.push(progress),
    },
  )
  let ended: number | undefined
  let result: Exchange[] | Error = []
  watching
    .then(
      (pings) => (result = pings),
      (error: Error) => (result = error),
    )
    .finally(() => (ended = (Date.now() - EPOCH) / 1000))
  for (let step = 0; ended === undefined && step < 4000; step++)
    await vi.advanceTimersByTimeAsync(10)
  return { result: result as Exchange[] & Error, ended: ended!, told }
}

describe('watchRequests', () => {
  test('ends when as many requests as seconds were answered', async () => {
    const { result, ended } = await watch([1, 2, 3, 4, 5])
    expect(result.map(({ id }) => id)).toEqual([2, 3, 4])
    expect(ended).toBeLessThan(3.2)
  })

  test('does not end before the seconds are over, however many came', async () => {
    const { result, ended } = await watch([0.5, 1, 1.5, 2, 2.5, 2.9])
    expect([result.length, ended >= 3]).toEqual([6, true])
  })

  test('waits for a page that began late', async () => {
    const { result, ended } = await watch([3.2, 4.2, 5.2])
    expect(result).toHaveLength(3)
    expect(ended).toBeLessThan(5.4)
  })

  test('gives up a second later when the page fell silent', async () => {
    const { result, ended } = await watch([1])
    expect(result).toHaveLength(1)
    expect(ended).toBeGreaterThanOrEqual(4)
    expect(ended).toBeLessThan(4.2)
    expect((await watch([])).ended).toBeLessThan(4.2)
  })

  test('gives up five seconds later on one that asks too slowly', async () => {
    const { result, ended } = await watch([2, 4, 6, 8, 10], { seconds: 5 })
    expect(result).toHaveLength(5)
    expect(ended).toBeLessThan(10.2)
  })

  test('counts what left, answered or not, but waits for answers', async () => {
    const { result, ended } = await watch([1, 2, 3], {}, [2])
    expect(result.map(({ response }) => response !== null)).toEqual([true, false, true])
    expect(ended).toBeGreaterThan(4)
  })

  test('leaves out other paths, and what left before the answer it counts from', async () => {
    const { result } = await watch([0.5, 1, 2, 3], {
      from: exchange({ id: 1, target: '/start', at: 0.6, answeredAt: 0.8 }),
    })
    expect(result.map(({ id }) => id)).toEqual([3, 4, 5])
    expect((await watch([1, 2, 3], { path: '/pin' })).result).toEqual([])
  })

  test.each<[string, Exchange | null]>([
    ['no answer', exchange({ status: null })],
    ['no exchange', null],
  ])('gives nothing at once when there is %s to count from', async (_, from) => {
    const { result, ended } = await watch([1, 2, 3], { from })
    expect([result, ended < 0.1]).toEqual([[], true])
  })

  test('tells every request as it leaves', async () => {
    const { told } = await watch([1, 2, 3])
    expect(told.map(({ done, total, unit }) => [done, total, unit])).toEqual([
      [0, 3, 'requests'],
      [1, 3, 'requests'],
      [2, 3, 'requests'],
      [3, 3, 'requests'],
    ])
    expect(told.at(-1)!.chart).toEqual({
      kind: 'cookie-chart',
      label: 'token',
      seconds: 3,
      expiry: null,
      samples: [
        { at: 1, sent: true, exchange: 2 },
        { at: 2, sent: true, exchange: 3 },
        { at: 3, sent: true, exchange: 4 },
      ],
    })
  })

  test('tells the cookie by its whole name', async () => {
    const { told } = await watch([1, 11], { cookie: 'oken', seconds: 1 })
    expect(told.at(-1)!.chart.samples.map(({ sent }) => sent)).toEqual([false])
  })

  test('ends with the signal', async () => {
    const abort = new AbortController()
    const watching = watchRequests(
      { path: '/ping', from: exchange(), seconds: 1000, cookie: 'a', critical: [] },
      { exchanges: () => [], clock: createClock(), signal: abort.signal, onWatch: () => {} },
    )
    const outcome = watching.catch((error: Error) => error.message)
    await vi.advanceTimersByTimeAsync(500)
    abort.abort(new Error('stopped'))
    await vi.advanceTimersByTimeAsync(100)
    expect(await outcome).toBe('stopped')
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each<[string, WatchOptions['critical'], boolean]>([
    ['in a critical second', [[1, 2]], true],
    ['elsewhere', [[2, 2.9]], false],
  ])('is void when the machine stood still %s', async (_, critical, isVoid) => {
    // At second 1.2 a second passes in which nothing of this process runs.
    let lost = 0
    const clock = { now: () => Date.now() + lost, skew: () => 0, follow: () => 0 }
    setTimeout(() => (lost = 400), 1200)
    const wire = [1, 2, 3].map((at, index) => exchange({ id: index + 2, target: '/ping', at }))
    const watching = watchRequests(
      {
        path: '/ping',
        from: exchange({ at: 0, answeredAt: 0 }),
        seconds: 3,
        cookie: 'a',
        critical,
      },
      { exchanges: () => wire, clock, signal: new AbortController().signal, onWatch: () => {} },
    )
    const outcome = watching.then(
      () => 'held',
      (error: unknown) => (error instanceof InconclusiveObservation ? 'void' : error),
    )
    await vi.advanceTimersByTimeAsync(4000)
    expect(await outcome).toBe(isVoid ? 'void' : 'held')
  })
})
