import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { markServed, servedOn } from './served-mark.ts'

let state: string
beforeEach(() => void (state = mkdtempSync(join(tmpdir(), 'roundtrip-served-'))))
afterEach(() => rmSync(state, { recursive: true }))

const served = { port: 4321, origin: 'https://course.example' }
const file = () => join(state, 'class/served.json')
/** Of no process: Linux and macOS give no number that high. */
const GONE = 4_194_305

test('says who serves a class, on its port alone and until it ends', () => {
  expect(servedOn(state, 4321)).toBeNull()
  const end = markServed(state, served)
  expect(servedOn(state, 4321)).toEqual({ pid: process.pid, ...served })
  expect(servedOn(state, 4322)).toBeNull()
  end()
  expect(servedOn(state, 4321)).toBeNull()
  expect(existsSync(file())).toBe(false)
})

test('does not take back what another server has noted since', () => {
  const end = markServed(state, served)
  const anothers = { pid: process.ppid, ...served }
  writeFileSync(file(), JSON.stringify(anothers))
  end()
  expect(servedOn(state, 4321)).toEqual(anothers)
})

test.each([
  ['a server that was killed', JSON.stringify({ pid: GONE, ...served })],
  ['half a file', '{"pid":'],
  ['an empty file', ''],
  ['another file', '[]'],
  ['no process', JSON.stringify({ pid: 0, ...served })],
  ['everybody', JSON.stringify({ pid: -1, ...served })],
])('believes nothing of %s', (_, text) => {
  markServed(state, served)
  writeFileSync(file(), text)
  expect(servedOn(state, 4321)).toBeNull()
})
