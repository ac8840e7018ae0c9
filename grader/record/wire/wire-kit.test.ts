import { describe, expect, test } from 'vitest'
import { impatient, patient } from '../../../testing/wire-of.ts'
import { createClock } from '../timing/clock.ts'
import type { Proxies } from './proxies.ts'
import type { Subscriber } from './recording-proxy.ts'
import { createWireKit } from './wire-kit.ts'

function kitOf(timeout = patient()) {
  const subscribers = new Set<Subscriber>()
  const proxies = {
    faults: {},
    subscribe(subscriber: Subscriber) {
      subscribers.add(subscriber)
      return () => void subscribers.delete(subscriber)
    },
  } as unknown as Proxies
  const kit = createWireKit(proxies, { clock: createClock(), timeout, giveUp: () => {} })
  return { kit, subscribers, traffic: () => subscribers.forEach((each) => each.traffic?.()) }
}

describe('until()', () => {
  test('asks at once when something crosses a wire', async () => {
    const { kit, traffic, subscribers } = kitOf()
    let asked = 0
    const found = kit.until(() => ++asked > 1 && 'twice')
    traffic()
    expect(asked).toBe(2)
    expect(await found).toBe('twice')
    expect(subscribers.size).toBe(0)
  })

  test('asks again where nothing crosses a wire', async () => {
    const { kit } = kitOf()
    let asked = 0
    expect(await kit.until(() => (++asked > 3 ? asked : null))).toBe(4)
  })

  test('gives null when the time is up, and asks no more', async () => {
    const { kit, subscribers } = kitOf(impatient())
    let asked = 0
    expect(
      await kit.until(() => {
        asked++
        return false
      }),
    ).toBeNull()
    expect(subscribers.size).toBe(0)
    const before = asked
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked).toBe(before)
  })

  test('fails with what its condition throws, also while bytes arrive', async () => {
    const { kit, traffic } = kitOf()
    let asked = 0
    const found = kit.until(() => {
      if (++asked > 1) throw new Error('boom')
      return undefined
    })
    expect(traffic).not.toThrow()
    await expect(found).rejects.toThrow('boom')
  })
})
