import type { ChildProcess } from 'node:child_process'
import diagnostics from 'node:diagnostics_channel'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { openInEditor } from './open-in-editor.ts'

afterEach(() => void vi.useRealTimers())

const node = (script: string) => ({
  name: 'my editor',
  command: process.execPath,
  args: ['-e', script, '--'],
})

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
  ['is ended by a signal', node('process.kill(process.pid, "SIGKILL")'), 'my editor ended at once'],
  [
    'is no program',
    { name: 'folder', command: import.meta.dirname, args: [] },
    'folder could not be started (E',
  ],
  // This one is thrown by the system's call, where others are told by an event.
  [
    'is below a file',
    { name: 'below', command: join(process.execPath, 'editor'), args: [] },
    'below could not be started (E',
  ],
  [
    'is not there',
    { name: 'gone', command: '/no/such/editor', args: [] },
    'gone could not be started (ENOENT).',
  ],
])('an editor that %s is told', async (_, editor, message) => {
  await expect(openInEditor(['x'], editor)).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining(message),
  })
})

test('one that hands over to its window and ends is fine', async () => {
  expect(await openInEditor(['x'], node(''))).toBe('my editor')
})

test.each([
  ['cannot be started', { name: 'gone', command: '/no/such/editor', args: [] }],
  ['cannot even be tried', { name: 'below', command: join(process.execPath, 'editor'), args: [] }],
  ['ended', node('')],
])('no timer is left behind by one that %s', async (_, editor) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await openInEditor(['x'], editor).catch(() => {})
  expect(vi.getTimerCount()).toBe(0)
})

test('what its process reports later, however often, ends nothing', async () => {
  const started: ChildProcess[] = []
  const note = (message: unknown) =>
    void started.push((message as { process: ChildProcess }).process)
  diagnostics.subscribe('child_process', note)
  await openInEditor(['x'], node(''))
  diagnostics.unsubscribe('child_process', note)
  expect(started).toHaveLength(1)
  for (const _ of [1, 2]) expect(started[0]!.emit('error', new Error('late'))).toBe(true)
})
