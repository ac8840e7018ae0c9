import type { CheckResult, Report, Verdict } from '../grader/types/index.ts'
import type { NewSubmission } from '../store/open-store.ts'

/** A run to be submitted, of `passed` checks that passed and one more, with two files. */
export function sampleSubmission(
  run: string,
  verdict: Verdict = 'passed',
  exercise = 'say-hello',
  passed = 1,
): NewSubmission {
  return {
    report: {
      exercise,
      title: 'Say hello',
      verdict,
      checks: [
        ...Array.from({ length: passed }, (_, at) => check(`right-${at}`, 'passed')),
        check('last', verdict === 'passed' ? 'passed' : 'failed'),
      ],
      startedAt: '2026-11-22T10:15:03.000Z',
      durationMs: 812,
      run,
      program: 'work/say-hello/server.ts',
      notes: [],
    } satisfies Report,
    evidence: '[{"scenario":"é"}]',
    files: [
      { path: 'server.ts', content: new Uint8Array([0, 255, 10]) },
      { path: 'app/page.html', content: Buffer.from('<p>') },
    ],
  }
}

function check(id: string, outcome: CheckResult['outcome']): CheckResult {
  return { id, title: id, outcome, findings: [], exhibits: [], reproduce: [], atMs: 1 }
}
