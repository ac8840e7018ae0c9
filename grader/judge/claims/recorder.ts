import type { ConsoleResult, Exchange, Exhibit, Finding } from '../../types/index.ts'

/** A claim that does not hold ends the check: what follows may rest on it. */
export class ClaimFailed extends Error {
  override readonly name = 'ClaimFailed'
}

export interface Claim extends Finding {
  /** What the claim is about, for the command that shows it again. */
  readonly exchange?: Exchange | null
  /** What it is about when it was seen in a page. */
  readonly console?: ConsoleResult | null
}

/** Where a claim failed. */
export interface FailedOn {
  readonly exchange: Exchange | null
  readonly console: ConsoleResult | null
}

/** A failure beside the one that is shown, which may be shown in its place. */
export interface Alternative {
  readonly finding: Finding
  readonly failedOn: FailedOn
  readonly exhibits: readonly Exhibit[]
}

/** Takes down every claim of one check, held or not. */
export interface Recorder {
  readonly findings: Finding[]
  readonly exhibits: Exhibit[]
  failedOn: FailedOn
  /** The other rows of `expect.each` that failed. */
  readonly alternatives: Alternative[]
  /** @throws ClaimFailed when it does not hold. */
  claim(claim: Claim): void
}

export function createRecorder(): Recorder {
  const recorder: Recorder = {
    findings: [],
    exhibits: [],
    failedOn: { exchange: null, console: null },
    alternatives: [],
    claim({ exchange = null, console = null, ...finding }) {
      recorder.findings.push(finding)
      if (finding.holds) return
      recorder.failedOn = { exchange, console }
      throw new ClaimFailed(finding.claim)
    },
  }
  return recorder
}
