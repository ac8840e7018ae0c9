import type { Course, Exercise, Lesson, Section } from './types.ts'

/** What the learner has done, as the store keeps it. Times are ISO 8601. */
export interface Records {
  /** The newest answer to each question. */
  readonly answers: readonly AnswerRecord[]
  /** The best submission of each exercise. */
  readonly verdicts: readonly VerdictRecord[]
  readonly reads: readonly ReadRecord[]
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
  /** tried: submitted, and not passed yet. */
  readonly state: 'none' | 'tried' | 'passed'
  readonly best: VerdictRecord | null
}

export type Next =
  | { readonly kind: 'lesson'; readonly lesson: Lesson; readonly started: boolean }
  | { readonly kind: 'exercise'; readonly exercise: Exercise; readonly lesson: Lesson }

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

function lessonProgress(lesson: Lesson, { answers, verdicts, reads }: Records): LessonProgress {
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
    exercises: lesson.exercises.map((exercise) => {
      const best = verdicts.find((verdict) => verdict.exerciseId === exercise.id) ?? null
      return {
        exercise,
        best,
        state: best === null ? 'none' : best.verdict === 'passed' ? 'passed' : 'tried',
      }
    }),
  }
}

/**
 * From where the learner last was, onwards in the course's order and around its end, the first
 * thing that is not finished.
 */
function findNext(lessons: readonly LessonProgress[], records: Records): Next | null {
  const start = lastTouched(lessons, records)
  const fromThere = [...lessons.slice(start), ...lessons.slice(0, start)]
  for (const { lesson, state, exercises } of fromThere) {
    if (state !== 'done') return { kind: 'lesson', lesson, started: state === 'reading' }
    const open = exercises.find((exercise) => exercise.state !== 'passed')
    if (open) return { kind: 'exercise', exercise: open.exercise, lesson }
  }
  return null
}

function lastTouched(lessons: readonly LessonProgress[], records: Records): number {
  let newest = ''
  let position = 0
  for (const [index, { lesson }] of lessons.entries()) {
    const questions = lesson.questions.map((question) => question.id)
    const exercises = lesson.exercises.map((exercise) => exercise.id)
    const times = [
      ...records.reads.filter((read) => read.lessonId === lesson.id).map((read) => read.at),
      ...records.answers
        .filter((answer) => questions.includes(answer.questionId))
        .map((answer) => answer.answeredAt),
      ...records.verdicts
        .filter((verdict) => exercises.includes(verdict.exerciseId))
        .map((verdict) => verdict.submittedAt),
    ]
    for (const time of times) {
      if (time > newest) [newest, position] = [time, index]
    }
  }
  return position
}
