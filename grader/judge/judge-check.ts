import type { CheckResult, Diagnosis, Evidence, Exchange, Finding } from '../types/index.ts'
import { exchangeOf, isOnWire } from '../types/helpers/on-wire.ts'
import type { Check } from './check.ts'
import {
  crashFault,
  endedAfterwards,
  genericFault,
  pageFault,
  stoppedFault,
} from './common-faults.ts'
import { bodyExhibit } from './exhibits/exhibits.ts'
import { createExpect } from './claims/expect.ts'
import { factsOf, isAbsent, type Absent } from './facts.ts'
import { findBy } from './rule.ts'
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
  const facts = factsFor(check, evidence)
  const outcome =
    'stopped' in facts
      ? claimStopped(facts.stopped, recorder)
      : 'absent' in facts
        ? claimPresent(facts.absent, evidence, recorder)
        : 'error' in facts
          ? facts
          : verify(check, facts.facts, recorder)
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
  const found = diagnose(check, evidence, facts, recorder.failedOn)
  showRowOf(found.diagnosis, recorder)
  const reread = check.reread === undefined ? undefined : context.rereads(check.reread)
  const { exchange } = recorder.failedOn
  return {
    ...result,
    outcome,
    ...(exchange && { failedOn: exchange.id }),
    ...found,
    reproduce: reproduce(
      askAgain(evidence, recorder.failedOn),
      context.reproduce,
      partWith(evidence, recorder.failedOn),
    ),
    ...(reread && { reread }),
  }
}

/** Of several rows that failed, the one that the diagnosis speaks of is shown. */
function showRowOf(diagnosis: Diagnosis | undefined, recorder: Recorder): void {
  const { failedOn, alternatives, findings, exhibits } = recorder
  const { exchange } = diagnosis ?? {}
  if (exchange === undefined || exchange === failedOn.exchange?.id) return
  const other = alternatives.find((each) => each.failedOn.exchange?.id === exchange)
  if (!other) return
  findings.splice(-1, 1, other.finding)
  recorder.failedOn = other.failedOn
  exhibits.unshift(...other.exhibits)
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
      { exchange: lastBeforeEnd(ended, ended.exit?.at), console: null },
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
  const { exchange } = failedOn
  if (exchange === null || exchange.cut !== 'refused') return failedOn
  const part = partWith(evidence, failedOn)
  const { exit, crashes = [] } = part
  const ended = [...crashes, ...(exit ? [{ exit, until: Infinity }] : [])].find(
    (each) => each.exit.at < exchange.startedAt && exchange.startedAt < each.until,
  )
  return ended ? { exchange: lastBeforeEnd(part, ended.exit.at), console: null } : failedOn
}

/** Requests that found nobody any more did not end the program. */
function lastBeforeEnd({ exchanges }: Evidence, endedAt = Infinity): Exchange | null {
  const asked = exchanges.filter(({ origin }) => origin === undefined)
  return (
    asked.findLast(({ startedAt, cut }) => cut !== 'refused' && startedAt <= endedAt) ??
    asked.at(-1) ??
    null
  )
}

/** Evidence of several scenarios that were judged together. */
interface Combined extends Evidence {
  readonly parts?: Readonly<Record<string, Evidence>>
}

function partsOf({ parts, ...evidence }: Combined): readonly Evidence[] {
  return parts ? Object.values(parts) : [evidence]
}

