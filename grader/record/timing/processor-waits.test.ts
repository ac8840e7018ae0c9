import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { addUpWaits } from './processor-waits.ts'

const started: ReturnType<typeof spawn>[] = []
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')))

function start(program: string) {
  const child = spawn(process.execPath, ['-e', program], { stdio: 'ignore' })
  started.push(child)
  return child
}

test('loops that share the processors wait for one another, and one that sleeps for nobody', async () => {
  const loops = Array.from({ length: 24 }, () => start('for (;;);').pid!)
  const sleeper = start('setInterval(() => {}, 1000)').pid!
  const ofLoops = addUpWaits(() => loops)
  const ofSleeper = addUpWaits(() => [sleeper])
  await vi.waitUntil(() => ofLoops() > 4000, { timeout: 30_000 })
  expect(ofSleeper()).toBeLessThan(ofLoops())
})

test('what has ended is not forgotten, and what is not there never waited', async () => {
  const child = start('for (;;);')
  start('for (;;);')
  start('for (;;);')
  const waits = addUpWaits(() => [child.pid!, 2 ** 22 + 1])
  const before = await vi.waitUntil(() => waits(), { timeout: 30_000 })
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(waits()).toBeGreaterThanOrEqual(before)
})
