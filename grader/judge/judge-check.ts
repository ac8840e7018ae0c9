import type { CheckResult, Diagnosis, Evidence, Exchange, Finding } from '../types/index.ts'
import type { Check } from './check.ts'
import { commonFault, endedAfterwards } from './common-faults.ts'
import { createExpect } from './claims/expect.ts'
import { ClaimFailed, createRecorder, type FailedOn, type Recorder } from './claims/recorder.ts'
import { reproduce, type ReproduceWith } from './reproduce.ts'

/** What a result needs to know beyond the facts. */
export interface JudgeContext {
  readonly id: string
  readonly atMs: number
  readonly reproduce: ReproduceWith
  readonly rereads: (anchor: string) => CheckResult['reread']
}

/**
 * Judges recorded evidence. Pure: the same evidence gives the same result, today or years later,
 * without a browser.
 */
export function judgeCheck(
  check: Check<any>,
  evidence: Evidence,
  context: JudgeContext,
): CheckResult {
  const recorder = createRecorder()
  const outcome = verify(check, evidence.facts, recorder)
  const result = {
    id: context.id,
    title: check.title,
    findings: recorder.findings,
    exhibits: recorder.exhibits,
    atMs: context.atMs,
    reproduce: [] as string[],
    ...(check.spec && { spec: check.spec }),
  }
  const ended =
    outcome === 'passed' ? partsOf(evidence).find(({ exit }) => exit !== null) : undefined
  if (ended) return { ...result, ...didNotLast(ended, result.findings, context) }
  if (outcome === 'passed') return { ...result, outcome }
  if (outcome !== 'failed') return { ...result, outcome: 'errored', error: outcome.error }
  const reread = check.reread === undefined ? undefined : context.rereads(check.reread)
  return {
    ...result,
    outcome,
    ...diagnose(check, evidence, recorder.failedOn),
    reproduce: reproduce(
      askAgain(evidence, recorder.failedOn),
      context.reproduce,
      partWith(evidence, recorder.failedOn),
    ),
    ...(reread && { reread }),
  }
}

/**
 * Whatever a program answered: one that is not there any more when the scenario is over has not
 * done its work.
 */
function didNotLast(
  ended: Evidence,
  findings: readonly Finding[],
  context: JudgeContext,
): Pick<CheckResult, 'outcome' | 'findings' | 'reproduce'> & { diagnosis?: Diagnosis } {
  const diagnosis = endedAfterwards(ended)
  const received = ended.exit?.signal
    ? `ended by ${ended.exit.signal}`
    : `exited with code ${ended.exit?.code}`
  return {
    outcome: 'failed',
    findings: [
      ...findings,
      {
        claim: 'the program is still there when everything was asked',
        expected: 'a program that runs',
        received,
        holds: false,
      },
    ],
    reproduce: reproduce(
      { exchange: lastBeforeEnd(ended), console: null },
      context.reproduce,
      ended,
    ),
    ...(diagnosis && { diagnosis }),
  }
}

/**
 * What shows a failure again: of a program that had ended before the request came, the one it ended
 * on.
 */
function askAgain(evidence: Evidence, failedOn: FailedOn): FailedOn {
  const part = partWith(evidence, failedOn)
  const cameTooLate =
    failedOn.exchange !== null &&
    failedOn.exchange.cut === 'refused' &&
    part.exit !== null &&
    failedOn.exchange.startedAt > part.exit.at
  return cameTooLate ? { exchange: lastBeforeEnd(part), console: null } : failedOn
}

/** Requests that found nobody any more did not end the program. */
function lastBeforeEnd(ended: Evidence): Exchange | null {
  const asked = ended.exchanges.filter(({ origin }) => origin === undefined)
  return (
    asked.findLast(
      ({ startedAt, cut }) => cut !== 'refused' && startedAt <= (ended.exit?.at ?? Infinity),
    ) ??
    asked.at(-1) ??
    null
  )
}

function partsOf(evidence: Evidence & { parts?: readonly Evidence[] }): readonly Evidence[] {
  return evidence.parts ?? [evidence]
}

/** The evidence of the scenario that a claim failed on: each had a program of its own. */
function partWith(evidence: Evidence, { exchange }: FailedOn): Evidence {
  return (
    partsOf(evidence).find(({ exchanges }) => exchanges.some(({ id }) => id === exchange?.id)) ??
    evidence
  )
}

function verify(
  check: Check<any>,
  facts: unknown,
  recorder: Recorder,
): 'passed' | 'failed' | { error: string } {
  try {
    const returned: unknown = check.verify(facts, createExpect(recorder))
    if (returned instanceof Promise) {
      returned.catch(() => {})
      return {
        error:
          'verify() is asynchronous; a check judges recorded facts and has nothing to wait for.',
      }
    }
    if (recorder.findings.length === 0)
      return { error: 'verify() made no claim, so it could not fail.' }
    // A verify() that caught the failure has not undone it.
    return recorder.findings.every(({ holds }) => holds) ? 'passed' : 'failed'
  } catch (error) {
    return error instanceof ClaimFailed ? 'failed' : { error: authorsError(error) }
  }
}

/**
 * What every program can do wrong comes before what this exercise knows: a crash explains more than
 * its consequences.
 */
function diagnose(
  check: Check<any>,
  evidence: Evidence,
  { exchange }: FailedOn,
): { diagnosis?: Diagnosis; error?: string } {
  const fault = commonFault(evidence, exchange)
  if (fault) return { diagnosis: fault }
  try {
    for (const [id, rule] of Object.entries(check.diagnose ?? {})) {
      if (!rule.when(evidence.facts)) continue
      return {
        diagnosis: { id, say: typeof rule.say === 'string' ? rule.say : rule.say(evidence.facts) },
      }
    }
    // What the exercise knows explains more than the error that a page's script met for the same
    // reason.
    const threw = evidence.remarks.find(({ id }) => id === 'page-threw')
    if (threw) return { diagnosis: threw }
    // Node throws at a field set after the end of an answer: the field is missing, and the error
    // says why.
    const ended = partsOf(evidence).find(({ exit }) => exit !== null)
    const diagnosis = ended && endedAfterwards(ended)
    return diagnosis ? { diagnosis } : {}
  } catch (error) {
    // A broken diagnosis must not cost the learner the verdict: the claim that failed stands.
    // verify reports it to the author.
    return { error: `The diagnosis could not be made: ${authorsError(error)}` }
  }
}

/** The message with the place in checks.ts or scenarios.ts. */
export function authorsError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // load-checks.ts imports them under addresses that end in the times of their last changes.
  const place = /([^/\\]+[/\\](?:checks|scenarios)\.ts)(?:\?[\d.]+)?:(\d+)/.exec(error.stack ?? '')
  return place ? `${error.message} (${place[1]} line ${place[2]})` : error.message
}
