import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { smallCourse, smallLesson } from '../../testing/sample-course.ts'
import { courseProgress, noRecords, type Records } from '../../course/progress/progress.ts'
import { progressText } from './progress-text.ts'

const course = smallCourse([
  smallLesson('one', ['one-a', 'one-b', 'one-c', 'one-d', 'one-e', 'one-f']),
  smallLesson('two'),
  smallLesson('three'),
])
const at = '2026-11-22T10:00:00.000Z'
const answer = (lesson: string, correct: boolean) => ({
  questionId: `${lesson}-question`,
  option: 'The client',
  correct,
  answeredAt: at,
})
const verdict = (exerciseId: string, value: 'passed' | 'failed' | 'errored') => ({
  exerciseId,
  verdict: value,
  passedChecks: 3,
  totalChecks: 7,
  submittedAt: at,
})

const text = (records: Records, begun: string[] = [], of = course): string[] => {
  const options = {
    title: of.title,
    begun: new Set(begun),
    address: 'http://localhost:4321',
    start: 'npm start',
    columns: 80,
  }
  return stripVTControlCharacters(progressText(courseProgress(of, records), options)).split('\n')
}

test('every state has its mark and its words', () => {
  const records: Records = {
    reads: [
      { lessonId: 'one', fraction: 1, at },
      { lessonId: 'two', fraction: 0.254, at: '2026-11-22T11:00:00.000Z' },
    ],
    answers: [answer('one', true), answer('two', false)],
    verdicts: [verdict('one-a', 'passed'), verdict('one-b', 'failed'), verdict('one-c', 'errored')],
    passedRuns: new Set(['one-f']),
  }
  const lines = text(records, ['one-d'])
  expect(lines).toEqual(
    [
      'A small course',
      '1 of 3 lessons done · 1 of 6 exercises passed',
      '',
      'Start',
      '  ● About one                                            read, 1 of 1 question right',
      '      ✓ one-a                                                               passed',
      '      ✗ one-b                                           failed, 3 of 7 checks passed',
      '      ! one-c                                         submitted, could not be judged',
      '      … one-d                                                  begun, not submitted',
      '      · one-e                                                              not begun',
      '      ◐ one-f                                                  passed, not submitted',
      '  ◐ About two                                       25 % read, 0 of 1 question right',
      '  ○ About three                                                             not read',
      '',
      'Next  Implement "Do one-b"',
      '      npm start, then http://localhost:4321/exercises/one-b',
      '      npm run grade one-b',
      '      npm run submit one-b',
      '',
    ].map((line) => aligned(line)),
  )
})

// The right edge is what matters: column 80.
function aligned(line: string): string {
  const [, left, right] = /^( {2,}\S .*?\S) {2,}(\S.*)$/.exec(line) ?? []
  return left === undefined
    ? line
    : `${left}${' '.repeat(80 - left.length - right!.length)}${right}`
}

test('no row is wider than 80 columns, however long the names are', () => {
  const long = {
    ...smallLesson('one', ['an-exercise'.repeat(5)]),
    title: 'Words '.repeat(12).trim(),
  }
  const lines = text(
    { ...noRecords, verdicts: [verdict(long.exercises[0]!.id, 'failed')] },
    [],
    smallCourse([long]),
  )
  const rows = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('Next')),
  )
  expect(rows.at(-2)).toBe('        failed, 3 of 7 checks passed')
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80)
})

test('a beginner is told to read the first lesson', () => {
  const next = [
    'Next  Read "About one"',
    '      npm start, then http://localhost:4321/lessons/one',
    '',
  ]
  expect(text(noRecords).slice(-3)).toEqual(next)
})

test('who has read is told how to do the exercise', () => {
  const records = {
    ...noRecords,
    reads: [{ lessonId: 'one', fraction: 1, at }],
    answers: [answer('one', true)],
  }
  expect(text(records).slice(-5)).toEqual([
    'Next  Implement "Do one-a"',
    '      npm start, then http://localhost:4321/exercises/one-a',
    '      npm run grade one-a',
    '      npm run submit one-a',
    '',
  ])
})

test('what passed waits to be submitted', () => {
  const records = {
    ...noRecords,
    reads: [{ lessonId: 'one', fraction: 1, at }],
    answers: [answer('one', true)],
    passedRuns: new Set(['one-a']),
  }
  expect(text(records).slice(-4)).toEqual([
    'Next  Submit "Do one-a"',
    '      npm start, then http://localhost:4321/exercises/one-a',
    '      npm run submit one-a',
    '',
  ])
})

test('a question that is still open is where to go on', () => {
  const records = { ...noRecords, reads: [{ lessonId: 'one', fraction: 1, at }] }
  expect(text(records).slice(-3)).toEqual([
    'Next  Answer what is still open in "About one"',
    '      npm start, then http://localhost:4321/lessons/one#quiz-one-question',
    '',
  ])
})

test('who has done it all is told so', () => {
  const done: Records = {
    ...noRecords,
    reads: [{ lessonId: 'one', fraction: 1, at }],
    answers: [answer('one', true)],
  }
  expect(text(done, [], smallCourse([smallLesson('one')])).at(-2)).toBe(
    'Every lesson is read and every exercise passed.',
  )
})
