import { styleText } from 'node:util'
import { npmRun } from '../../course/command-line.ts'
import type {
  CourseProgress,
  ExerciseProgress,
  LessonProgress,
  Next,
} from '../../course/progress/progress.ts'

export interface ProgressTextOptions {
  readonly title: string
  /** Ids of the exercises whose files the learner has changed. */
  readonly begun: ReadonlySet<string>
  /** Where the course is read: `http://localhost:4321`. */
  readonly address: string
  /** The command that serves it there. */
  readonly start: string
  readonly columns: number
}

/**
 * What the learner has done and what comes next, for a terminal. Coloured when standard output
 * takes colours (NO_COLOR).
 */
export function progressText(
  progress: CourseProgress,
  { title, begun, address, start, columns }: ProgressTextOptions,
): string {
  const { lessonsDone, lessonsTotal, exercisesPassed, exercisesTotal } = progress
  const lessons = `${lessonsDone} of ${counted(lessonsTotal, 'lesson')} done`
  const exercises = `${exercisesPassed} of ${counted(exercisesTotal, 'exercise')} passed`
  const lines = [styleText('bold', title), `${lessons} · ${exercises}`]
  for (const { section, lessons: inSection } of progress.sections) {
    lines.push('', styleText('bold', section.title))
    for (const lesson of inSection) {
      lines.push(
        ...lessonRow(lesson, columns),
        ...lesson.exercises.flatMap((each) => exerciseRow(each, begun, columns)),
      )
    }
  }
  return [...lines, '', ...nextLines(progress.next, address, start), ''].join('\n')
}

/** The exercises alone, in the course's order, as `progressText` shows them. */
export function exerciseRows(
  { sections }: CourseProgress,
  { begun, columns }: Pick<ProgressTextOptions, 'begun' | 'columns'>,
): string[] {
  return sections
    .flatMap(({ lessons }) => lessons)
    .flatMap(({ exercises }) => exercises)
    .flatMap((each) => exerciseRow(each, begun, columns))
}

type Format = Parameters<typeof styleText>[0]

function lessonRow(
  { lesson, state, fraction, questionsRight }: LessonProgress,
  columns: number,
): string[] {
  const questions =
    lesson.questions.length === 0
      ? ''
      : `, ${questionsRight} of ${counted(lesson.questions.length, 'question')} right`
  if (state === 'done') return row('  ', '●', 'green', lesson.title, `read${questions}`, columns)
  if (state === 'new') return row('  ', '○', 'dim', lesson.title, 'not read', columns)
  const read =
    fraction >= 1 ? 'read' : fraction > 0 ? `${Math.round(fraction * 100)} % read` : 'not read'
  return row('  ', '◐', 'yellow', lesson.title, `${read}${questions}`, columns)
}

function exerciseRow(
  { exercise, state, best }: ExerciseProgress,
  begun: ReadonlySet<string>,
  columns: number,
): string[] {
  const fill = (mark: string, format: Format, state: string): string[] =>
    row('      ', mark, format, exercise.id, state, columns)
  if (state === 'unsubmitted') return fill('◐', 'yellow', 'passed, not submitted')
  if (best === null)
    return begun.has(exercise.id)
      ? fill('…', 'yellow', 'begun, not submitted')
      : fill('·', 'dim', 'not begun')
  if (best.verdict === 'passed') return fill('✓', 'green', 'passed')
  if (best.verdict === 'errored') return fill('!', 'yellow', 'submitted, could not be judged')
  return fill(
    '✗',
    'red',
    `failed, ${best.passedChecks} of ${counted(best.totalChecks, 'check')} passed`,
  )
}

/** A name on the left and its state on the right, or below it when both do not fit. */
function row(
  indent: string,
  mark: string,
  format: Format,
  name: string,
  state: string,
  columns: number,
): string[] {
  const gap = columns - indent.length - 2 - name.length - state.length
  const left = `${indent}${styleText(format, mark)} ${name}`
  const right = styleText(format, state)
  return gap >= 2 ? [`${left}${' '.repeat(gap)}${right}`] : [left, `${indent}  ${right}`]
}

function nextLines(next: Next | null, address: string, start: string): string[] {
  if (next === null) return [styleText('green', 'Every lesson is read and every exercise passed.')]
  const label = styleText('bold', 'Next')
  if (next.kind === 'lesson') {
    const doing = next.started ? 'Go on reading' : 'Read'
    return [
      `${label}  ${doing} "${next.lesson.title}"`,
      `      ${start}, then ${address}/lessons/${next.lesson.id}`,
    ]
  }
  if (next.kind === 'question') {
    const { lesson, question } = next
    return [
      `${label}  Answer what is still open in "${lesson.title}"`,
      `      ${start}, then ${address}/lessons/${lesson.id}#quiz-${question.id}`,
    ]
  }
  const { id, title } = next.exercise
  return [
    `${label}  ${next.passed ? 'Submit' : 'Implement'} "${title}"`,
    `      ${start}, then ${address}/exercises/${id}`,
    ...(next.passed ? [] : [`      ${npmRun('grade', [id])}`]),
    `      ${npmRun('submit', [id])}`,
  ]
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
