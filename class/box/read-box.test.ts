import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeEvidence, type GradeEvent, type Report } from '../../grader/index.ts'
import { fixtureReport } from '../../testing/sample-grading.ts'
import { readBox, type BoxOutcome } from './read-box.ts'
import { trialJob } from './trial/trial.ts'

const RUN = '0a1b2c3d'
const job = { ...trialJob(), run: RUN }
const right = fixtureReport(RUN, { exercise: 'trial', verdict: 'passed' })

/** What is read of these lines, and the events among them. */
function read(...lines: unknown[]): { outcome: BoxOutcome | undefined; events: GradeEvent[] } {
  const events: GradeEvent[] = []
  const reader = readBox(job, (event) => events.push(event))
  let outcome: BoxOutcome | undefined
  for (const line of lines) outcome = reader(typeof line === 'string' ? line : JSON.stringify(line))
  return { outcome, events }
}

function resultOf(report: unknown, evidence = gzipSync(encodeEvidence([]))): unknown[] {
  const packed = gzipSync(JSON.stringify(report))
  const base64 = packed.toString('base64')
  // Cut where base64 may be cut.
  const half = Math.floor(base64.length / 8) * 4
  return [
    { part: 'report', base64: base64.slice(0, half) },
    { part: 'evidence', base64: evidence.toString('base64') },
    { part: 'report', base64: base64.slice(half) },
    { end: { report: packed.length, evidence: evidence.length } },
  ]
}

test('a result in pieces is put together, and events before it are passed on', () => {
  const ready = { type: 'ready', ms: 12 }
  const { outcome, events } = read({ event: ready }, ...resultOf(right))
  expect(outcome).toMatchObject({ kind: 'graded', grading: { report: right, evidence: [] } })
  expect(events).toEqual([ready])
})

describe('is taken for forged', () => {
  const [report, evidence, more, end] = resultOf(right)
  test.each<[what: string, ...lines: unknown[]]>([
    ['text', 'bwrap: hello'],
    ['half a line', '{"event":{"type":"ready"'],
    ['an empty line', ''],
    ['a line of another shape', { verdict: 'passed' }],
    ['two shapes at once', { event: { type: 'ready', ms: 1 }, broken: 'x' }],
    ['an event that a report is in', { event: { type: 'finished', report: right } }],
    ['an event of no kind', { event: { type: 'ended' } }],
    ['an event with a wrong value', { event: { type: 'ready', ms: '1' } }],
    ['a part that is not base64', { part: 'report', base64: '<script>' }],
    ['a part of nothing', { part: 'files', base64: 'AAAA' }],
    ['an end without a result', { end: { report: 10, evidence: 10 } }],
    ['a result that lacks a piece', report, evidence, end],
    ['a result with a piece more', report, evidence, more, more, end],
    ['a report that is no report', ...resultOf({ verdict: 'passed' })],
    ['a report of another exercise', ...resultOf({ ...right, exercise: 'capstone' })],
    ['a report of another run', ...resultOf({ ...right, run: 'ffffffff' })],
    ['a run that is a path', ...resultOf({ ...right, run: '../../etc' })],
    [
      'a report that is not gzipped',
      { part: 'report', base64: 'AAAA' },
      { end: { report: 3, evidence: 0 } },
    ],
    ['evidence that is no evidence', ...resultOf(right, gzipSync('[{"a":1'))],
  ])('%s', (_, ...lines) => {
    expect(read(...lines).outcome).toMatchObject({ kind: 'failed', why: 'forged' })
  })
})

test('nothing that comes after a forged line counts', () => {
  const { outcome, events } = read(
    'forged',
    { event: { type: 'ready', ms: 1 } },
    ...resultOf(right),
  )
  expect(outcome).toMatchObject({ why: 'forged' })
  expect(events).toEqual([])
})

test('a small result that unpacks to a large one is not unpacked', () => {
  const bomb = gzipSync(Buffer.alloc(200_000_000, 32))
  expect(bomb.length).toBeLessThan(300_000)
  expect(read(...resultOf(right, bomb)).outcome).toMatchObject({ why: 'oversized' })
})

test('an errored verdict is no verdict, and says why', () => {
  const errored: Report = { ...right, verdict: 'errored', error: 'The browser did not start.' }
  expect(read(...resultOf(errored)).outcome).toEqual({
    kind: 'failed',
    why: 'erred',
    message: 'The browser did not start.',
  })
  const [check] = right.checks
  const byCheck = {
    ...right,
    verdict: 'errored',
    checks: [{ ...check, outcome: 'errored', error: 'No.' }],
  }
  expect(read(...resultOf(byCheck)).outcome).toMatchObject({ why: 'erred', message: 'No.' })
})

test('a box that finds itself wanting is broken', () => {
  const says = 'The browser did not start with its own sandbox.'
  expect(read({ broken: says }).outcome).toEqual({ kind: 'failed', why: 'broken', message: says })
})
