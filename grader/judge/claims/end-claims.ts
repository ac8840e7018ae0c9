import type { ProgramEnd } from '../../types/program.ts'
import { inWords, matches, type Matcher } from './matcher.ts'
import type { Recorder } from './recorder.ts'

/** Claims about how the learner's program ended. */
export interface EndClaims {
  /** It has ended, in whatever way. */
  toHaveEnded(): EndClaims
  /** It has ended by itself with this exit code; a signal that ended it leaves none. */
  toExitWith(code: Matcher<number>): EndClaims
}

export function endClaims(end: ProgramEnd, recorder: Recorder): EndClaims {
  const after = end.sent === null ? '' : ` after ${end.sent.signal}`
  const claims: EndClaims = {
    toHaveEnded() {
      recorder.claim({
        claim: `the program ends${after}`,
        expected: `a program that ends${after}`,
        received: outcome(end),
        holds: end.at !== null,
      })
      return claims
    },
    toExitWith(code) {
      recorder.claim({
        claim: `the program exits with code ${inWords(code)}${after}`,
        expected: `exit code ${inWords(code)}${after}`,
        received: outcome(end),
        holds: end.code !== null && matches(code, end.code),
      })
      return claims
    },
  }
  return claims
}

function outcome({ sent, code, signal, at, waitedMs }: ProgramEnd): string {
  const seconds = `${(waitedMs / 1000).toFixed(2)} s`
  const after = sent === null ? '' : ` after ${sent.signal}`
  if (at === null) return `it was still running ${seconds}${after === '' ? ' later' : after}`
  if (signal === null)
    return `it exited with code ${code} ${seconds}${after === '' ? ' later' : after}`
  return `${signal} ended it, so it has no exit code of its own`
}
