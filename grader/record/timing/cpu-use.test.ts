import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { isBusy } from './cpu-use.ts'

const started: ReturnType<typeof spawn>[] = []
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')))

async function start(program: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', `console.log(1); ${program}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  started.push(child)
  await once(child.stdout!, 'data')
  return child.pid!
}

test('a loop is busy, also among others that want the processors', async () => {
  const pids = await Promise.all(Array.from({ length: 24 }, () => start('for (;;);')))
  expect(await isBusy(pids.at(-1)!)).toBe(true)
})

test('one that waits is not, and neither is one that is gone', async () => {
  const pid = await start('setInterval(() => {}, 100)')
  expect(await isBusy(pid)).toBe(false)
  expect(await isBusy(2 ** 22 + 1)).toBe(false)
})
