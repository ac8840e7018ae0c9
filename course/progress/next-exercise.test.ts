import { expect, test } from 'vitest'
import { smallCourse, smallLesson } from '../../testing/sample-course.ts'
import { exerciseAfter } from './next-exercise.ts'

const course = smallCourse([smallLesson('one', ['a', 'b']), smallLesson('two', ['c'])])
const after = (id: string, ...passed: string[]) =>
  exerciseAfter(course, id, new Set(passed))?.exercise.id ?? null

test('is the next in the course’s order, into the next lesson', () => {
  expect([after('a'), after('b')]).toEqual(['b', 'c'])
})

test('leaves out what was passed, and goes around the end', () => {
  expect(after('a', 'a', 'b')).toBe('c')
  expect(after('c', 'c')).toBe('a')
  expect(after('b', 'a', 'b', 'c')).toBeNull()
})

test('never gives the same one again', () => {
  expect(after('b', 'a', 'c')).toBeNull()
})

test('after one the course no longer has is the first open one', () => {
  expect(after('gone', 'a')).toBe('b')
})
