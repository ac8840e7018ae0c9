import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EPOCH, exchange } from '../../testing/exchange-builder.ts'
import type { Report } from '../../grader/types/index.ts'
import { writePictures } from './write-pictures.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'roundtrip-pictures-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const report: Report = {
  exercise: 'e',
  title: 'E',
  verdict: 'passed',
  checks: [],
  startedAt: new Date(EPOCH).toISOString(),
  durationMs: 1,
  run: 'r',
  program: 'p',
  notes: [],
}
const evidence = [
  {
    scenario: 'Chromium opens /',
    recorded: {},
    exchanges: [exchange({ id: 3, target: '/start' })],
    log: '',
    exit: null,
    remarks: [],
  },
]

test('each picture is a file, in a folder made for them', () => {
  const inside = join(folder, 'a/b')
  expect(writePictures(report, evidence, inside)).toBe(2)
  expect(readdirSync(inside)).toEqual(['connections-1.svg', 'sequence-1.svg'])
  expect(readFileSync(join(inside, 'sequence-1.svg'), 'utf8')).toContain('GET /start')
})

test('a folder that cannot be written is told in plain words', () => {
  writeFileSync(join(folder, 'taken'), '')
  expect(() => writePictures(report, evidence, join(folder, 'taken'))).toThrow(
    /a file stands where a folder is needed/,
  )
})