function partNamed(evidence: Combined, name: string | undefined): Evidence {
  return (name !== undefined && evidence.parts?.[name]) || evidence
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

/** What is judged; or what the learner's program left out, or the author's mistake. */
type Judged = { facts: unknown } | { stopped: Evidence } | { absent: Absent } | { error: string }

function factsFor({ given }: Check<any>, evidence: Evidence): Judged {
  const stopped = partsOf(evidence).find((part) => part.stopped)
  if (stopped) return { stopped }
  try {
    return { facts: factsOf(given, evidence) }
  } catch (error) {
    return isAbsent(error) ? { absent: error } : { error: authorsError(error) }
  }
}

/** Fails the check on what the learner's page lacked for its scenario to go on. */
function claimStopped({ stopped, exchanges }: Evidence, recorder: Recorder): 'failed' {
  const { exchange: id, ...finding } = stopped!
  const exchange = exchanges.find((each) => each.id === id) ?? null
  const exhibit = exchange?.response ? bodyExhibit(exchange) : undefined
  recorder.failedOn = { exchange, console: null }
  recorder.findings.push({ ...finding, holds: false, ...(exhibit && { exhibit }) })
  return 'failed'
}

/** Fails the check on what did not cross the wire. */
function claimPresent(absent: Absent, evidence: Evidence, recorder: Recorder): 'failed' {
  const [method, path] = absent.asked.split(' ').slice(-2)
  const part = partNamed(evidence, absent.part)
  const failed = part.failedLoads?.findLast((load) => method === 'GET' && load.path === path)
  const reason = failed ? `: Chromium reports ${failed.error}` : ''
  recorder.findings.push({
    claim: `${absent.asked} reached your program`,
    expected: 'a request on the wire',
    received: `nothing crossed the wire${reason}`,
    holds: false,
  })
  return 'failed'
}

/**
 * A crash explains more than its consequences, so it comes first; then what this exercise knows;
 * then what every program can do wrong.
 */
function diagnose(
  check: Check<any>,
  evidence: Evidence,
  judged: Judged,
  failedOn: FailedOn,
): { diagnosis?: Diagnosis; error?: string } {
  const { exchange } = failedOn
  const part =
    'stopped' in judged
      ? judged.stopped
      : 'absent' in judged
        ? partNamed(evidence, judged.absent.part)
        : partWith(evidence, failedOn)
  const crash = crashFault(part, exchange)
  if (crash) return { diagnosis: crash }
  try {
    const known = 'facts' in judged ? applyRules(check, judged.facts) : undefined
    if (known) return { diagnosis: known }
  } catch (error) {
    // A broken diagnosis must not cost the learner the verdict: the claim that failed stands.
    // verify reports it to the author.
    return { error: `The diagnosis could not be made: ${authorsError(error)}` }
  }
  const generic = 'stopped' in judged ? stoppedFault(part, exchange) : genericFault(part, exchange)
  if (generic) return { diagnosis: generic }
  const ofPage = pageFault(part)
  if (ofPage) return { diagnosis: ofPage }
  // Node throws at a field set after the end of an answer: the field is missing, and the error
  // says why.
  const ended = partsOf(part).find(({ exit }) => exit !== null)
  const diagnosis = ended && endedAfterwards(ended)
  return diagnosis ? { diagnosis } : {}
}

/** The first of the exercise's misconceptions that fits. */
function applyRules(check: Check<any>, facts: unknown): Diagnosis | undefined {
  for (const [id, rule] of Object.entries(check.diagnose ?? {})) {
    const fitting = findBy(rule, facts)
    if (!fitting) continue
    const { found } = fitting
    const say: unknown = typeof rule.say === 'string' ? rule.say : rule.say(found, facts)
    if (typeof say !== 'string') throw new TypeError(`say() of ${id} returned no text`)
    const subject: unknown = Array.isArray(found) ? found[0] : found
    const exchange = isOnWire(subject) ? exchangeOf(subject) : null
    return { id, say, ...(exchange && { exchange: exchange.id }) }
  }
  return undefined
}

/** The message with the place in checks.ts or a file beside it. */
export function authorsError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // load-checks.ts imports them under addresses that end in the times of their last changes.
  const place =
    /([^/\\]+[/\\](?:(?:checks|scenarios)\.ts|[\w-]+\.ts(?=\?)))(?:\?[\d.]+)?:(\d+)/.exec(
      error.stack ?? '',
    )
  return place ? `${error.message} (${place[1]} line ${place[2]})` : error.message
}
