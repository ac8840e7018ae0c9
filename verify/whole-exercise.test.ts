import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findExercise } from '../course/find.ts'
import { loadCourse } from '../course/load-course.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import { junkPrograms } from './junk.ts'
import type { Trial } from './trial.ts'
import { wholeProblems } from './whole-exercise.ts'

test('a check is failed by a program of every exercise’s, not by one that proves for others', async () => {
  const root = writeFixtureCourse()
  try {
    const { exercise } = findExercise((await loadCourse(root)).course, 'say-hello')!
    const checks = new Map([['answers', {}]]) as unknown as Checks
    const said = (isOnce: boolean) => {
      const [program] = junkPrograms('server', true).filter((each) => each.isOnce === isOnce)
      const trial = {
        kind: 'junk',
        name: program!.name,
        report: { checks: [{ id: 'answers', outcome: 'failed' }] },
      } as unknown as Trial
      return wholeProblems(exercise, checks, [trial]).filter((say) => say.includes('answers'))
    }
    expect(said(false)).toEqual([])
    expect(said(true)).toEqual([
      expect.stringMatching(/^no mutant and no junk program fails the check answers/),
    ])
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})
