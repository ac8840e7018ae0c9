import type { Course, Exercise, Lesson, Question, Section } from '../types.ts'

/** What the learner has done, as the store keeps it. Times are ISO 8601. */
export interface Records {
  /** The newest answer to each question. */
  readonly answers: readonly AnswerRecord[]
  /** The best submission of each exercise. */
  readonly verdicts: readonly VerdictRecord[]
  readonly reads: readonly ReadRecord[]
  /** Ids of the exercises whose newest run passed, submitted or not. */
  readonly passedRuns?: ReadonlySet<string>
}

export interface AnswerRecord {
  readonly questionId: string
  /** The option's text. */
  readonly option: string
  readonly correct: boolean
  readonly answeredAt: string
}

export interface VerdictRecord {
  readonly exerciseId: string
  readonly verdict: 'passed' | 'failed' | 'errored'
  readonly passedChecks: number
  readonly totalChecks: number
  /** When the newest submission was made, which need not be the best one. */
  readonly submittedAt: string
}

export interface ReadRecord {
  readonly lessonId: string
  /** How far the lesson was read, 0 to 1. */
  readonly fraction: number
  readonly at: string
}

export interface CourseProgress {
  readonly sections: readonly SectionProgress[]
  readonly lessonsDone: number
  readonly lessonsTotal: number
  readonly exercisesPassed: number
  readonly exercisesTotal: number
  /** What "Continue" points to. Null when all is done. */
  readonly next: Next | null
}

export interface SectionProgress {
  readonly section: Section
  readonly lessons: readonly LessonProgress[]
}

export interface LessonProgress {
  readonly lesson: Lesson
  /** done: read to its end, and each question answered right. */
  readonly state: 'new' | 'reading' | 'done'
  readonly fraction: number
  readonly questionsRight: number
  readonly exercises: readonly ExerciseProgress[]
}

export interface ExerciseProgress {
  readonly exercise: Exercise
  /** tried: submitted, and not passed yet. unsubmitted: the newest run passed, no submission did. */
  readonly state: 'none' | 'tried' | 'unsubmitted' | 'passed'
  readonly best: VerdictRecord | null
}

export type Next =
  | { readonly kind: 'lesson'; readonly lesson: Lesson; readonly started: boolean }
  /** A lesson that was read to its end and has a question that is still open: the first of them. */
  | { readonly kind: 'question'; readonly question: Question; readonly lesson: Lesson }
  | {
      readonly kind: 'exercise'
      readonly exercise: Exercise
      readonly lesson: Lesson
      /** It passed and waits to be submitted. */
      readonly passed: boolean
    }

export const noRecords: Records = { answers: [], verdicts: [], reads: [] }

/**
 * The state of every lesson and exercise, and what comes next. Records of what the course no longer
 * has are ignored.
 */
export function courseProgress(course: Course, records: Records): CourseProgress {
  const sections = course.sections.map((section) => ({
    section,
    lessons: section.lessons.map((lesson) => lessonProgress(lesson, records)),
  }))
  const lessons = sections.flatMap((section) => section.lessons)
  const exercises = lessons.flatMap((lesson) => lesson.exercises)
  return {
    sections,
    lessonsDone: lessons.filter((lesson) => lesson.state === 'done').length,
    lessonsTotal: lessons.length,
    exercisesPassed: exercises.filter((exercise) => exercise.state === 'passed').length,
    exercisesTotal: exercises.length,
    next: findNext(lessons, records),
  }
}

function lessonProgress(lesson: Lesson, records: Records): LessonProgress {
  const { answers, reads } = records
  const fraction = reads.find((read) => read.lessonId === lesson.id)?.fraction ?? 0
  const ids = lesson.questions.map((question) => question.id)
  const answered = answers.filter((answer) => ids.includes(answer.questionId))
  const questionsRight = answered.filter((answer) => answer.correct).length
  const done = fraction >= 1 && questionsRight === ids.length
  return {
    lesson,
    state: done ? 'done' : fraction > 0 || answered.length > 0 ? 'reading' : 'new',
    fraction,
    questionsRight,
    exercises: lesson.exercises.map((exercise) => exerciseProgress(exercise, records)),
  }
}

/** What was reached in one exercise. */
export function exerciseProgress(
  exercise: Exercise,
  { verdicts, passedRuns }: Records,
): ExerciseProgress {
  const best = verdicts.find((verdict) => verdict.exerciseId === exercise.id) ?? null
  if (best?.verdict === 'passed') return { exercise, best, state: 'passed' }
  if (passedRuns?.has(exercise.id)) return { exercise, best, state: 'unsubmitted' }
  return { exercise, best, state: best === null ? 'none' : 'tried' }
}

/** The first thing in the course's order that is not read, not answered or not passed. */
function findNext(lessons: readonly LessonProgress[], { answers }: Records): Next | null {
  for (const { lesson, state, fraction, exercises } of lessons) {
    if (fraction < 1) return { kind: 'lesson', lesson, started: state === 'reading' }
    const question = lesson.questions.find(
      ({ id }) => !answers.some(({ questionId, correct }) => questionId === id && correct),
    )
    if (question) return { kind: 'question', question, lesson }
    const open = exercises.find((exercise) => exercise.state !== 'passed')
    if (open) {
      const passed = open.state === 'unsubmitted'
      return { kind: 'exercise', exercise: open.exercise, lesson, passed }
    }
  }
  return null
}
