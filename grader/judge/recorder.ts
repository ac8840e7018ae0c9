import type { Exchange, Exhibit, Finding } from '../types.ts'

/** A claim that does not hold ends the check: what follows may rest on it. */
export class ClaimFailed extends Error {
  override readonly name = 'ClaimFailed'
}

export interface Claim extends Finding {
  /** What the claim is about, for the command that shows it again. */
  readonly exchange?: Exchange | null
}

/** Takes down every claim of one check, held or not. */
export interface Recorder {
  readonly findings: Finding[]
  readonly exhibits: Exhibit[]
  /** The exchange of the claim that failed. */
  failedOn: Exchange | null
  /** @throws ClaimFailed when it does not hold. */
  claim(claim: Claim): void
}

export function createRecorder(): Recorder {
  const recorder: Recorder = {
    findings: [],
    exhibits: [],
    failedOn: null,
    claim({ exchange, ...finding }) {
      recorder.findings.push(finding)
      if (finding.holds) return
      recorder.failedOn = exchange ?? null
      throw new ClaimFailed(finding.claim)
    },
  }
  return recorder
}
