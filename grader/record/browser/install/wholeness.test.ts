import { mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { rememberWhole, wholenessOf } from './wholeness.ts'

let parent: string
let folder: string
beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'whole-'))
  folder = join(parent, 'browser')
  mkdirSync(join(folder, 'lib'), { recursive: true })
  writeFileSync(join(folder, 'shell'), 'a browser')
  writeFileSync(join(folder, 'lib/library.so'), 'a library')
  await rememberWhole(folder)
})
afterEach(() => rmSync(parent, { recursive: true }))

it('is whole as it was remembered, also when it was moved', async () => {
  expect(await wholenessOf(folder)).toBe('whole')
  const moved = join(parent, 'moved')
  renameSync(folder, moved)
  expect(await wholenessOf(moved)).toBe('whole')
})

it.each([
  ['a file is cut off', () => truncateSync(join(folder, 'shell'), 4)],
  ['a file is another one', () => writeFileSync(join(folder, 'shell'), 'A browser')],
  ['a library is gone', () => rmSync(join(folder, 'lib/library.so'))],
  [
    'a file is in another place',
    () => renameSync(join(folder, 'shell'), join(folder, 'lib/shell')),
  ],
])('is damaged when %s', async (_, damage) => {
  damage()
  expect(await wholenessOf(folder)).toBe('damaged')
})

it.each([
  ['nothing was remembered', () => rmSync(join(folder, 'roundtrip-digest'))],
  ['there is no folder', () => rmSync(folder, { recursive: true })],
])('is unknown when %s', async (_, change) => {
  change()
  expect(await wholenessOf(folder)).toBe('unknown')
})
