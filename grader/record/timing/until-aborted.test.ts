import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { onAbort, untilAborted } from './until-aborted.ts'

const never = new Promise<never>(() => {})

it('settles as the work does', async () => {
  const { signal } = new AbortController()
  expect(await untilAborted(signal, Promise.resolve(1))).toBe(1)
  expect(await untilAborted(undefined, Promise.resolve(2))).toBe(2)
  await expect(untilAborted(signal, Promise.reject(new Error('no')))).rejects.toThrow('no')
})

it.each([
  ['before', (stop: AbortController) => stop.abort(new Error('Stopped.'))],
  ['later', (stop: AbortController) => void sleep(5).then(() => stop.abort(new Error('Stopped.')))],
])('rejects with the reason of a signal that is aborted %s', async (_, abort) => {
  const stop = new AbortController()
  abort(stop)
  await expect(untilAborted(stop.signal, never)).rejects.toThrow('Stopped.')
})

it('calls the listener once, and not after it was released', () => {
  const heard: unknown[] = []
  const [early, late, released] = [
    AbortSignal.abort('early'),
    new AbortController(),
    new AbortController(),
  ]
  onAbort(early, (reason) => heard.push(reason))
  onAbort(late.signal, (reason) => heard.push(reason))
  late.abort('late')
  onAbort(released.signal, (reason) => heard.push(reason))()
  released.abort('released')
  expect(heard).toEqual(['early', 'late'])
})
