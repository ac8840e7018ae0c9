import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { loadCourseStrictly } from '../load-course.ts'
import { findExercise } from '../find.ts'
import { misconceptionsOf } from './misconceptions.ts'
import { resolvePaths } from '../paths.ts'

let root: string | undefined
afterEach(() => {
  if (root) rmSync(root, { recursive: true, force: true })
})

const read = async (files: Record<string, string | null>) => {
  root = writeFixtureCourse(files)
  return misconceptionsOf(findExercise(await loadCourseStrictly(root), 'say-hello')!.exercise)
}

const feedback = `Say hello                    work/say-hello/server.ts

  ✓ Your server starts
  ✗ It says hello

      expected   hello

      Why      Nothing was said, and whoever waits for it
               waits for ever.
      See it   curl http://127.0.0.1:3000/

Not yet: 1 of 2
`

test('a wrong answer is its belief, its program, and what was said of it', async () => {
  expect(
    await read({
      'exercises/say-hello/mutants/says-nothing/server.ts':
        '// Misconception: silence is golden.\nserve()\n',
      'exercises/say-hello/feedback/says-nothing.txt': feedback,
    }),
  ).toEqual([
    {
      id: 'says-nothing',
      belief: 'silence is golden.',
      files: [{ path: 'server.ts', solution: '// solved\n', mutant: 'serve()\n' }],
      failed: 'It says hello',
      why: 'Nothing was said, and whoever waits for it waits for ever.',
      feedback,
    },
  ])
})

test('a patch is read as one, and one that cannot be read is left out', async () => {
  const patch = (line: string) =>
    `Misconception: ${line} is noisy.\n--- server.ts\n+++ server.ts\n@@ -1,1 +1,1 @@\n-${line}\n+quiet()\n`
  expect(
    await read({
      'exercises/say-hello/mutants/says-nothing/server.ts': null,
      'exercises/say-hello/mutants/whispers.patch': patch('// solved'),
      'exercises/say-hello/mutants/gone.patch': patch('// solves'),
      'exercises/say-hello/mutants/broken.patch': 'x',
    }),
  ).toEqual([
    {
      id: 'whispers',
      belief: '// solved is noisy.',
      files: [{ path: 'server.ts', solution: '// solved\n', mutant: 'quiet()\n' }],
    },
  ])
})

test('they come in the order of the checks they fail; those of which nothing is kept last', async () => {
  const later = feedback.replace('  ✗ It says hello', '  ✓ It says hello\n  ✗ It says goodbye')
  const found = await read({
    'exercises/say-hello/mutants/says-nothing/server.ts': '// Misconception: a.\n',
    'exercises/say-hello/mutants/b/server.ts': '// Misconception: b.\n',
    'exercises/say-hello/mutants/c/server.ts': '// Misconception: c.\n',
    'exercises/say-hello/feedback/b.txt': later,
    'exercises/say-hello/feedback/says-nothing.txt': feedback,
  })
  expect(found.map(({ id, failed }) => [id, failed])).toEqual([
    ['says-nothing', 'It says hello'],
    ['b', 'It says goodbye'],
    ['c', undefined],
  ])
})

test('a program without a belief is none', async () => {
  expect(
    await read({ 'exercises/say-hello/mutants/says-nothing/server.ts': '// wrong\n' }),
  ).toEqual([])
})

test('every mutant of this course has a belief and a reason', async () => {
  const course = await loadCourseStrictly(resolvePaths({}).root)
  for (const { exercises } of course.sections.flatMap(({ lessons }) => lessons)) {
    for (const exercise of exercises) {
      const all = misconceptionsOf(exercise)
      expect(all.length, join(exercise.id, 'mutants')).toBeGreaterThan(0)
      for (const each of all)
        expect([exercise.id, each.id, each.why ?? '']).toEqual([
          exercise.id,
          each.id,
          expect.stringMatching(/\w/),
        ])
    }
  }
})
