import type { Exercise } from '../course/types.ts'
import { gradeExercise } from '../grader/grade-exercise.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import { seededRandom } from '../grader/record/random.ts'
import type { GradingOverrides } from '../grader/types/grading-overrides.ts'
import type { GradeEvent } from '../grader/types/index.ts'
import type { Candidate } from './candidates.ts'
import { feedbackChanges } from './words/feedback.ts'
import { judgedAgain } from './kept/judge-again.ts'
import type { KeptGrading } from './kept/kept-gradings.ts'
import { settleAll } from './schedule/settle-all.ts'
import { programKey, type Trial } from './trial.ts'
import { unreadable, verdictChanges } from './verdicts.ts'
import type { VerifyOptions } from './verification.ts'

/** Exercises that take longer spend it waiting. */
const WORKING_SECONDS = 5
/** A junk program has to fail, and fails as well after a quarter of the time. */
const JUNK_TIMEOUT_SHARE = 0.25

/** What a candidate is judged by, and who learns of its gradings. */
export interface TryOptions extends VerifyOptions {
  readonly checks: Checks
  /**
   * Asked when a program failed as it should and was told otherwise than reviewed: whether it may be
   * graded once more, alone, since a busy machine may have done that.
   */
  readonly mayGradeAlone: () => boolean
  /** Called when a grading's turn has come. */
  readonly onBegin: () => void
  /** Called after the plain grading, which is the one that may be kept, or its judging again. */
  readonly onPlain: (grading: KeptGrading, isJudgedAgain: boolean) => Promise<void>
}

/**
 * Grades a program as often as the options want it. Of the plain grading what is kept may be judged
 * again instead.
 */
export async function tryCandidate(candidate: Candidate, options: TryOptions): Promise<Trial[]> {
  const { kind, name } = candidate
  const { exercise, repeat = 1, slowdown, update = false, onTrial = () => {} } = options
  // What is kept as words, or shown in a lesson, is drawn alike in every run.
  const drawnAlike: GradingOverrides =
    kind === 'junk'
      ? { timeoutShare: JUNK_TIMEOUT_SHARE }
      : { random: (title) => seededRandom(`${exercise.id}/${title}`) }
  const drawnAnew: GradingOverrides = kind === 'junk' ? drawnAlike : {}
  const grade = (overrides: GradingOverrides) => gradeUntilConclusive(candidate, options, overrides)
  const conclude = (
    condition: string | null,
    { report }: KeptGrading,
    problems: string[],
    how: Partial<Pick<Trial, 'isJudgedAgain' | 'besideOthers'>> = {},
  ): Trial => {
    const trial = {
      kind,
      name,
      condition,
      report,
      problems: [...unreadable(report), ...problems],
      isJudgedAgain: false,
      ...how,
    }
    onTrial(trial)
    return trial
  }

  const { grading: plain, problems, ...how } = await gradePlainly(candidate, options, drawnAlike)
  await options.onPlain(plain, how.isJudgedAgain)
  const first = conclude(null, plain, problems, how)

  const same = (now: KeptGrading) => verdictChanges(plain.report, now.report)
  const sameWords = (now: KeptGrading) => [...same(now), ...feedbackChanges(plain, now)]
  const others: Promise<Trial>[] = []
  const also = (
    condition: string,
    overrides: GradingOverrides,
    judge: (now: KeptGrading) => string[],
  ) => void others.push(grade(overrides).then((now) => conclude(condition, now, judge(now))))
  if (update && isReviewed(kind)) also('once more', drawnAlike, sameWords)
  for (let time = 2; time <= repeat; time++) {
    // With the same values the words have to be the same, too; with others the verdict.
    if (time % 2 === 0 && kind !== 'junk') also(`repetition ${time}`, drawnAlike, sameWords)
    else also(`repetition ${time}`, drawnAnew, same)
  }
  if (slowdown !== undefined && kind !== 'junk')
    also(`on a machine ${slowdown} times slower`, { slowdown }, same)
  return [first, ...(await settleAll(others))]
}

/** The grading that counts, and what is wrong with it. */
async function gradePlainly(candidate: Candidate, options: TryOptions, drawn: GradingOverrides) {
  const { kept, update = false, onBegin, mayGradeAlone } = options
  const judge = (grading: KeptGrading) => candidate.judge(grading.report, { ...grading, update })
  const key = programKey(candidate)
  if (kept?.names.has(key)) {
    const read = () => {
      onBegin()
      return kept.read(key)
    }
    const again = await judgedAgain(read, options)
    if (again) return { grading: again, problems: judge(again), isJudgedAgain: true }
  }
  const grading = await gradeUntilConclusive(candidate, options, drawn)
  const problems = judge(grading)
  const isDoubtful =
    problems.length > 0 && isReviewed(candidate.kind) && grading.report.verdict === 'failed'
  if (!isDoubtful || !mayGradeAlone()) return { grading, problems, isJudgedAgain: false }
  const alone = await gradeOnce(candidate, options, drawn, true)
  const besideOthers = problems[0]!
  return { grading: alone, problems: judge(alone), isJudgedAgain: false, besideOthers }
}

function isReviewed(kind: Trial['kind']): boolean {
  return kind === 'stub' || kind === 'mutant'
}

/**
 * What could not be graded at all (a machine too busy for a timed exercise, a browser that died) is
 * graded once more, after the others and beside none.
 */
async function gradeUntilConclusive(
  candidate: Candidate,
  options: TryOptions,
  overrides: GradingOverrides,
): Promise<KeptGrading> {
  const grade = (alone: boolean) => gradeOnce(candidate, options, overrides, alone)
  const first = await grade(false)
  return first.report.error === undefined ? first : grade(true)
}

/** What takes so long, in seconds, takes it to measure time: a busy machine changes its numbers. */
const TIMED_SECONDS = 10

function gradeOnce(
  { kind, program }: Candidate,
  { exercise, lesson, schedule, signal, onBegin }: TryOptions,
  overrides: GradingOverrides,
  alone: boolean,
): Promise<KeptGrading> {
  return schedule({ ...expectedOf(exercise, kind), alone }, async () => {
    signal?.throwIfAborted()
    onBegin()
    let timed = exercise.gradingSeconds >= TIMED_SECONDS
    const ports: number[] = []
    const onEvent = ({ type }: GradeEvent) => void (timed ||= type === 'progress')
    const { report, evidence } = await gradeExercise({
      exercise,
      lesson,
      program,
      overrides: { ...overrides, onPort: (port) => void ports.push(port) },
      onEvent,
      ...(signal && { signal }),
    })
    return { report, timed, evidence, ports }
  })
}

function expectedOf({ gradingSeconds }: Exercise, kind: Trial['kind']) {
  return { seconds: gradingSeconds, waits: kind !== 'junk' && gradingSeconds > WORKING_SECONDS }
}
