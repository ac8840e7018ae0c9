import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newProfile, sweepProfiles } from './browser-profile.ts'

let parent: string
beforeEach(() => void (parent = mkdtempSync(join(tmpdir(), 'profiles-'))))
afterEach(() => rmSync(parent, { recursive: true, force: true }))

it('makes a folder for this user alone, and removes it with what is in it', async () => {
  const profile = newProfile(parent)
  expect(statSync(profile.folder).mode & 0o777).toBe(0o700)
  mkdirSync(join(profile.folder, 'Default'))
  writeFileSync(join(profile.folder, 'Default/Cookies'), '')
  await profile.remove()
  expect(existsSync(profile.folder)).toBe(false)
})

it('sweeps what a process that has ended left behind, and nothing else', async () => {
  const mine = newProfile(parent)
  const ended = spawnSync(process.execPath, ['--version']).pid
  const name = (pid: number, suffix: string) =>
    basename(mine.folder).replace(/\d+-[^-]+$/, `${pid}-${suffix}`)
  mkdirSync(join(parent, name(ended, 'aaaaaa'), 'Default'), { recursive: true })
  mkdirSync(join(parent, `roundtrip-browser-another_machine-${ended}-bbbbbb`))
  mkdirSync(join(parent, 'somebody-elses-folder'))
  await sweepProfiles(parent)
  expect(readdirSync(parent).toSorted()).toEqual(
    [
      basename(mine.folder),
      `roundtrip-browser-another_machine-${ended}-bbbbbb`,
      'somebody-elses-folder',
    ].toSorted(),
  )
})
