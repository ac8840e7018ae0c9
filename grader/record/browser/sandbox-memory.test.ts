import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FoundBrowser } from './install/browser-places.ts'
import { forgoesSandbox, rememberToForgoSandbox } from './sandbox-memory.ts'

let found: FoundBrowser
beforeEach(() => {
  const stateDir = mkdtempSync(join(tmpdir(), 'state-'))
  found = {
    executablePath: '/usr/bin/chromium',
    kind: 'chromium',
    source: 'installed on this machine',
    env: {},
    stateDir,
  }
})
afterEach(() => rmSync(found.stateDir, { recursive: true, force: true }))

it('remembers for a day, for this browser only', () => {
  const noon = Date.parse('2026-11-22T12:00:00Z')
  const hours = (count: number) => noon + count * 3_600_000
  expect(forgoesSandbox(found, noon)).toBe(false)
  rememberToForgoSandbox(found, noon)
  rememberToForgoSandbox({ ...found, executablePath: '/usr/bin/google-chrome' }, hours(20))
  expect(forgoesSandbox(found, hours(23))).toBe(true)
  expect(forgoesSandbox(found, hours(25))).toBe(false)
  expect(forgoesSandbox({ ...found, executablePath: '/usr/bin/google-chrome' }, hours(25))).toBe(
    true,
  )
})

it('survives a damaged memory', () => {
  rememberToForgoSandbox(found)
  writeFileSync(join(found.stateDir, 'browser/without-sandbox.json'), '{"/usr')
  expect(forgoesSandbox(found)).toBe(false)
  rememberToForgoSandbox(found)
  expect(forgoesSandbox(found)).toBe(true)
})
