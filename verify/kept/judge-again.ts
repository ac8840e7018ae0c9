import type { Exercise, Lesson } from '../../course/types.ts'
import { judgeRecorded } from '../../grader/replay.ts'
import { verdictOf } from '../../grader/results.ts'
import type { KeptGrading } from './kept-gradings.ts'

/**
 * What was recorded, judged by the checks as they are now, as if it had just been graded. Undefined
 * where only a grading can tell: a check needs a scenario that was not run then, or a note of then
 * would be another one now.
 */
export async function judgedAgain(
  kept: KeptGrading,
  { exercise, lesson }: { exercise: Exercise; lesson: Lesson },
): Promise<KeptGrading | undefined> {
  const { report, evidence } = kept
  const { checks, missing } = await judgeRecorded({ exercise, lesson, report, evidence })
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
