import { expect, test } from 'vitest'
import type { Exercise } from '../../course/types.ts'
import { exercisesOfShard, parseShard } from './shard.ts'

test.each([
  ['1/3', { index: 1, count: 3 }],
  ['3/3', { index: 3, count: 3 }],
  ['1/1', { index: 1, count: 1 }],
  ['4/3', undefined],
  ['0/3', undefined],
  ['1/0', undefined],
  ['1', undefined],
  ['1/3/5', undefined],
  ['-1/3', undefined],
  ['a/b', undefined],
])('%s', (text, shard) => expect(parseShard(text)).toEqual(shard))

const exercises = (seconds: Record<string, number>) =>
  Object.entries(seconds).map(([id, gradingSeconds]) => ({
    exercise: { id, gradingSeconds } as Exercise,
  }))
const split = (found: ReturnType<typeof exercises>, count: number) =>
  Array.from({ length: count }, (_, index) =>
    exercisesOfShard(found, { index: index + 1, count }, () => 10).map(
      ({ exercise }) => exercise.id,
    ),
  )

test('every exercise is in exactly one shard, whatever their order', () => {
  const found = exercises({ a: 1, b: 18, c: 2, d: 2, e: 8, f: 3, g: 1 })
  const shards = split(found, 3)
  expect(shards.flat().toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  const turned = split(found.toReversed(), 3)
  expect(turned.map((ids) => ids.toSorted())).toEqual(shards.map((ids) => ids.toSorted()))
})

test('the shards have about the same to do', () => {
  expect(split(exercises({ a: 1, b: 18, c: 6, d: 6, e: 5 }), 2)).toEqual([
    ['b'],
    ['a', 'c', 'd', 'e'],
  ])
})

test('more shards than exercises leave some without one', () => {
  expect(split(exercises({ a: 1 }), 3)).toEqual([['a'], [], []])
})
