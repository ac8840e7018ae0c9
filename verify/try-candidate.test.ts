import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findExercise, type FoundExercise } from '../course/find.ts'
import { loadCourse } from '../course/load-course.ts'
import { programOf } from '../grader/program-of.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import type { Report } from '../grader/types/index.ts'
import type { KeptGrading } from './kept/kept-gradings.ts'
import { mutantProblems } from './verdicts.ts'
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
      mayGradeAlone: () => true,
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

/** A mutant that fails, and what its gradings earn one after the other: a diagnosis, or none. */
async function mutantThatEarns(earned: (string | null)[], mayGradeAlone = true) {
  const { exercise } = found
  const program = programOf(exercise, join(exercise.dir, 'stub'), 'work/say-hello/server.ts')
  const alone: (boolean | undefined)[] = []
  const [trial] = await tryCandidate(
    {
      kind: 'mutant',
      name: 'mumbles',
      program,
      judge: (report) => mutantProblems(report, 'mumbles'),
    },
    {
      ...found,
      checks: new Map(),
      withOnce: false,
      mayGradeAlone: () => mayGradeAlone,
      schedule: async (expected) => {
        alone.push(expected.alone)
        return gradingThatEarns(earned[alone.length - 1]!) as any
      },
      onBegin: () => {},
      onPlain: async () => {},
    },
  )
  return { alone, problems: trial!.problems, besideOthers: trial!.besideOthers }
}

function gradingThatEarns(diagnosis: string | null): KeptGrading {
  const check = {
    id: 'greeting',
    outcome: 'failed',
    findings: [{ holds: false }],
    ...(diagnosis && { diagnosis: { id: diagnosis } }),
  }
  const report = { verdict: 'failed', checks: [check] } as unknown as Report
  return { report, evidence: [], timed: false, ports: [] }
}

test('a mutant that earns its diagnosis is graded once', async () => {
  const { alone, problems, besideOthers } = await mutantThatEarns(['mumbles'])
  expect(alone).toEqual([false])
  expect(problems).toEqual([])
  expect(besideOthers).toBeUndefined()
})

test('one that earns another diagnosis beside others is graded alone, and that counts', async () => {
  for (const other of ['shouts', null]) {
    const { alone, problems, besideOthers } = await mutantThatEarns([other, 'mumbles'])
    expect(alone).toEqual([false, true])
    expect(problems).toEqual([])
    expect(besideOthers).toContain(`earned ${other ?? 'no diagnosis'}`)
  }
  const { alone, problems } = await mutantThatEarns([null, 'shouts'])
  expect(alone).toEqual([false, true])
  expect(problems).toEqual([expect.stringContaining('but earned shouts')])
})

test('where too many were graded alone, the first grading counts', async () => {
  const { alone, problems } = await mutantThatEarns([null, 'mumbles'], false)
  expect(alone).toEqual([false])
  expect(problems).toEqual([expect.stringContaining('but earned no diagnosis')])
})
