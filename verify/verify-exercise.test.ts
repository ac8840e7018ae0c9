import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findExercise, type FoundExercise } from '../course/find.ts'
import { loadCourse } from '../course/load-course.ts'
import type { Evidence, Report } from '../grader/types/index.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import { packed, type KeptGrading } from './kept/kept-gradings.ts'
import { verifyExercise } from './verify-exercise.ts'
import type { VerifyOptions } from './verification.ts'

let root: string
let found: FoundExercise
beforeEach(async () => {
  root = writeFixtureCourse({
    'exercises/say-hello/checks.ts':
      "import { check, scenario } from '#grader'\nconst visit = scenario('Visit', { record: async () => ({}) })\nexport default { one: check('One', visit, { verify() {} }) }\n",
    'exercises/say-hello/right/stub/server.ts': 'export {}\n',
  })
  found = findExercise((await loadCourse(root)).course, 'say-hello')!
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const report: Report = {
  exercise: 'say-hello',
  title: 'Say hello',
  run: 'ab12cd34',
  verdict: 'failed',
  checks: [],
  notes: [],
  startedAt: '2026-11-22T10:00:00.000Z',
  durationMs: 1,
  program: 'work/say-hello/server.ts',
}
const evidence: Evidence[] = [
  { scenario: 'Visit', recorded: {}, exchanges: [], log: '', exit: null, remarks: [] },
]
const grading: KeptGrading = { report, evidence, timed: false, ports: [] }
/** No program is started: each grading gives the same. */
const options = (): VerifyOptions => ({
  ...found,
  withOnce: false,
  pack: packed,
  schedule: async () => grading as any,
})

test('a compiler that fails is said, and what was graded is there', async () => {
  const types = Promise.reject(new Error('The compiler could not check types'))
  const { problems, gradings, trials } = await verifyExercise({ ...options(), types })
  expect(problems).toContain('The compiler could not check types')
  expect(gradings.size).toBe(trials.length)
})

test('what the compiler says of the exercise is told, once', async () => {
  const types = Promise.resolve(new Map([['say-hello', ['wrong', 'wrong']]]))
  const { problems } = await verifyExercise({ ...options(), types })
  expect(problems.filter((say) => say === 'wrong')).toHaveLength(1)
})

test('what was judged again is not among what was graded; programs of one name are two', async () => {
  const { gradings, trials } = await verifyExercise({
    ...options(),
    kept: { names: new Set(['stub', 'mutant.says-nothing']), read: () => grading },
  })
  const again = trials.filter(({ isJudgedAgain }) => isJudgedAgain)
  expect(again.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'stub stub',
    'mutant says-nothing',
  ])
  expect([...gradings.keys()]).not.toContain('stub')
  expect([...gradings.keys()]).toContain('right.stub')
})
