import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { resolvePaths } from '../../course/paths.ts'
import { readingAddress } from './reading-place.ts'
import { notedReadingPort, noteReadingPort } from './reading-port.ts'

const state = mkdtempSync(join(tmpdir(), 'roundtrip-port-'))
const paths = resolvePaths({ ROUNDTRIP_HOME: state })
const file = join(state, 'reading-port.json')
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(state, { recursive: true, force: true })
})

test('who serves the pages is known as long as it serves them', () => {
  vi.stubEnv('ROUNDTRIP_HOME', state)
  vi.stubEnv('PORT', '')
  const forget = noteReadingPort(paths, 4362)
  expect([notedReadingPort(paths), readingAddress()]).toEqual([4362, 'http://localhost:4362'])
  vi.stubEnv('PORT', '5000')
  expect(readingAddress()).toBe('http://localhost:5000')
  vi.stubEnv('PORT', '')
  forget()
  expect([notedReadingPort(paths), readingAddress()]).toEqual([null, 'http://localhost:4321'])
})

test('the note of another server is left to it', () => {
  const forget = noteReadingPort(paths, 4362)
  writeFileSync(file, JSON.stringify({ port: 4363, pid: process.ppid }))
  forget()
  expect(notedReadingPort(paths)).toBe(4363)
})

test.each([
  ['of one that is gone', '{"port":4362,"pid":4194305}'],
  ['that is none', '{'],
  ['without a port', `{"pid":${process.pid}}`],
  ['of nothing', 'null'],
])('a note %s says nothing', (_, text) => {
  noteReadingPort(paths, 1)
  writeFileSync(file, text)
  expect(notedReadingPort(paths)).toBe(null)
})

test('what cannot be noted is no error', () => {
  const nowhere = { ...paths, state: '/dev/null/x' }
  noteReadingPort(nowhere, 4362)()
  expect(notedReadingPort(nowhere)).toBe(null)
})
