import type { CheckResult, Report } from '../types/index.ts'

/** Reports as JUnit XML: an exercise is a test suite, a check a test case. */
export function junit(reports: readonly Report[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${reports.map(suite).join('')}</testsuites>\n`
}

function suite(report: Report): string {
  const count = (outcome: CheckResult['outcome']) =>
    report.checks.filter((check) => check.outcome === outcome).length
  const attributes = [
    `name="${xml(report.exercise)}"`,
    `tests="${report.checks.length + (report.error ? 1 : 0)}"`,
    `failures="${count('failed')}"`,
    `errors="${count('errored') + (report.error ? 1 : 0)}"`,
    `skipped="${count('skipped')}"`,
    `time="${report.durationMs / 1000}"`,
    `timestamp="${report.startedAt}"`,
  ]
  const failure = report.error
    ? `    <testcase name="grading"><error message="${xml(report.error)}"/></testcase>\n`
    : ''
  return `  <testsuite ${attributes.join(' ')}>\n${report.checks.map((check) => testCase(report, check)).join('')}${failure}  </testsuite>\n`
}

function testCase(report: Report, check: CheckResult): string {
  const open = `    <testcase classname="${xml(report.exercise)}" name="${xml(check.title)}"`
  if (check.outcome === 'passed') return `${open}/>\n`
  if (check.outcome === 'skipped')
    return `${open}><skipped message="${xml(check.reason ?? `needs ${check.needs}`)}"/></testcase>\n`
  const failed = check.findings.find(({ holds }) => !holds)
  const message = check.diagnosis?.say ?? check.error ?? failed?.claim ?? 'failed'
  const body = failed ? `expected ${failed.expected}\nreceived ${failed.received}` : ''
  const kind = check.outcome === 'errored' ? 'error' : 'failure'
  return `${open}><${kind} message="${xml(message)}">${xml(body)}</${kind}></testcase>\n`
}

/**
 * Characters XML 1.0 cannot carry are replaced: a document that does not parse tells nobody
 * anything.
 */
function xml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    '\n': '&#10;',
  }
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\uFFFD')
    .replace(/[&<>"\n]/g, (character) => entities[character]!)
}
