import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSecret } from './secret.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roundtrip-secret-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('it is drawn once, kept, and readable by its owner alone', () => {
  const state = join(folder, 'state')
  const secret = loadSecret(state)
  expect(secret).toMatch(/^[0-9a-f]{64}$/)
  expect(loadSecret(state)).toBe(secret)
  expect(statSync(join(state, 'secret')).mode & 0o777).toBe(0o600)
  expect(readdirSync(state)).toEqual(['secret'])
})

test('two folders have two', () => {
  expect(loadSecret(join(folder, 'a'))).not.toBe(loadSecret(join(folder, 'b')))
})

test('a damaged one is drawn anew', () => {
  writeFileSync(join(folder, 'secret'), 'half')
  const secret = loadSecret(folder)
  expect(secret).toMatch(/^[0-9a-f]{64}$/)
  expect(loadSecret(folder)).toBe(secret)
})
