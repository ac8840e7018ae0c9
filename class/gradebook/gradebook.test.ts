import { text } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  openTestClass,
  type JudgedCheck,
  type TestClass,
} from '../../testing/class/class-in-tests.ts'
import { dueOf, listAssignments, listExtensions } from '../assignments/assignments.ts'
import { setAssignment, setExtension } from '../assignments/assignments.ts'
import { listPeople } from '../people/roster.ts'
import { canvasCsv, plainCsv } from './gradebook-csv.ts'
import { readGrades, scoreOf } from './gradebook.ts'

let group: TestClass
let ada: string
beforeAll(async () => void (group = await openTestClass()))
afterAll(() => group.close())
beforeEach(async () => {
  await group.pool.query('DELETE FROM learners')
  await group.pool.query('DELETE FROM assignments')
  ada = await group.addLearner('Ada')
})

const checks = (passed: number, of: number): JudgedCheck[] =>
  Array.from({ length: of }, (_, place) => ({
    id: `check-${place}`,
    outcome: place < passed ? 'passed' : 'failed',
  }))
const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T12:00:00.000Z`
const gradeOf = async (exercise: string) =>
  (await readGrades(group.pool)).find(({ exerciseId }) => exerciseId === exercise)

test('the best submission counts: the most checks, then a pass, then the first of equals', async () => {
  await group.addJudged({ learner: ada, exercise: 'x', at: day(1), checks: checks(2, 4) })
  await group.addJudged({ learner: ada, exercise: 'x', at: day(2), checks: checks(3, 4) })
  await group.addJudged({ learner: ada, exercise: 'x', at: day(3), checks: checks(1, 4) })
  expect(await gradeOf('x')).toMatchObject({ passedChecks: 3, submittedAt: day(2), attempts: 3 })
  for (const at of [day(4), day(5)])
    await group.addJudged({
      learner: ada,
      exercise: 'x',
      at,
      verdict: 'passed',
      checks: checks(4, 4),
    })
  await group.addJudged({ learner: ada, exercise: 'x', at: day(6), checks: checks(0, 4) })
  expect(await gradeOf('x')).toMatchObject({ verdict: 'passed', submittedAt: day(4), attempts: 6 })
})

test('runs, and what the grader could not judge, count for nothing', async () => {
  await group.addJudged({ learner: ada, exercise: 'x', purpose: 'run', verdict: 'passed' })
  await group.addJudged({ learner: ada, exercise: 'x', verdict: 'errored' })
  expect(await readGrades(group.pool)).toEqual([])
})

test('an old judgement does not count once another is current', async () => {
  const id = await group.addJudged({ learner: ada, exercise: 'x', checks: checks(1, 4) })
  await group.pool.query('UPDATE judgements SET current = false')
  await group.pool.query(
    `INSERT INTO judgements (submission_id, checks_version, verdict, passed_checks, total_checks, run, report, evidence_gz, current)
     VALUES ($1, 'two', 'passed', 4, 4, 'r', '{}', '', true)`,
    [id],
  )
  expect(await gradeOf('x')).toMatchObject({ verdict: 'passed', attempts: 1 })
})

test('late is what came after the deadline, and an extension given later counts', async () => {
  await setAssignment(group.pool, { exerciseId: 'x', opensAt: null, dueAt: day(10) })
  await group.addJudged({ learner: ada, exercise: 'x', at: day(9), checks: checks(3, 4) })
  await group.addJudged({ learner: ada, exercise: 'x', at: day(11), checks: checks(3, 4) })
  expect(await gradeOf('x')).toMatchObject({ isLate: false })
  await group.addJudged({ learner: ada, exercise: 'x', at: day(12), verdict: 'passed' })
  expect(await gradeOf('x')).toMatchObject({ verdict: 'passed', isLate: true })
  await setExtension(group.pool, ada, 'x', day(13))
  expect(await gradeOf('x')).toMatchObject({ verdict: 'passed', isLate: false })
  await setExtension(group.pool, ada, 'x', null)
  expect(await gradeOf('x')).toMatchObject({ isLate: true })
})

test('an extension never shortens, and ends nothing that has no end', async () => {
  await setAssignment(group.pool, { exerciseId: 'x', opensAt: null, dueAt: day(10) })
  await setExtension(group.pool, ada, 'x', day(5))
  await setAssignment(group.pool, { exerciseId: 'y', opensAt: day(1), dueAt: null })
  await setExtension(group.pool, ada, 'y', day(5))
  const due = async (id: string) => (await dueOf(group.pool, ada, id))!.dueAt
  expect([await due('x'), await due('y')]).toEqual([day(10), null])
})

test('open and over are judged by the time of the database', async () => {
  const hours = (number: number) => new Date(Date.now() + number * 3_600_000).toISOString()
  await setAssignment(group.pool, { exerciseId: 'past', opensAt: hours(-2), dueAt: hours(-1) })
  await setAssignment(group.pool, { exerciseId: 'now', opensAt: hours(-1), dueAt: hours(1) })
  await setAssignment(group.pool, { exerciseId: 'later', opensAt: hours(1), dueAt: hours(2) })
  const of = async (id: string) => {
    const due = (await dueOf(group.pool, ada, id))!
    return [due.isOpen, due.isOver]
  }
  expect([await of('past'), await of('now'), await of('later')]).toEqual([
    [true, true],
    [true, false],
    [false, false],
  ])
  await setAssignment(group.pool, { exerciseId: 'past', opensAt: null, dueAt: null })
  expect(
    (await listAssignments(group.pool)).map(({ exerciseId }) => exerciseId).toSorted(),
  ).toEqual(['later', 'now'])
  await setExtension(group.pool, ada, 'now', hours(3))
  expect(await listExtensions(group.pool)).toMatchObject([{ name: 'Ada', exerciseId: 'now' }])
})

test.each([
  [{ verdict: 'passed', passedChecks: 4, totalChecks: 4 }, 100],
  [{ verdict: 'failed', passedChecks: 3, totalChecks: 4 }, 75],
  [{ verdict: 'failed', passedChecks: 999, totalChecks: 1000 }, 99],
  [{ verdict: 'failed', passedChecks: 0, totalChecks: 0 }, 0],
] as const)('%o is worth %i of 100', (grade, score) => {
  expect(scoreOf(grade as never)).toBe(score)
})

test('both forms of CSV can be read, with whatever a name contains', async () => {
  await group.pool.query("UPDATE learners SET name = $1, roster_id = '017'", [
    '=HYPERLINK("x"), "Ada"; Lovelace',
  ])
  await group.addJudged({ learner: ada, exercise: 'x', at: day(2), checks: checks(3, 4) })
  const columns = [
    { exerciseId: 'x', title: 'Cookies, and state' },
    { exerciseId: 'y', title: 'Another' },
  ]
  const [people, grades] = [await listPeople(group.pool), await readGrades(group.pool)]
  const canvas = parse(await text(canvasCsv(people, columns, grades)), { bom: true }) as string[][]
  expect(canvas).toEqual([
    [
      'Student',
      'ID',
      'SIS User ID',
      'SIS Login ID',
      'Section',
      'Cookies, and state (x)',
      'Another (y)',
    ],
    ['    Points Possible', '', '', '', '', '100', '100'],
    ['\'=HYPERLINK("x"), "Ada"; Lovelace', '', '', '017', '', '75', ''],
  ])
  const plain = parse(await text(plainCsv(people, columns, grades)), {
    bom: true,
    columns: true,
  }) as object[]
  expect(plain).toMatchObject([
    { exercise: 'x', verdict: 'failed', score: '75', submitted: day(2), attempts: '1' },
    { exercise: 'y', verdict: '', attempts: '0' },
  ])
})

test('a long gradebook comes in pieces, with others in between and every row once', async () => {
  const people = Array.from({ length: 1_000 }, (_, at) => ({
    id: `${at}`,
    name: `Learner ${at}`,
    rosterId: `${at}`,
    role: 'learner' as const,
    hasCode: true,
    firstLoginAt: null,
  }))
  const columns = [
    { exerciseId: 'x', title: 'One' },
    { exerciseId: 'y', title: 'Another' },
  ]
  let turns = 0
  let turn = setImmediate(function count() {
    turns++
    turn = setImmediate(count)
  })
  const pieces: string[] = []
  for await (const piece of plainCsv(people, columns, [])) pieces.push(piece)
  clearImmediate(turn)
  const rows = parse(pieces.join(''), { bom: true, columns: true }) as Record<string, string>[]
  expect(rows.map((row) => `${row['roster id']} ${row['exercise']}`)).toEqual(
    people.flatMap(({ id }) => [`${id} x`, `${id} y`]),
  )
  expect(turns).toBeGreaterThan(2)
})
