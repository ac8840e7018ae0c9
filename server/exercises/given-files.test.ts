import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { givenFiles } from './given-files.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'roundtrip-given-files-'))
  mkdirSync(join(dir, 'given/lib'), { recursive: true })
  writeFileSync(join(dir, 'given/lib/bank.ts'), 'export const charge = 1\n')
  writeFileSync(join(dir, 'given/notes.txt'), 'a < b\n')
  writeFileSync(join(dir, 'index.html'), '<!doctype html>\n<p>hello\n')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('what is given beside the learner’s files', () => {
  const given = ['lib/bank.ts', 'notes.txt']

  test('is shown line by line, in the colours of its language', async () => {
    const [bank, notes] = await givenFiles({ id: 'pay', kind: 'server', dir, given })
    expect(bank).toEqual({
      title: 'lib/bank.ts',
      lines: ['export const charge = 1'],
      highlighted: [expect.stringMatching(/<span class="[^"]+">export const <\/span>/)],
    })
    expect(notes).toEqual({ title: 'notes.txt', lines: ['a < b'], highlighted: ['a &lt; b'] })
  })

  test('includes the document of a page, and of no server', async () => {
    const names = async (kind: 'page' | 'server') =>
      (await givenFiles({ id: 'pay', kind, dir, given })).map(({ title }) => title)
    expect(await names('page')).toEqual(['index.html', ...given])
    expect(await names('server')).toEqual(given)
  })

  test('is nothing where nothing is', async () => {
    expect(await givenFiles({ id: 'pay', kind: 'server', dir })).toEqual([])
  })
})
