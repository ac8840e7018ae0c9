import type { CheckResult } from '../types/index.ts'

/**
 * Whether a check failed by a crash of which a check before it in the list has told. Several checks
 * ask the same program, and one crash fails them all: it is told once.
 */
export function isToldBefore(result: CheckResult, before: readonly CheckResult[]): boolean {
  const crash = crashOf(result)
  return crash !== undefined && before.some((each) => crashOf(each) === crash)
}

/** What is said instead. */
export const SAME_CRASH = 'Your program had crashed by then, as told above.'

function crashOf({ outcome, diagnosis }: CheckResult): string | undefined {
  return outcome === 'failed' ? diagnosis?.crash : undefined
}
