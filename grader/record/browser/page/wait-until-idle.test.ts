import { tmpdir } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import { waitUntilIdle } from './wait-until-idle.ts'
import { startProcessGroup, type ProcessGroup } from '../../program/processes/process-group.ts'

const started: ProcessGroup[] = []
afterEach(async () => void (await Promise.all(started.splice(0).map((group) => group.end()))))

async function start(command: string, ...args: string[]): Promise<ProcessGroup> {
  const group = await startProcessGroup(command, args, {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] },
    clock: createClock(),
  })
  started.push(group)
  return group
}

async function printed(group: ProcessGroup, text: string): Promise<void> {
  while (!group.log.text().includes(text)) await new Promise((resolve) => setTimeout(resolve, 5))
}

const WORKS =
  "setTimeout(() => { console.log('working'); for (const end = Date.now() + 100; Date.now() < end; ); console.log('done') }, 50); setInterval(() => {}, 1000)"

test.skipIf(process.platform !== 'linux')(
  'a program that works is not idle until it has done',
  async () => {
    const group = await start(process.execPath, '--eval', WORKS)
    await printed(group, 'working')
    await waitUntilIdle(group)
    await printed(group, 'done')
    expect(group.exit()).toBeNull()
  },
)

test.skipIf(process.platform !== 'linux')('what a command started counts as well', async () => {
  const group = await start('/bin/sh', '-c', `"$0" --eval "$1" & wait`, process.execPath, WORKS)
  await printed(group, 'working')
  await waitUntilIdle(group)
  expect(group.log.text()).toContain('done')
})

test('a program that ended is idle with its output read', async () => {
  const group = await start(process.execPath, '--eval', "console.error('late'); process.exit(3)")
  await group.exited
  await waitUntilIdle(group)
  expect([group.exit()?.code, group.log.text()]).toEqual([3, 'late\n'])
})

test('a command that leaves something running has handed over, one that crashed has not', async () => {
  const peaceful = await start('/bin/sh', '-c', 'sleep 30 & exit 0')
  const crashed = await start('/bin/sh', '-c', 'sleep 30 & exit 3')
  const alone = await start('/bin/sh', '-c', 'exit 0')
  await Promise.all([peaceful.exited, crashed.exited, alone.exited])
  expect([peaceful, crashed, alone].map((group) => group.handedOver())).toEqual([
    true,
    false,
    false,
  ])
})
