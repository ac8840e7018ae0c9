import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BWRAP } from '../lines.ts'
import { testUser, withoutBox } from '../probes/run-probes.ts'
import { trialFolder } from '../trial/trial.ts'
import { examineBox, findUnusable, holesIn } from './examine-box.ts'
import type { Look } from './look.ts'
import { memoryRemark } from './memory-remark.ts'
import { thisSystem, whyBlocked, type System } from './why-blocked.ts'

const DENIED = 'bwrap: No permissions to create new namespace, likely because …'

/** A system with these files, and bubblewrap. */
const system = (files: Readonly<Record<string, string>> = {}): System => ({
  exists: (path) => path in files || path === BWRAP,
  read: (path) => files[path] ?? '',
})

describe.skipIf(withoutBox !== null)('on this machine', () => {
  test('both boxes start, and a look around finds nothing', async () => {
    const examined = await examineBox(thisSystem, () => testUser)
    expect(examined).toMatchObject({ good: true, says: 'both boxes start, and hold' })
  })

  test('the same look outside finds what is there', () => {
    const script = join(import.meta.dirname, 'look.ts')
    const seen = [trialFolder, '/not/there']
    const printed = execFileSync(process.execPath, [script, ...seen], { encoding: 'utf8' })
    const holes = holesIn(JSON.parse(printed))
    expect(holes).toContain(`reads ${trialFolder}`)
    expect(holes.join()).toMatch(/sees \d+ processes of others/)
    expect(holes.join()).not.toContain('/not/there')
  })

  test('for root, a user who is not there is a fault, and the command that makes one is named', async () => {
    const examined = await examineBox(thisSystem, () => {
      throw Object.assign(new Error('There is no user.'), { remedy: 'Make one:\n  useradd x' })
    })
    expect(examined).toEqual({
      good: false,
      says: 'There is no user.',
      remedy: ['Make one:', '  useradd x'],
    })
  })
})

test('each hole has its words', () => {
  const tight: Look = {
    read: [],
    written: [],
    processes: 2,
    interfaces: ['lo'],
    isRoot: false,
    nests: false,
  }
  expect(holesIn(tight)).toEqual([])
  const wide: Look = {
    read: ['/a'],
    written: ['/usr'],
    processes: 9,
    interfaces: ['lo', 'eth0'],
    isRoot: true,
    nests: true,
  }
  expect(holesIn(wide)).toEqual([
    'reads /a',
    'writes in /usr',
    'sees 7 processes of others',
    'has the network interface eth0',
    'is root',
    'becomes root of a namespace of its own',
  ])
})

describe('what a machine lacks', () => {
  test('bubblewrap, and how to install it', () => {
    const missing = findUnusable({ ...system(), exists: () => false }, () => '')
    expect(missing?.remedy.join()).toContain('apt install bubblewrap')
  })

  test.each([
    ['bubblewrap 0.6.1\n', false],
    ['bubblewrap 0.7.0\n', false],
    ['bubblewrap 0.8.0\n', true],
    ['bubblewrap 0.11.0\n', true],
    ['bubblewrap 1.0\n', true],
    ['', false],
  ])('a version that can do it: %j', (version, enough) => {
    expect(findUnusable(system(), () => version) === null).toBe(enough)
  })

  test.each([
    ['namespaces', { '/proc/sys/user/max_user_namespaces': '0' }, 'user.max_user_namespaces=15000'],
    [
      'namespaces for others than root',
      { '/proc/sys/kernel/unprivileged_userns_clone': '0' },
      'kernel.unprivileged_userns_clone=1',
    ],
    ['Docker’s leave', { '/.dockerenv': '' }, 'seccomp=unconfined'],
    ['Podman’s leave', { '/run/.containerenv': '' }, 'systempaths=unconfined'],
    [
      'an AppArmor profile',
      { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1' },
      'apparmor_parser -r',
    ],
    ['something unknown', {}, '--unshare-all'],
  ])('%s, and the command that gives it', (_, files, command) => {
    const { says, remedy } = whyBlocked(DENIED, system(files))
    expect(says).toMatch(/^[A-Zb].*\.|…$/)
    expect(remedy.filter((line) => line.startsWith('  ')).join('\n')).toContain(command)
  })

  test('what broke in the box is named, not the place where', () => {
    const complaint = 'node:fs:1410\n  const result = …\n\nError: EEXIST: /x\n    at mkdirSync'
    expect(whyBlocked(complaint, system({})).says).toBe(
      'bubblewrap does not start here. Error: EEXIST: /x',
    )
  })

  test('what is no matter of rights is shown as it was written', () => {
    const files = {
      '/.dockerenv': '',
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1',
    }
    const { says } = whyBlocked("bwrap: Can't find source path /x: No such file", system(files))
    expect(says).toBe(
      "bubblewrap does not start here. bwrap: Can't find source path /x: No such file",
    )
  })
})

describe('a limit of all memory', () => {
  const group = { '/proc/self/cgroup': '0::/system.slice/worker.service\n' }
  const of = (path: string) => `/sys/fs/cgroup/${path}/memory.max`

  test.each([
    ['none', {}, false],
    ['none in its group', { ...group, [of('system.slice/worker.service')]: 'max' }, false],
    ['its group’s', { ...group, [of('system.slice/worker.service')]: '2147483648' }, true],
    ['the one above’s', { ...group, [of('system.slice')]: '2147483648' }, true],
    ['version 1 only', { '/proc/self/cgroup': '4:memory:/worker\n' }, false],
  ])('%s', (_, files, limited) => {
    expect(memoryRemark(system(files)) === null).toBe(limited)
  })
})
