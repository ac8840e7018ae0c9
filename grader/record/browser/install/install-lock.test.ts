import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { statOf } from '../../../machine/proc.ts'
import { withInstallLock } from './install-lock.ts'

let folder: string
const told: string[] = []
const watched = { onProgress: ({ text }: { text: string }) => void told.push(text) }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
  told.length = 0
})
afterEach(() => void vi.restoreAllMocks())
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function leaveLock(holder: number | string, ageMs = 0): void {
  mkdirSync(join(folder, 'installing'))
  writeFileSync(join(folder, 'installing/pid'), String(holder))
  const then = new Date(Date.now() - ageMs)
  utimesSync(join(folder, 'installing'), then, then)
}

it('lets one in at a time, and tells the other why it waits', async () => {
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await sleep(50)
    inside--
  }
  await Promise.all([
    withInstallLock(folder, watched, work),
    withInstallLock(folder, watched, work),
  ])
  expect(most).toBe(1)
  expect(told).toHaveLength(1)
})

it('opens again when the work fails', async () => {
  await expect(
    withInstallLock(folder, watched, () => Promise.reject(new Error('disk full'))),
  ).rejects.toThrow('disk full')
  expect(existsSync(join(folder, 'installing'))).toBe(false)
})

it('takes over the lock of a process that has ended', async () => {
  leaveLock(spawnSync(process.execPath, ['--version']).pid)
  expect(await withInstallLock(folder, watched, async () => 'in')).toBe('in')
  expect(told).toEqual([])
})

it.runIf(process.platform === 'linux')(
  'takes over the lock of a process that has ended, though its pid is in use again',
  async () => {
    leaveLock(`${process.pid} 1`)
    expect(await withInstallLock(folder, watched, async () => 'in')).toBe('in')
    expect(told).toEqual([])
  },
)

it.each([0, 3_600_000, -3_600_000])(
  'takes over a lock without a sign of life while it waited, by a wall clock that is %i ms off',
  async (ms) => {
    leaveLock(process.pid, ms)
    const now = performance.now.bind(performance)
    const waiting = withInstallLock(folder, watched, async () => 'in')
    await vi.waitUntil(() => told.length > 0)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 30_000)
    expect(await waiting).toBe('in')
  },
)

it.each([3_600_000, -3_600_000])(
  'waits for one whose last sign is %i ms old, since the clock may have been set',
  async (ms) => {
    leaveLock(`${process.pid} ${statOf(process.pid).beganAt}`, ms)
    const signal = AbortSignal.timeout(50)
    const waiting = withInstallLock(folder, { ...watched, signal }, async () => 'in')
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' })
  },
)

it('stops waiting when it is told to', async () => {
  leaveLock(process.pid)
  const waiting = withInstallLock(
    folder,
    { ...watched, signal: AbortSignal.timeout(50) },
    async () => 'in',
  )
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' })
})
