import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findExercise, type FoundExercise } from '../course/find.ts'
import { loadCourse } from '../course/load-course.ts'
import { programOf } from '../grader/program-of.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import { tryCandidate } from './try-candidate.ts'

let root: string
let found: FoundExercise
beforeEach(async () => {
  root = writeFixtureCourse()
  found = findExercise((await loadCourse(root)).course, 'say-hello')!
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('what is due when a signal is aborted is not begun', async () => {
  const { exercise } = found
  const program = programOf(exercise, join(exercise.dir, 'stub'), 'work/say-hello/server.ts')
  const stopping = new AbortController()
  const stopped = new Error('Stopped.')
  let begun = 0
  const trial = tryCandidate(
    { kind: 'stub', name: 'stub', program, judge: () => [] },
    {
      ...found,
      checks: new Map(),
      withOnce: false,
      // Its turn comes only then.
      schedule: async (_, task) => {
        stopping.abort(stopped)
        return task()
      },
      signal: stopping.signal,
      onBegin: () => void begun++,
      onPlain: async () => {},
    },
  )
  await expect(trial).rejects.toBe(stopped)
  expect(begun).toBe(0)
})
