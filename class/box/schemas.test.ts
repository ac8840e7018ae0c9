import { expect, test } from 'vitest'
import type * as z from 'zod'
import type {
  CheckResult,
  Diagnosis,
  Exhibit,
  Finding,
  GradeEvent,
  Report,
} from '../../grader/index.ts'
import { fixtureReport } from '../../testing/sample-grading.ts'
import { event, report } from './schemas.ts'

type Keys<T> = T extends unknown ? keyof T : never
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
type OfReport = z.infer<typeof report>
type OfCheck = OfReport['checks'][number]

test('every property of the grader’s types has a place', () => {
  // What is new in a type and not here would be lost on the way out of a box.
  const complete: readonly true[] = [
    true satisfies Same<Keys<OfReport>, Keys<Report>>,
    true satisfies Same<Keys<OfCheck>, Keys<CheckResult>>,
    true satisfies Same<Keys<OfCheck['findings'][number]>, Keys<Finding>>,
    true satisfies Same<Keys<NonNullable<OfCheck['diagnosis']>>, Keys<Diagnosis>>,
    true satisfies Same<Keys<OfCheck['exhibits'][number]>, Keys<Exhibit>>,
    true satisfies Same<z.infer<typeof event>['type'], Exclude<GradeEvent['type'], 'finished'>>,
  ]
  expect(complete).not.toContain(false)
})

test('a report with all that one can carry stays as it is', () => {
  const whole = fixtureReport('0a1b2c3d', {
    byHand: { start: null, address: 'http://127.0.0.1:3000' },
    error: 'It erred.',
    notes: ['A note.'],
  })
  expect(report.parse(structuredClone(whole))).toEqual(whole)
})

test('what a type does not name does not come through', () => {
  const ready = { type: 'ready', ms: 1 }
  expect(event.parse({ ...ready, html: '<script>' })).toEqual(ready)
})
