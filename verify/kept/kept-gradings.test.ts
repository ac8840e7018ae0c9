import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Evidence, Report } from '../../grader/types/index.ts'
import { openKeptGradings, packed, type KeptGrading } from './kept-gradings.ts'

let state: string
beforeEach(() => (state = mkdtempSync(join(tmpdir(), 'roundtrip-kept-'))))
afterEach(() => rmSync(state, { recursive: true, force: true }))

const evidence: Evidence = {
  scenario: 'visit',
  recorded: { bytes: Uint8Array.of(0, 255), nothing: undefined },
  exchanges: [],
  log: '',
  exit: null,
  remarks: [],
}
const grading: KeptGrading = {
  report: { exercise: 'say-hello', verdict: 'failed' } as Report,
  evidence: [evidence],
  timed: true,
  ports: [40123],
}
const bytes = await packed(grading)
const one = new Map([['stub', bytes]])
const RECORDED = `${'0'.repeat(16)}${'1'.repeat(48)}`
const OTHER = 'f'.repeat(64)
const everyFile = () =>
  readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

test('what was kept comes back, as long as it was recorded from the same', () => {
  openKeptGradings(state).keep('say-hello', RECORDED, one)
  const kept = openKeptGradings(state)
  const { names, read } = kept.of('say-hello', RECORDED)
  expect([...names]).toEqual(['stub'])
  const back = read('stub')!
  expect(back.report).toEqual(grading.report)
  expect({ timed: back.timed, ports: back.ports }).toEqual({ timed: true, ports: [40123] })
  const { bytes: its, nothing } = back.evidence[0]!.recorded as Record<string, unknown>
  expect([...(its as Uint8Array)]).toEqual([0, 255])
  expect(nothing).toBeUndefined()
  expect(kept.of('say-hello', OTHER).names.size).toBe(0)
  expect(kept.of('say-bye', RECORDED).names.size).toBe(0)
})

test('what is graded anew replaces its own, and all that was recorded from something else', () => {
  const kept = openKeptGradings(state)
  kept.keep('say-hello', OTHER, one)
  kept.keep('say-hello', RECORDED, one)
  kept.keep('say-hello', RECORDED, new Map([['solution', bytes]]))
  expect(kept.of('say-hello', OTHER).names.size).toBe(0)
  expect([...kept.of('say-hello', RECORDED).names]).toEqual(['solution', 'stub'])
  expect(everyFile()).toHaveLength(2)
})

test('a verification that graded nothing leaves what is kept, whatever it is of', () => {
  const kept = openKeptGradings(state)
  kept.keep('say-hello', RECORDED, one)
  kept.keep('say-hello', OTHER, new Map())
  expect(kept.of('say-hello', RECORDED).names.size).toBe(1)
})

test('what cannot be read is not there', () => {
  const kept = openKeptGradings(state)
  kept.keep('say-hello', RECORDED, one)
  const [file] = everyFile()
  writeFileSync(join(file!.parentPath, file!.name), 'broken')
  expect(kept.of('say-hello', RECORDED).read('stub')).toBeUndefined()
})

test('what is kept of exercises that are gone is dropped, and nothing else', () => {
  const kept = openKeptGradings(state)
  kept.dropAllBut([])
  kept.keep('say-hello', RECORDED, one)
  kept.keep('say-bye', RECORDED, one)
  writeFileSync(join(state, 'note.txt'), 'mine')
  kept.dropAllBut(['say-hello'])
  expect(kept.of('say-hello', RECORDED).names.size).toBe(1)
  expect(kept.of('say-bye', RECORDED).names.size).toBe(0)
  expect(existsSync(join(state, 'note.txt'))).toBe(true)
})
