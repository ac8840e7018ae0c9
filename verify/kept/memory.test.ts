import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openVerifyMemory } from './memory.ts'

test('a green run is remembered until something changes or more is asked', () => {
  const state = mkdtempSync(join(tmpdir(), 'roundtrip-memory-'))
  try {
    const fingerprint = { recorded: 'r', judged: 'j' }
    const run = { fingerprint, repeat: 3, slowed: false, at: '2026-11-22T10:00:00.000Z' }
    openVerifyMemory(state).keep('say-hello', run)
    const memory = openVerifyMemory(state)
    const wanted = { fingerprint, repeat: 1, slowed: false }
    expect(memory.unchangedSince('say-hello', wanted)).toEqual(run)
    for (const other of [
      { ...wanted, fingerprint: { ...fingerprint, recorded: 's' } },
      { ...wanted, fingerprint: { ...fingerprint, judged: 'k' } },
      { ...wanted, repeat: 4 },
      { ...wanted, slowed: true },
    ])
      expect(memory.unchangedSince('say-hello', other)).toBeNull()
    expect(memory.unchangedSince('other', wanted)).toBeNull()
    writeFileSync(join(state, 'green.json'), '{"broken')
    expect(openVerifyMemory(state).unchangedSince('say-hello', wanted)).toBeNull()
    // As an older Roundtrip wrote it.
    writeFileSync(join(state, 'green.json'), '{"say-hello":{"fingerprint":"f","repeat":9}}')
    expect(openVerifyMemory(state).unchangedSince('say-hello', wanted)).toBeNull()
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
})
