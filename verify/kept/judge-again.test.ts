import { expect, test } from 'vitest'
import type { Evidence, Report } from '../../grader/types/index.ts'
import { check } from '../../grader/judge/check.ts'
import { scenario } from '../../grader/scenario.ts'
import { smallLesson } from '../../testing/sample-course.ts'
import { judgedAgain, type JudgedBy } from './judge-again.ts'
import type { KeptGrading } from './kept-gradings.ts'

const lesson = smallLesson('first', ['one'])
const visit = scenario('Visit', { record: async () => ({ status: 200 }) })
const isAnswered = check('It is answered', visit, {
  verify: ({ status }, expect) => expect(status, 'status').toBe(200),
})
const by: JudgedBy = {
  lesson,
  exercise: lesson.exercises[0]!,
  checks: new Map([['is-answered', isAnswered]]),
}
const kept = (status: number): KeptGrading => ({
  report: { checks: [], notes: [], durationMs: 1 } as unknown as Report,
  evidence: [
    { scenario: 'Visit', recorded: { status }, exchanges: [], log: '', exit: null, remarks: [] },
  ] satisfies Evidence[],
  timed: false,
  ports: [],
})

test('what was recorded is judged by the checks that are there now', async () => {
  expect((await judgedAgain(() => kept(200), by))?.report.verdict).toBe('passed')
  expect((await judgedAgain(() => kept(404), by))?.report.verdict).toBe('failed')
})

test('only a grading can tell where nothing is kept, or another scenario is', async () => {
  expect(await judgedAgain(() => undefined, by)).toBeUndefined()
  const other = kept(200).evidence.map((each) => ({ ...each, scenario: 'Another' }))
  expect(await judgedAgain(() => ({ ...kept(200), evidence: other }), by)).toBeUndefined()
})

test('the evidence of one program is read after that of the other was judged', async () => {
  const seen: string[] = []
  const verify = () => void seen.push('judged')
  const checks = new Map([['watched', check('It is watched', visit, { verify })]])
  const read = () => {
    seen.push('read')
    return kept(200)
  }
  await Promise.all([judgedAgain(read, { ...by, checks }), judgedAgain(read, { ...by, checks })])
  expect(seen).toEqual(['read', 'judged', 'read', 'judged'])
})

test('nothing more is read once a signal has ended it', async () => {
  const signal = AbortSignal.abort(new Error('Stopped'))
  const read = () => expect.unreachable()
  await expect(judgedAgain(read, { ...by, signal })).rejects.toThrow('Stopped')
})
