import { npmRun } from '../course/command-line.ts'
import type { Exercise, Lesson } from '../course/types.ts'
import { runChecks, type Checks } from './judge/run-checks.ts'
import { loadChecks } from './load-checks.ts'
import { rereads, skipAll, verdictOf } from './results.ts'
import type { Scenario } from './scenario.ts'
import { START_ID } from './start-check.ts'
import type { CheckResult, Evidence, Report } from './types/index.ts'

export interface ReplayOptions {
  readonly exercise: Exercise
  /** The lesson it belongs to, for the paragraphs to reread. */
  readonly lesson: Lesson
  /** What was concluded then. */
  readonly report: Report
  /** What was recorded then. */
  readonly evidence: readonly Evidence[]
}

/**
 * Judges what a run recorded once more, by the exercise's checks as they are now, without a browser
 * and without the program. A check whose scenario the run did not record is skipped and says so;
 * where nothing failed and something is missing the verdict is `errored`.
 * @throws GraderError when the checks do not load
 */
export async function replayRun(options: ReplayOptions): Promise<Report> {
  return (await replayKept(options)).report
}

/**
 * The same with the titles of the scenarios that the checks need and the run did not record.
 * @throws GraderError when the checks do not load
 */
export async function replayKept(
  options: ReplayOptions,
): Promise<{ readonly report: Report; readonly missing: readonly string[] }> {
  const { exercise, report: original } = options
  const { checks, missing } = await judgeRecorded({
    ...options,
    checks: await loadChecks(exercise),
  })
  const verdict = verdictOf(checks)
  const open = verdict === 'failed' && !checks.some(({ outcome }) => outcome === 'failed')
  const { error: _, ...kept } = original
  const report: Report = {
    ...kept,
    exercise: exercise.id,
    title: exercise.title,
    verdict: open ? 'errored' : verdict,
    checks,
    notes: [
      ...original.notes,
      `Judged again from the run of ${moment(original.startedAt)}, by the checks as they are now.`,
    ],
    ...(open && {
      error: `What the checks need now is not in this run: ${missing.map((title) => `“${title}”`).join(', ')}. Grade again: ${npmRun('grade', [exercise.id])}`,
    }),
  }
  return { report, missing }
}

/**
 * The results of these checks, and the titles of the scenarios that they need and the run did not
 * record.
 */
export async function judgeRecorded({
  lesson,
  report: original,
  evidence,
  checks,
}: Omit<ReplayOptions, 'exercise'> & { readonly checks: Checks }): Promise<{
  checks: CheckResult[]
  missing: readonly string[]
}> {
  const before = new Map(original.checks.map((result) => [result.id, result]))
  const recorded = new Map(evidence.map((each) => [each.scenario, each]))
  const missing = new Set<string>()

  const record = async ({ title }: Scenario<any>): Promise<Evidence> => {
    const found = recorded.get(title)
    if (!found) throw new NotRecorded(title)
    return found
  }
  const start = before.get(START_ID)
  const results =
    start && start.outcome !== 'passed'
      ? skipAll(checks, start.atMs)
      : await runChecks(checks, {
          record,
          context: (id) => ({
            atMs: before.get(id)?.atMs ?? original.durationMs,
            reproduce: original.byHand ?? BY_HAND,
            rereads: rereads(lesson),
          }),
          onResult: () => {},
          explainRecordError: (error, check) => {
            if (!(error instanceof NotRecorded)) return undefined
            missing.add(error.scenario)
            const then = before.get(check.id)
            // The program had failed before the scenario could be run: that is not in the evidence,
            // and it stands.
            if (then?.outcome === 'failed') return then
            const reason = `the run did not record “${error.scenario}”.`
            return {
              ...check,
              outcome: 'skipped',
              findings: [],
              exhibits: [],
              reproduce: [],
              reason,
              atMs: original.durationMs,
            }
          },
        })

  return { checks: [...(start ? [start] : []), ...results], missing: [...missing] }
}

const BY_HAND = { start: null, address: 'http://127.0.0.1:3000' }

class NotRecorded extends Error {
  override readonly name = 'NotRecorded'
  readonly scenario: string

  constructor(scenario: string) {
    super(`“${scenario}” was not recorded`)
    this.scenario = scenario
  }
}

function moment(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })
}
