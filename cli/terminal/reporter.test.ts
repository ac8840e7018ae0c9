import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Report } from '../../grader/types/index.ts'
import { createReporter, type ReporterKind } from './reporter.ts'

const report: Report = {
  exercise: 'say-hello',
  title: 'Say hello',
  verdict: 'failed',
  checks: [],
  startedAt: '2026-11-22T10:15:03.000Z',
  durationMs: 812,
  run: '8f3100aa',
  program: 'work/say-hello/server.ts',
  notes: [],
}
const PROBLEM = 'The run was not kept: the disk is full.'

let out = ''
let err = ''
beforeEach(() => {
  out = err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))))
})
afterEach(() => vi.restoreAllMocks())

describe.each<ReporterKind>(['text', 'json', 'junit'])('a run, as %s', (kind) => {
  test.each([
    ['kept', null],
    ['not kept', PROBLEM],
  ])('that was %s', (_, problem) => {
    const reporter = createReporter(kind, false)
    reporter.onEvent({ type: 'finished', report })
    reporter.tellKept(report, problem)
    expect(out.includes('/runs/8f3100aa\n')).toBe(kind === 'text' && problem === null)
    expect(err).toBe(problem === null ? '' : `${PROBLEM}\n`)
  })
})
