import { expect, test } from 'vitest'
import { smallCourse, smallLesson } from '../testing/sample-course.ts'
import { findExercise, findLesson } from './find.ts'
import { besideOthers, joinCourses } from './join-courses.ts'
import { parseQuiz } from './read/quiz.ts'

const markdown =
  'See [one](/lessons/one#top), [do it](/exercises/one-a), [elsewhere](/lessons/gone).\n\n```quiz id=two-question\nWho?\n(x) You\n( ) I\n= So.\n```\n'
const course = smallCourse([
  smallLesson('one', ['one-a']),
  { ...smallLesson('two'), needs: ['one'], markdown },
])
const told = {
  ...smallLesson('three'),
  terms: { jar: 'See [one](/lessons/one).' },
  questions: [
    {
      id: 'three-question',
      text: 'Who?',
      options: [
        { text: 'You', correct: true },
        { text: 'I', correct: false, why: 'Read [one](/lessons/one).' },
      ],
      explanation: 'So.',
    },
  ],
}
const beside = besideOthers({ ...course, id: 'other' })

test('a course beside another has ids of its own, everywhere it names them', () => {
  const { lesson } = findLesson(beside, 'other--two')!
  expect(lesson.needs).toEqual(['other--one'])
  expect(lesson.markdown).toContain(
    'See [one](/lessons/other--one#top), [do it](/exercises/other--one-a), [elsewhere](/lessons/gone).',
  )
  expect(parseQuiz(lesson.markdown).questions.map(({ id }) => id)).toEqual(
    lesson.questions.map(({ id }) => id),
  )
  expect(findExercise(beside, 'other--one-a')?.exercise).toMatchObject({
    lesson: 'other--one',
    dir: '/course/exercises/one-a',
  })
})

test('what is said of terms and wrong options leads to its own lessons, too', () => {
  const { lesson } = findLesson(
    besideOthers({ ...smallCourse([smallLesson('one'), told]), id: 'other' }),
    'other--three',
  )!
  expect(lesson.terms).toEqual({ jar: 'See [one](/lessons/other--one).' })
  expect(lesson.questions[0]!.options[1]!.why).toBe('Read [one](/lessons/other--one).')
})

test('both are found in the courses as one, although their authors chose the same ids', () => {
  const all = joinCourses([course, beside])
  expect(all.title).toBe(course.title)
  expect(findLesson(all, 'one')?.lesson.exercises[0]?.id).toBe('one-a')
  expect(findLesson(all, 'other--one')?.lesson.exercises[0]?.id).toBe('other--one-a')
})

test('one course alone stays the object it is, with all that is kept for it', () =>
  expect(joinCourses([course])).toBe(course))
