import { describe, expect, test } from 'vitest'
import { smallCourse, smallLesson } from '../../testing/sample-course.ts'
import { courseProgress, noRecords } from './progress.ts'
import type {
  AnswerRecord,
  CourseProgress,
  ReadRecord,
  Records,
  VerdictRecord,
} from './progress.ts'

const course = smallCourse([
  smallLesson('one', ['one-a', 'one-b']),
  smallLesson('two'),
  smallLesson('three', ['three-a']),
])

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString()
const read = (lessonId: string, fraction: number, minute = 0): ReadRecord => ({
  lessonId,
  fraction,
  at: at(minute),
})
const answer = (lessonId: string, correct: boolean, minute = 0): AnswerRecord => ({
  questionId: `${lessonId}-question`,
  option: 'The client',
  correct,
  answeredAt: at(minute),
})
const submitted = (
  exerciseId: string,
  verdict: VerdictRecord['verdict'],
  minute = 0,
): VerdictRecord => ({
  exerciseId,
  verdict,
  passedChecks: 1,
  totalChecks: 4,
  submittedAt: at(minute),
})

const progress = (records: Partial<Records>): CourseProgress =>
  courseProgress(course, { ...noRecords, ...records })
const states = (records: Partial<Records>): string[] =>
  progress(records).sections[0]!.lessons.map(({ state }) => state)
const next = (records: Partial<Records>): string | null => {
  const { next: found } = progress(records)
  if (found?.kind === 'lesson') return `${found.started ? 'go on with' : 'read'} ${found.lesson.id}`
  if (found?.kind === 'question') return `answer ${found.question.id}`
  return found && `${found.passed ? 'submit' : 'do'} ${found.exercise.id}`
}

describe('the state of a lesson', () => {
  test.each<[string, Partial<Records>, string]>([
    ['nothing', {}, 'new'],
    ['a part read', { reads: [read('one', 0.4)] }, 'reading'],
    ['an answer', { answers: [answer('one', true)] }, 'reading'],
    ['all read, the question open', { reads: [read('one', 1)] }, 'reading'],
    [
      'all read, the question answered wrong',
      { reads: [read('one', 1)], answers: [answer('one', false)] },
      'reading',
    ],
    [
      'all read, the question answered right',
      { reads: [read('one', 1)], answers: [answer('one', true)] },
      'done',
    ],
    ['a submission', { verdicts: [submitted('one-a', 'passed')] }, 'new'],
  ])('%s: %s', (_, records, state) => expect(states(records)).toEqual([state, 'new', 'new']))
})

describe('the state of an exercise', () => {
  test.each([
    ['passed', 'passed'],
    ['failed', 'tried'],
    ['errored', 'tried'],
  ] as const)('%s: %s', (verdict, state) => {
    const record = submitted('one-a', verdict)
    const [first, second] = progress({ verdicts: [record] }).sections[0]!.lessons[0]!.exercises
    expect(first).toMatchObject({ state, best: record })
    expect(second).toMatchObject({ state: 'none', best: null })
  })
})

test('an exercise whose newest run passed waits to be submitted, until a submission passed', () => {
  const stateWith = (...verdicts: VerdictRecord[]) =>
    progress({ passedRuns: new Set(['one-a']), verdicts }).sections[0]!.lessons[0]!.exercises[0]!
      .state
  expect(stateWith()).toBe('unsubmitted')
  expect(stateWith(submitted('one-a', 'failed'))).toBe('unsubmitted')
  expect(stateWith(submitted('one-a', 'passed'))).toBe('passed')
})

describe('the sums', () => {
  test('count what is done and ignore what the course no longer has', () => {
    expect(
      progress({
        reads: [read('one', 1), read('gone', 1)],
        answers: [answer('one', true), answer('gone', true)],
        verdicts: [submitted('one-b', 'passed'), submitted('gone', 'passed')],
      }),
    ).toMatchObject({ lessonsDone: 1, lessonsTotal: 3, exercisesPassed: 1, exercisesTotal: 3 })
  })
})

describe('what comes next', () => {
  const oneDone = { reads: [read('one', 1)], answers: [answer('one', true)] }
  const all = {
    reads: [read('one', 1), read('two', 1), read('three', 1)],
    answers: [answer('one', true), answer('two', true), answer('three', true)],
    verdicts: [
      submitted('one-a', 'passed'),
      submitted('one-b', 'passed'),
      submitted('three-a', 'passed'),
    ],
  }
  test.each<[string, Partial<Records>, string | null]>([
    ['a learner who begins', {}, 'read one'],
    ['a learner in the middle of a lesson', { reads: [read('one', 0.5)] }, 'go on with one'],
    ['a learner who has read a lesson', oneDone, 'do one-a'],
    [
      'a learner who has failed an exercise',
      { ...oneDone, verdicts: [submitted('one-a', 'failed')] },
      'do one-a',
    ],
    [
      'a learner who has passed an exercise',
      { ...oneDone, verdicts: [submitted('one-a', 'passed')] },
      'do one-b',
    ],
    [
      'a learner who has finished a lesson',
      { ...oneDone, verdicts: all.verdicts.slice(0, 2) },
      'read two',
    ],
    [
      'a learner who has read a lesson, its question open',
      { reads: [read('one', 1)], answers: [answer('one', false)] },
      'answer one-question',
    ],
    [
      'a learner whose run passed, not submitted',
      { ...oneDone, passedRuns: new Set(['one-a']) },
      'submit one-a',
    ],
    [
      'a learner who went ahead',
      { reads: [read('three', 0.2, 5), read('one', 0.5, 1)] },
      'go on with one',
    ],
    [
      'a learner who went ahead by an exercise',
      { ...oneDone, verdicts: [submitted('three-a', 'failed', 9)] },
      'do one-a',
    ],
    [
      'a learner at the end with gaps before',
      { ...all, reads: [read('three', 1, 9), read('one', 1)] },
      'go on with two',
    ],
    ['a learner who has done it all', all, null],
  ])('for %s', (_, records, expected) => expect(next(records)).toBe(expected))
})
