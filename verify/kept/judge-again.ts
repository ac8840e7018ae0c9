import pLimit from 'p-limit'
import type { Exercise, Lesson } from '../../course/types.ts'
import type { Checks } from '../../grader/judge/run-checks.ts'
import { judgeRecorded } from '../../grader/replay.ts'
import { verdictOf } from '../../grader/results.ts'
import type { KeptGrading } from './kept-gradings.ts'

/** What a grading is judged by now. */
export interface JudgedBy {
  readonly exercise: Exercise
  readonly lesson: Lesson
  readonly checks: Checks
  readonly signal?: AbortSignal
}

/** What was recorded of one program is large, and judging it keeps a processor busy. */
const oneByOne = pLimit(1)

/**
 * What was recorded, judged by the checks as they are now, as if it had just been graded. Undefined
 * where only a grading can tell: nothing is kept, a check needs a scenario that was not run then, or
 * a note of then would be another one now. Rejects when `signal` was aborted.
 */
export function judgedAgain(
  read: () => KeptGrading | undefined,
  by: JudgedBy,
): Promise<KeptGrading | undefined> {
  return oneByOne(async () => {
    by.signal?.throwIfAborted()
    const kept = read()
    return kept && judged(kept, by)
  })
}

async function judged(
  kept: KeptGrading,
  { exercise, lesson, checks: now }: JudgedBy,
): Promise<KeptGrading | undefined> {
  const { report, evidence } = kept
  const { checks, missing } = await judgeRecorded({ lesson, report, evidence, checks: now })
  if (missing.length > 0) return undefined
  const said = checks.flatMap(({ diagnosis }) => diagnosis?.say ?? [])
  const noticed = evidence.flatMap(({ remarks }) => remarks.map(({ say }) => say))
  const isTheSame =
    !report.notes.some((note) => said.includes(note)) &&
    noticed.every((note) => said.includes(note) || report.notes.includes(note))
  if (!isTheSame) return undefined
  return {
    ...kept,
    report: { ...report, title: exercise.title, verdict: verdictOf(checks), checks },
  }
}
