import { expect, test } from 'vitest'
import type { CookieChart, Report } from '../grader/types/index.ts'
import { decodeReport } from './decode-report.ts'

const chart: CookieChart = {
  kind: 'cookie-chart',
  label: 'ribbon',
  seconds: 15,
  samples: [],
  expiry: null,
}
const report = { checks: [{ title: '"kind":"ribbon"', exhibits: [chart] }] } as unknown as Report

test.each<[string, number | undefined]>([
  ['a run', 2],
  ['a submission', undefined],
])('a cookie chart that was kept under its older name is one, in %s', (_, indent) => {
  const kept = JSON.stringify(report, null, indent).replace('cookie-chart', 'ribbon')
  expect(decodeReport(kept)).toEqual(report)
})

test('a report of today comes back as it was', () => {
  expect(decodeReport(JSON.stringify(report))).toEqual(report)
})
