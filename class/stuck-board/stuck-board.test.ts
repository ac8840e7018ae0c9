import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  openTestClass,
  type JudgedCheck,
  type TestClass,
} from '../../testing/class/class-in-tests.ts'
import { readStuckBoard } from './stuck-board.ts'

let group: TestClass
beforeAll(async () => void (group = await openTestClass()))
afterAll(() => group.close())
beforeEach(() => group.pool.query('DELETE FROM learners'))

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const failing = (...ids: string[]): JudgedCheck[] => [
  { id: 'starts', outcome: 'passed' },
  ...ids.map((id) => ({ id, outcome: 'failed', diagnosis: `why-${id}` }) as const),
]

test('the first check that fails in the newest grading holds somebody up', async () => {
  const [ada, grace, barbara] = await Promise.all(
    ['Ada', 'Grace', 'Barbara'].map((name) => group.addLearner(name)),
  )
  const tries = { exercise: 'x', purpose: 'run' } as const
  await group.addJudged({ ...tries, learner: ada!, at: ago(60), checks: failing('a', 'b') })
  await group.addJudged({ ...tries, learner: ada!, at: ago(30), checks: failing('b', 'c') })
  await group.addJudged({ ...tries, learner: grace!, at: ago(5), checks: failing('b') })
  await group.addJudged({ ...tries, learner: barbara!, at: ago(5), checks: failing('a') })
  await group.addJudged({ learner: barbara!, exercise: 'x', at: ago(1), verdict: 'passed' })
  const board = await readStuckBoard(group.pool, 14)
  expect(board).toMatchObject([
    {
      exerciseId: 'x',
      checkId: 'b',
      checkTitle: 'Title of b',
      diagnosis: 'why-b',
      learners: [
        { id: ada, name: 'Ada', attempts: 2, minutes: 30 },
        { id: grace, name: 'Grace', attempts: 1, minutes: 0 },
      ],
    },
  ])
})

test('what nobody tried lately, and what the grader could not judge, is not there', async () => {
  const ada = await group.addLearner('Ada')
  await group.addJudged({ learner: ada, exercise: 'x', at: ago(20 * 1440), checks: failing('a') })
  await group.addJudged({ learner: ada, exercise: 'y', verdict: 'errored', checks: failing('a') })
  expect(await readStuckBoard(group.pool, 14)).toEqual([])
  expect(await readStuckBoard(group.pool, 30)).toHaveLength(1)
})

test('the checks that hold up most come first', async () => {
  for (const [place, check] of ['a', 'b', 'b', 'c', 'b', 'c'].entries()) {
    const learner = await group.addLearner(`Learner ${place}`)
    await group.addJudged({ learner, exercise: 'x', checks: failing(check) })
  }
  const board = await readStuckBoard(group.pool, 14)
  expect(board.map(({ checkId, learners }) => [checkId, learners.length])).toEqual([
    ['b', 3],
    ['c', 2],
    ['a', 1],
  ])
})
