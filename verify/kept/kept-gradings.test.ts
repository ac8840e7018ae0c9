import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Evidence, Report } from '../../grader/types/index.ts'
import { openKeptGradings, type KeptGrading } from './kept-gradings.ts'

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
const one = new Map([['stub', grading]])

test('what was kept comes back, as long as it was recorded from the same', async () => {
  await openKeptGradings(state).keep('say-hello', 'same', one)
  const kept = openKeptGradings(state)
  const [name, back] = [...kept.read('say-hello', 'same')][0]!
  expect(name).toBe('stub')
  expect(back.report).toEqual(grading.report)
  expect({ timed: back.timed, ports: back.ports }).toEqual({ timed: true, ports: [40123] })
  const { bytes, nothing } = back.evidence[0]!.recorded as Record<string, unknown>
  expect([...(bytes as Uint8Array)]).toEqual([0, 255])
  expect(nothing).toBeUndefined()
  expect(kept.read('say-hello', 'other').size).toBe(0)
  expect(kept.read('say-bye', 'same').size).toBe(0)
})

test('the last verification replaces the one before', async () => {
  const kept = openKeptGradings(state)
  await kept.keep('say-hello', 'before', one)
  await kept.keep('say-hello', 'now', new Map([['solution', grading]]))
  expect(kept.read('say-hello', 'before').size).toBe(0)
  expect([...kept.read('say-hello', 'now').keys()]).toEqual(['solution'])
})

test('what cannot be read is not there', async () => {
  const kept = openKeptGradings(state)
  await kept.keep('say-hello', 'same', one)
  const [file] = readdirSync(join(state, 'verified'))
  writeFileSync(join(state, 'verified', file!), 'broken')
  expect(kept.read('say-hello', 'same').size).toBe(0)
})

test('what is kept of exercises that are gone is dropped, and nothing else', async () => {
  const kept = openKeptGradings(state)
  kept.dropAllBut([])
  await kept.keep('say-hello', 'same', one)
  await kept.keep('say-bye', 'same', one)
  writeFileSync(join(state, 'verified', 'note.txt'), 'mine')
  kept.dropAllBut(['say-hello'])
  expect(kept.read('say-hello', 'same').size).toBe(1)
  expect(kept.read('say-bye', 'same').size).toBe(0)
  expect(existsSync(join(state, 'verified', 'note.txt'))).toBe(true)
})
