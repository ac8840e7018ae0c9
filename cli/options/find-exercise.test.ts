import { describe, expect, test } from 'vitest'
import type { Course, RefusedExercise } from '../../course/types.ts'
import { leftOut, requireExercise } from './find-exercise.ts'

const refused = (id: string): RefusedExercise => ({
  id,
  problems: [
    { file: `exercises/${id}/exercise.md`, line: 3, message: 'It is wrong.', remedy: 'Fix it.' },
  ],
})
const course = (...ids: string[]): Course => ({
  id: 'small',
  title: 'Small',
  summary: '',
  introduction: '',
  houseStyle: false,
  root: '/course',
  sections: [],
  ...(ids.length > 0 && { refused: ids.map(refused) }),
})

describe('requireExercise', () => {
  test('says what is wrong with the one that has mistakes', () => {
    expect(() => requireExercise(course('say-hello', 'say-bye'), 'say-hello')).toThrow(
      'The course has 1 mistake.\n\nexercises/say-hello/exercise.md:3\n  It is wrong.\n  Fix it.',
    )
  })

  test('says that there is none', () => {
    expect(() => requireExercise(course('say-hello'), 'another')).toThrow(
      'No exercise is called "another".',
    )
  })
})

test('leftOut names every exercise, and nothing where there is none', () => {
  expect(leftOut([course(), course()])).toBeUndefined()
  const text = leftOut([course('say-hello'), course(), course('say-bye')])
  expect(text).toMatch(
    /^Left out because of mistakes in them: say-hello, say-bye\.\nThe course has 2 mistakes\./,
  )
  expect(text).toContain('exercises/say-bye/exercise.md:3')
})
