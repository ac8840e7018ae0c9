import type { Lesson } from '../course/types.ts'
import type { Checks } from './judge/run-checks.ts'
import { START_ID } from './start-check.ts'
import type { CheckResult, Verdict } from './types/index.ts'

/**
 * What the checks come to together. One that erred leaves the others without weight: nothing was
 * found out for certain.
 */
export function verdictOf(checks: readonly CheckResult[]): Verdict {
  if (checks.some(({ outcome }) => outcome === 'errored')) return 'errored'
  return checks.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'failed'
}

/** The results of checks of a program that did not start. */
export function skipAll(checks: Checks, atMs: number): CheckResult[] {
  return [...checks].map(([id, { title }]) => ({
    id,
    title,
    outcome: 'skipped',
    findings: [],
    exhibits: [],
    reproduce: [],
    needs: START_ID,
    atMs: Math.round(atMs),
  }))
}

/** Gives the function that finds the paragraph of a lesson behind an anchor. */
export function rereads(lesson: Lesson): (anchor: string) => CheckResult['reread'] {
  return (anchor) => {
    const heading = lesson.headings.find(({ id }) => id === anchor)
    return {
      lesson: lesson.id,
      lessonTitle: lesson.title,
      anchor,
      heading: heading?.text ?? anchor,
    }
  }
}
