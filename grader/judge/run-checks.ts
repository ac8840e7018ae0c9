import type { CheckResult, Evidence } from '../types/index.ts'
import { partsOf, type Given, type Scenario } from '../scenario.ts'
import type { Check } from './check.ts'
import { authorsError, judgeCheck, type JudgeContext } from './judge-check.ts'

/**
 * An exercise's checks in the order a learner reads them; the ids come from the names they are
 * exported under.
 */
export type Checks = ReadonlyMap<string, Check<any>>

export interface RunChecksOptions {
  /** Runs a scenario. Called at most once for each, and only for those a check reaches. */
  readonly record: (scenario: Scenario<any>) => Promise<Evidence>
  readonly context: (id: string) => Omit<JudgeContext, 'id'>
  readonly onResult: (result: CheckResult) => void
  /** Turns what `record` threw into a result; undefined when it is no fault of the learner. */
  readonly explainRecordError: (
    error: unknown,
    check: { id: string; title: string },
  ) => CheckResult | undefined
}

/**
 * Runs every check as soon as what it needs is there: its prerequisite's pass and its scenario's
 * evidence. Scenarios that nothing holds back run side by side. The results come back in the
 * checks' own order.
 */
export async function runChecks(checks: Checks, options: RunChecksOptions): Promise<CheckResult[]> {
  const results = new Map<Check<any>, Promise<CheckResult>>()
  const evidence = new Map<Scenario<any>, Promise<Evidence>>()
  const ids = new Map([...checks].map(([id, check]) => [check, id]))

  const recordOnce = (scenario: Scenario<any>) => {
    const known = evidence.get(scenario) ?? options.record(scenario)
    evidence.set(scenario, known)
    return known
  }
  const recordAll = async (given: Given<any>): Promise<Evidence> => {
    if (!('parts' in given)) return recordOnce(given)
    const parts = await Promise.all(
      Object.entries(given.parts).map(
        async ([name, scenario]) => [name, await recordOnce(scenario)] as const,
      ),
    )
    return combine(given.title, Object.fromEntries(parts))
  }
  const resultOf = (check: Check<any>): Promise<CheckResult> => {
    const known = results.get(check) ?? run(check)
    results.set(check, known)
    return known
  }
  const run = async (check: Check<any>): Promise<CheckResult> => {
    const id = ids.get(check)
    if (id === undefined)
      throw new Error(`the check "${check.title}" is named in \`after\` but not exported`)
    const result = await conclude(id, check)
    options.onResult(result)
    return result
  }
  const conclude = async (id: string, check: Check<any>): Promise<CheckResult> => {
    const blank = { id, title: check.title, findings: [], exhibits: [], reproduce: [] }
    if (check.after) {
      const before = await resultOf(check.after)
      if (before.outcome !== 'passed') {
        const needs = before.outcome === 'skipped' ? (before.needs ?? before.id) : before.id
        return { ...blank, outcome: 'skipped', needs, atMs: options.context(id).atMs }
      }
    }
    try {
      return judgeCheck(check, await recordAll(check.given), { ...options.context(id), id })
    } catch (error) {
      return (
        options.explainRecordError(error, { id, title: check.title }) ?? {
          ...blank,
          outcome: 'errored',
          error: authorsError(error),
          atMs: options.context(id).atMs,
        }
      )
    }
  }
  return Promise.all([...checks.values()].map(resultOf))
}

/** The scenarios that may have to be run. */
export function scenariosOf(checks: Checks): Set<Scenario<any>> {
  return new Set([...checks.values()].flatMap(({ given }) => partsOf(given)))
}

function combine(
  scenario: string,
  named: Readonly<Record<string, Evidence>>,
): Evidence & { parts: Readonly<Record<string, Evidence>> } {
  const parts = Object.values(named)
  const recorded = Object.entries(named).map(([name, part]) => [name, part.recorded] as const)
  return {
    scenario,
    recorded: Object.fromEntries(recorded),
    exchanges: parts.flatMap(({ exchanges }) => exchanges),
    log: parts.map(({ log }) => log).join(''),
    exit: parts.find(({ exit }) => exit !== null)?.exit ?? null,
    remarks: parts.flatMap(({ remarks }) => remarks),
    crashes: parts.flatMap(({ crashes = [] }) => crashes),
    parts: named,
  }
}
