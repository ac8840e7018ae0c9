import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FoundExercise } from '../../course/find.ts'
import type { Report } from '../../grader/types/index.ts'
import { smallCourse, smallLesson } from '../../testing/sample-course.ts'
import { onceNames } from '../junk.ts'
import type { Trial } from '../trial.ts'
import type { GradedVerification } from '../verification.ts'
import { openKeptGradings, packed, type KeptGrading } from './kept-gradings.ts'
import { openVerifyMemory } from './memory.ts'
import { planned, remember, type PlanOptions } from './plan.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'roundtrip-plan-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const [section] = smallCourse().sections
const lesson = smallLesson('first', ['one', 'two', 'three'])
const chosen = lesson.exercises.map((exercise): FoundExercise => ({
  exercise,
  lesson,
  section: section!,
}))
const grading: KeptGrading = {
  report: { verdict: 'failed' } as Report,
  evidence: [],
  timed: false,
  ports: [],
}
const bytes = await packed(grading)
const gradingsOf = (...keys: string[]) => new Map(keys.map((key) => [key, bytes]))
const once = onceNames('server').map((name) => `junk.${name}`)
const was = { recorded: 'a'.repeat(64), judged: 'j' }

function options(changes: Partial<PlanOptions> = {}): PlanOptions {
  return {
    fingerprintOf: async () => was,
    memory: openVerifyMemory(folder),
    keptGradings: openKeptGradings(folder),
    repeat: 1,
    slowed: false,
    all: false,
    update: false,
    onUnchanged: () => {},
    ...changes,
  }
}
const keep = (id: string, ...keys: string[]) =>
  openKeptGradings(folder).keep(id, was.recorded, gradingsOf(...keys))
const brief = async (changes?: Partial<PlanOptions>) =>
  (await planned(chosen, options(changes))).map(({ exercise: { id }, kept, withOnce }) => [
    id,
    kept.names.size,
    withOnce,
  ])

test('the first that is graded proves for all of its kind', async () => {
  expect(await brief()).toEqual([
    ['one', 0, true],
    ['two', 0, false],
    ['three', 0, false],
  ])
})

test('what proves for all is judged again where it is kept, and not graded where it is not', async () => {
  keep('one', 'stub')
  keep('two', 'stub', ...once)
  const [stub, all] = [1, 1 + once.length]
  expect(await brief()).toEqual([
    ['one', stub, false],
    ['two', all, true],
    ['three', 0, false],
  ])
})

test('no evidence is read for a plan', async () => {
  const read = () => expect.unreachable()
  const kept = { ...openKeptGradings(folder), of: () => ({ names: new Set(['stub']), read }) }
  expect(await brief({ keptGradings: kept })).toHaveLength(3)
})

test.each([{ all: true }, { slowed: true }, { repeat: 2 }, { keptGradings: undefined }])(
  'nothing is judged again with %o',
  async (changes) => {
    keep('one', 'stub')
    expect((await brief(changes))[0]).toEqual(['one', 0, true])
  },
)

const verified = (problems: readonly string[] = []): GradedVerification => ({
  exercise: 'one',
  trials: [{ problems: [] } as unknown as Trial],
  problems,
  seconds: 1,
  gradings: gradingsOf('stub'),
})
const rememberOne = async (verification: GradedVerification, now = was) => {
  const planning = options()
  const [plan] = await planned(chosen, planning)
  await remember(plan!, verification, now, planning)
  const unchanged: string[] = []
  const [next] = await planned(
    chosen,
    options({ onUnchanged: ({ exercise }) => unchanged.push(exercise.id) }),
  )
  return unchanged.length > 0 ? 'unchanged' : next!.kept.names.size > 0 ? 'judged again' : 'graded'
}

test('what was green and stayed as it was is not due again', async () => {
  expect(await rememberOne(verified())).toBe('unchanged')
})

test('what is wrong is judged again', async () => {
  expect(await rememberOne(verified(['has 2 hints']))).toBe('judged again')
})

test('what is judged by has changed meanwhile: nobody knows by which it was green', async () => {
  expect(await rememberOne(verified(), { ...was, judged: 'other' })).toBe('judged again')
})

test('what is recorded has changed meanwhile: nobody knows from which it was', async () => {
  expect(await rememberOne(verified(), { ...was, recorded: 'b'.repeat(64) })).toBe('graded')
})

test('a verification that could not grade costs nothing that is kept', async () => {
  keep('one', 'stub', 'solution')
  const refused = { ...verified(['checks.ts does not load']), gradings: new Map() }
  expect(await rememberOne(refused)).toBe('judged again')
  expect(openKeptGradings(folder).of('one', was.recorded).names.size).toBe(2)
})
