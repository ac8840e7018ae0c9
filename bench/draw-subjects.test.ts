import { expect, test } from 'vitest'
import { seededRandom } from '../grader/record/random.ts'
import { drawSubjects } from './draw-subjects.ts'

const SUBJECTS = ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']
const draw = (count: number, seed: string) =>
  drawSubjects(SUBJECTS, count, (subject) => subject[0]!, seededRandom(seed))

test.each(['1', '7', 'a word'])('seed %s draws the same again', (seed) => {
  expect(draw(40, seed)).toEqual(draw(40, seed))
})

test('other seeds draw others', () => {
  const draws = new Set(Array.from({ length: 20 }, (_, seed) => draw(12, String(seed)).join()))
  expect(draws.size).toBeGreaterThan(10)
})

test.each([0, 1, 2, 3])('of %i no exercise comes twice', (count) => {
  const exercises = draw(count, 'x').map((subject) => subject[0])
  expect(exercises).toHaveLength(count)
  expect(new Set(exercises).size).toBe(count)
})

test('every subject comes before one of its exercise comes again', () => {
  const drawn = draw(18, 'y')
  expect(new Set(drawn.filter((subject) => subject.startsWith('a')).slice(0, 3)).size).toBe(3)
  expect(drawn.filter((subject) => subject === 'b1')).toHaveLength(6)
  expect(new Set(drawn)).toEqual(new Set(SUBJECTS))
})

test('of nothing, nothing is drawn', () => {
  expect(drawSubjects<string>([], 5, String, seededRandom('z'))).toEqual([])
})
