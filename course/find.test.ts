import { describe, expect, test } from 'vitest'
import { explainUnknownExercise, findExercise, findLesson, nearest } from './find.ts'
import { smallCourse } from '../testing/sample-course.ts'

describe('nearest', () => {
  const ids = ['cookies-set-and-return', 'cookies-max-age', 'cookies-httponly']
  test.each([
    ['cookies-maxage', 'cookies-max-age'],
    ['cookeis-max-age', 'cookies-max-age'],
    ['Cookies-HttpOnly', 'cookies-httponly'],
    ['max-age', 'cookies-max-age'],
    ['httponly', 'cookies-httponly'],
    ['caching', undefined],
    ['', undefined],
  ])('%j → %j', (id, expected) => expect(nearest(id, ids)).toBe(expected))

  test('two letters that changed places are one step', () => {
    expect(nearest('ba', ['ab', 'abcd'])).toBe('ab')
  })
})

describe('find', () => {
  const course = smallCourse()

  test('gives an exercise with its lesson and section', () => {
    const home = { lesson: { id: 'first-lesson' }, section: { id: 'start' } }
    expect(findExercise(course, 'say-hello')).toMatchObject({
      exercise: { id: 'say-hello' },
      ...home,
    })
    expect(findLesson(course, 'first-lesson')).toMatchObject(home)
  })

  test('gives undefined for what is not there', () => {
    expect(findExercise(course, 'first-lesson')).toBeUndefined()
    expect(findLesson(course, 'constructor')).toBeUndefined()
  })

  test('explains an unknown exercise', () => {
    expect(explainUnknownExercise(course, 'say-helo')).toBe(
      'No exercise is called "say-helo". Did you mean "say-hello"?',
    )
    expect(explainUnknownExercise(course, 'tls')).toBe(
      'No exercise is called "tls". See the list with: npm run progress',
    )
  })
})
