import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openInEditor } from './open-in-editor.ts'

const node = (script: string) => ({ name: 'my editor', command: process.execPath, args: ['-e', script, '--'] })

test('hands the files over as they are, and does not wait for the window', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'roundtrip-open-'))
  const told = join(folder, 'told.json')
  const script = `require('fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.argv.slice(1))); setTimeout(() => {}, 1500)`
  const odd = join(folder, '$(touch x); `y` "z" .ts')
  expect(await openInEditor([odd, '-rf'], node(script))).toBe('my editor')
  expect(JSON.parse(readFileSync(told, 'utf8'))).toEqual([odd, '-rf'])
  rmSync(folder, { recursive: true, force: true })
})

test.each([
  ['ends at once', node('process.exit(3)'), 'my editor ended at once, with exit code 3.'],
  ['is not there', { name: 'gone', command: '/no/such/editor', args: [] }, 'gone could not be started (ENOENT).'],
])('an editor that %s is told', async (_, editor, message) => {
  await expect(openInEditor(['x'], editor)).rejects.toMatchObject({ status: 409, message: expect.stringContaining(message) })
})

test('one that hands over to its window and ends is fine', async () => {
  expect(await openInEditor(['x'], node(''))).toBe('my editor')
})
