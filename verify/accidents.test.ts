import { describe, expect, test } from 'vitest'
import { check } from '../grader/judge/check.ts'
import { rule } from '../grader/judge/rule.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import { scenario } from '../grader/scenario.ts'
import type { CheckResult, Report } from '../grader/types/index.ts'
import { accidentProblems, unknownEarners } from './accidents.ts'

const visit = scenario('a visit', { record: async () => ({}) })
const checksWith = (alsoEarnedBy?: string[]): Checks =>
  new Map([
    [
      'greets',
      check('It greets', visit, {
        verify: () => {},
        diagnose: {
          'greets-nobody': rule({
            when: () => true,
            say: 'No.',
            ...(alsoEarnedBy && { alsoEarnedBy }),
          }),
        },
      }),
    ],
  ])
const earning = (id: string) =>
  ({
    checks: [{ id: 'greets', outcome: 'failed', diagnosis: { id, say: 'No.' } } as CheckResult],
  }) as unknown as Report

describe('a diagnosis that is earned by accident', () => {
  test('is refused, with what was said and the remedy', () => {
    expect(accidentProblems(checksWith(), earning('greets-nobody'), 'empty-200')).toEqual([
      "earns greets-nobody in greets: “No.” Make its rule's `when` stricter; where this is true of the program, too, add alsoEarnedBy: ['empty-200'] to the rule",
    ])
  })

  test('is right where the rule says so, for that program alone', () => {
    const checks = checksWith(['stub'])
    expect(accidentProblems(checks, earning('greets-nobody'), 'stub')).toEqual([])
    expect(accidentProblems(checks, earning('greets-nobody'), 'echo')).toHaveLength(1)
  })

  test('is not the author’s where the grader knows the fault itself', () => {
    expect(accidentProblems(checksWith(), earning('no-answer'), 'silent')).toEqual([])
  })
})

test('only programs that the gate has may be named', () => {
  expect(unknownEarners(checksWith(['stub', 'empty-200']), 'server')).toEqual([])
  const [problem] = unknownEarners(checksWith(['empty-20']), 'server')
  expect(problem).toMatch(
    /^the rule greets-nobody of greets says it is also earned by empty-20; that is none of stub, /,
  )
  expect(unknownEarners(checksWith(['empty-200']), 'page')).toHaveLength(1)
})
