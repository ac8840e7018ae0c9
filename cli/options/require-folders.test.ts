import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireFolders } from './require-folders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folders-'))
  writeFileSync(join(folder, 'file'), '')
  mkdirSync(join(folder, 'folder'))
  symlinkSync('file', join(folder, 'link-to-file'))
  symlinkSync('folder', join(folder, 'link-to-folder'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const env = (home: string, work = 'work') => ({
  ROUNDTRIP_HOME: join(folder, home),
  ROUNDTRIP_WORK: join(folder, work),
})

test.each(['folder', 'link-to-folder', 'none/yet', 'folder/deeper'])('%s is fine', (name) => {
  expect(() => requireFolders(env(name, name))).not.toThrow()
})

test.each([
  ['file', 'is a file.'],
  ['link-to-file', 'is a file.'],
  ['file/deeper', 'which is a file.'],
  ['file/deeper/still', 'which is a file.'],
])('%s is named, with the variable that chose it', (name, words) => {
  for (const [variable, chosen] of [
    ['ROUNDTRIP_HOME', env(name)],
    ['ROUNDTRIP_WORK', env('state', name)],
  ] as const) {
    expect(() => requireFolders(chosen)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`${join(folder, name)} (${variable}) `),
        remedy: `Rename that file, or set ${variable} to a folder, then run this again.`,
      }),
    )
    expect(() => requireFolders(chosen)).toThrow(words)
  }
})
