import { describe, expect, test } from 'vitest'
import { fixtureCheck, fixtureReport } from '../../testing/sample-grading.ts'
import type { CheckResult, Report } from '../../grader/types/index.ts'
import { sinceLastRun } from './way-on.ts'

const outcomes = { p: 'passed', f: 'failed', s: 'skipped' } as const

/** The report of a run by a letter for each check: passed, failed, skipped. */
const report = (letters: string, changes: Partial<Report> = {}): Report =>
  fixtureReport('8f3100aa', {
    checks: Array.from(letters, (letter, index): CheckResult => {
      return fixtureCheck({ id: `check-${index}`, outcome: outcomes[letter as 'p' | 'f' | 's'] })
    }),
    ...changes,
  })

describe('since the last run', () => {
  test.each([
    ['fpss', 'pppf', 'Since the last run: 2 pass now.'],
    ['fpss', 'ppfs', 'Since the last run: 1 passes now.'],
    ['fppp', 'pppf', 'Since the last run: 1 passes now, 1 broke.'],
    ['pppp', 'ppfs', 'Since the last run: 2 broke.'],
    ['ppfs', 'ppff', 'Since the last run: no check changed.'],
  ])('%s, then %s', (before, now, words) =>
    expect(sinceLastRun(report(before), report(now))).toBe(words),
  )

  test('says nothing of the first run, nor of one that was not judged', () => {
    expect(sinceLastRun(undefined, report('pf'))).toBeUndefined()
    expect(sinceLastRun(report('', { verdict: 'errored' }), report('pf'))).toBeUndefined()
    expect(sinceLastRun(report('pf'), report('', { verdict: 'errored' }))).toBeUndefined()
  })
})
