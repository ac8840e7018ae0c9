import { describe, expect, test } from 'vitest'
import type { CheckResult, Report, Verdict } from '../grader/types/index.ts'
import {
  failureProblems,
  mutantProblems,
  solutionProblems,
  unreadable,
  verdictChanges,
} from './verdicts.ts'

const finding = { claim: 'c', expected: 'e', received: 'r', holds: false }

function result(id: string, outcome: CheckResult['outcome'], diagnosis?: string): CheckResult {
  return {
    id,
    title: id,
    outcome,
    findings: outcome === 'failed' ? [finding] : [],
    exhibits: [],
    reproduce: [],
    atMs: 0,
    ...(diagnosis && { diagnosis: { id: diagnosis, say: 'So.' } }),
  }
}

function report(verdict: Verdict, ...checks: CheckResult[]): Report {
  return {
    exercise: 'x',
    title: 'X',
    verdict,
    checks,
    startedAt: '',
    durationMs: 0,
    run: 'r',
    program: 'p',
    notes: [],
  }
}

describe('a mutant', () => {
  test('earns exactly its diagnosis, on the failure shown first', () => {
    expect(
      mutantProblems(
        report('failed', result('a', 'passed'), result('b', 'failed', 'late')),
        'late',
      ),
    ).toEqual([])
    expect(
      mutantProblems(
        report('failed', result('b', 'failed', 'late'), result('c', 'failed')),
        'late',
      ),
    ).toEqual([])
  })
  test('that passes, earns another one, none, or two', () => {
    expect(mutantProblems(report('passed', result('a', 'passed')), 'late')).toEqual([
      'should fail with late, but was passed',
    ])
    expect(mutantProblems(report('failed', result('a', 'failed', 'early')), 'late')).toEqual([
      'should earn exactly late, but earned early (first failed: a)',
    ])
    expect(mutantProblems(report('failed', result('a', 'failed')), 'late')).toEqual([
      'should earn exactly late, but earned no diagnosis (first failed: a)',
    ])
    expect(
      mutantProblems(
        report('failed', result('a', 'failed', 'late'), result('b', 'failed', 'early')),
        'late',
      ),
    ).toEqual(['should earn exactly late, but earned late, early (first failed: a)'])
  })
  test('whose claim and diagnosis are about different exchanges', () => {
    const about = (failedOn: number, exchange: number) =>
      mutantProblems(
        report('failed', {
          ...result('a', 'failed'),
          failedOn,
          diagnosis: { id: 'late', say: 'So.', exchange },
        }),
        'late',
      )
    expect(about(3, 3)).toEqual([])
    expect(about(3, 4)).toEqual([
      'earned late, but in a the claim failed on exchange 3 and the rule found exchange 4',
    ])
  })
  test('whose diagnosis stands below a failure without one', () => {
    expect(
      mutantProblems(
        report('failed', result('a', 'failed'), result('b', 'failed', 'late')),
        'late',
      ),
    ).toEqual(['earned late, but the failure shown first is a, which has no diagnosis'])
  })
})

test('a solution that does not pass is told with the checks', () => {
  expect(solutionProblems(report('passed', result('a', 'passed')))).toEqual([])
  expect(solutionProblems(report('failed', result('a', 'failed'), result('b', 'skipped')))).toEqual(
    ['should pass, but a failed, b skipped'],
  )
  expect(solutionProblems(report('errored'))).toEqual(['should pass, but was errored'])
})

test('a stub or junk program that passes or errs', () => {
  expect(failureProblems(report('failed'))).toEqual([])
  expect(failureProblems(report('passed'))).toEqual(['should fail, but was passed'])
})

test('errors and failures without a reason are told of every run', () => {
  const mute = { ...result('a', 'failed'), findings: [] }
  const erred = { ...result('b', 'errored'), error: 'boom (x/checks.ts line 3)' }
  expect(unreadable({ ...report('errored', mute, erred), error: 'No browser.' })).toEqual([
    'the grading erred: No browser.',
    'b erred: boom (x/checks.ts line 3)',
    'a failed without a reason',
  ])
})

test('two runs that differ', () => {
  const first = report('failed', result('a', 'passed'), result('b', 'failed', 'late'))
  expect(
    verdictChanges(first, report('failed', result('a', 'passed'), result('b', 'failed', 'late'))),
  ).toEqual([])
  expect(
    verdictChanges(first, report('failed', result('a', 'failed'), result('b', 'failed', 'early'))),
  ).toEqual(['a was passed, now failed', 'b was failed with late, now failed with early'])
  expect(verdictChanges(first, { ...report('errored'), error: 'No browser.' })).toEqual([
    'was failed, now errored: No browser.',
  ])
})
