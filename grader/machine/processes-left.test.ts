import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { processesLeft } from './processes-left.ts'

const NOBODY = 65_534
const limits = (most: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax processes             ${most.padEnd(21)}unlimited            processes `
const status = (uid: number, threads: number) =>
  `Name:\tnode\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nThreads:\t${threads}\n`

/** A `/proc` and `/sys/fs/cgroup` with these files. */
function left(files: Record<string, string>, most = 'unlimited', uid = NOBODY) {
  const root = mkdtempSync(join(tmpdir(), 'roundtrip-processes-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return processesLeft(limits(most), uid, join(root, 'proc'), join(root, 'cgroup'))
}

test('threads of this user count, and no others', () => {
  const files = {
    'proc/1/status': status(0, 50),
    'proc/7/status': status(NOBODY, 11),
    'proc/8/status': status(NOBODY, 20),
    'proc/meminfo': 'Uid:\t65534\nThreads:\t900\n',
  }
  expect(left(files, '60')).toEqual({ left: 29, limit: 'ulimit -u is 60' })
})

test('root is not limited', () => {
  expect(left({ 'proc/1/status': status(0, 50) }, '60', 0)).toBeNull()
})

test.each(['unlimited', '63000'])('nobody comes near %s', (most) => {
  expect(left({ 'proc/7/status': status(NOBODY, 11) }, most)).toBeNull()
})

test('a control group limits what is below it', () => {
  const files = {
    'proc/self/cgroup': '0::/user.slice/box\n',
    'cgroup/user.slice/pids.max': '100\n',
    'cgroup/user.slice/pids.current': '60\n',
    'cgroup/user.slice/box/pids.max': 'max\n',
    'cgroup/user.slice/box/pids.current': '5\n',
  }
  expect(left(files)).toEqual({ left: 40, limit: 'pids.max of its control group is 100' })
})

test('a container sees its own as the first', () => {
  const files = {
    'proc/self/cgroup': '0::/\n',
    'cgroup/pids.max': '30\n',
    'cgroup/pids.current': '12\n',
  }
  expect(left(files, '60')).toEqual({ left: 18, limit: 'pids.max of its control group is 30' })
})

test('nothing is known where the system shows nothing', () => {
  expect(left({})).toBeNull()
  expect(left({ 'proc/self/cgroup': '2:cpu:/\n' })).toBeNull()
})
