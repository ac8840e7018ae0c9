import type { CheckResult } from '../types/index.ts'

/**
 * Whether a check failed by a crash of which a check before it in the list has told. Several checks
 * ask the same program, and one crash fails them all: it is told once.
 */
export function isToldBefore(result: CheckResult, before: readonly CheckResult[]): boolean {
  const error = crashOf(result)
  return error !== undefined && before.some((each) => crashOf(each) === error)
}

/** What is said instead. */
export const SAME_CRASH = 'Your program had crashed by then, as told above.'

/** The error that ended the program, where that is the check's diagnosis: `Error: boom (server.ts line 4)`. */
function crashOf({ outcome, diagnosis }: CheckResult): string | undefined {
  if (outcome !== 'failed' || !diagnosis || !/^crashed(?:-after)?$/.test(diagnosis.id))
    return undefined
  return diagnosis.say.slice(diagnosis.say.indexOf(': ') + 2)
}
