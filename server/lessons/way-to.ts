import type { Next } from '../../course/progress/progress.ts'

/** Where "Continue" leads, and what there is to do. */
export interface Way {
  readonly address: string
  /** `Read`, `Exercise`, `Submit` … */
  readonly doing: string
  readonly title: string
}

/** The page on which what comes next is done. */
export function wayTo(next: Next): Way {
  switch (next.kind) {
    case 'lesson':
      return {
        address: `/lessons/${next.lesson.id}`,
        doing: next.started ? 'Go on reading' : 'Read',
        title: next.lesson.title,
      }
    case 'question':
      return {
        address: `/lessons/${next.lesson.id}#quiz-${next.question.id}`,
        doing: 'Open question',
        title: next.lesson.title,
      }
    case 'exercise':
      return {
        address: `/exercises/${next.exercise.id}`,
        doing: next.passed ? 'Submit' : 'Exercise',
        title: next.exercise.title,
      }
  }
}
