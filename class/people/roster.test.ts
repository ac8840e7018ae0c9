import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inTransaction } from '../../store/postgres/in-transaction.ts'
import { openTestClass, type TestClass } from '../../testing/class/class-in-tests.ts'
import { addPeople, findByCode, findPerson, issueNewCode, listPeople } from './roster.ts'
import { removePerson, revokeCode } from './roster.ts'
import { beginSession, endSession, forgetOldSessions, visitorOfSession } from './sessions.ts'

const SECRET = 'a secret'
let group: TestClass
beforeAll(async () => void (group = await openTestClass()))
afterAll(() => group.close())
beforeEach(() => group.pool.query('DELETE FROM learners'))

const add = (...names: string[]) => addWith(names.map((name) => ({ name, rosterId: null })))
const addWith = (people: { name: string; rosterId: string | null }[]) =>
  inTransaction(group.pool, (transaction) => addPeople(transaction, people, SECRET))
const inside = async (code: string) => (await findByCode(group.pool, code, SECRET))?.name

test('everybody gets a card, and comes in with its code, however it is typed', async () => {
  const { cards } = await add('Ada', 'Grace')
  expect(cards.map(({ name }) => name)).toEqual(['Ada', 'Grace'])
  const [ada] = cards
  for (const typed of [ada!.code, ada!.code.toLowerCase(), ` ${ada!.code.replace('-', ' ')} `])
    expect(await inside(typed)).toBe('Ada')
  expect(await inside('0000-0000')).toBeUndefined()
  expect(await inside('')).toBeUndefined()
  expect(await findByCode(group.pool, ada!.code, 'another secret')).toBeUndefined()
})

test('of a code only its hash is kept', async () => {
  const { cards } = await add('Ada')
  const { rows } = await group.pool.query('SELECT learners::text AS row FROM learners')
  expect(rows[0].row).not.toContain(cards[0]!.code.slice(0, 4))
})

test('the first time somebody comes in is kept', async () => {
  const { cards } = await add('Ada')
  expect((await listPeople(group.pool))[0]!.firstLoginAt).toBeNull()
  await inside(cards[0]!.code)
  const [first] = await listPeople(group.pool)
  await inside(cards[0]!.code)
  expect(first!.firstLoginAt).toMatch(/^\d{4}-.*Z$/)
  expect((await listPeople(group.pool))[0]!.firstLoginAt).toBe(first!.firstLoginAt)
})

test('a list that is pasted again adds those who are new', async () => {
  await addWith([
    { name: 'Ada', rosterId: null },
    { name: 'Grace', rosterId: '7' },
  ])
  const { cards, known } = await addWith([
    { name: 'Ada', rosterId: null },
    { name: 'Grace M. Hopper', rosterId: '7' },
    { name: 'Grace', rosterId: '8' },
    { name: 'Barbara', rosterId: null },
  ])
  expect(cards.map(({ name }) => name)).toEqual(['Grace', 'Barbara'])
  expect(known.map(({ name }) => name)).toEqual(['Ada', 'Grace M. Hopper'])
})

test('a lost code: the new one works, the old one and its sessions do not', async () => {
  const { cards } = await add('Ada')
  const [{ id, code: lost } = {} as never] = cards
  const session = await beginSession(group.pool, id)
  const card = await inTransaction(group.pool, (transaction) =>
    issueNewCode(transaction, id, SECRET),
  )
  expect(await inside(card!.code)).toBe('Ada')
  expect(await inside(lost)).toBeUndefined()
  expect(await visitorOfSession(group.pool, session)).toBeUndefined()
  expect(
    await inTransaction(group.pool, (transaction) => issueNewCode(transaction, 'nobody', SECRET)),
  ).toBeUndefined()
})

test('a revoked code lets nobody in, and what they did is kept', async () => {
  const { cards } = await add('Ada')
  const { id, code } = cards[0]!
  await group.addJudged({ learner: id, exercise: 'x' })
  const session = await beginSession(group.pool, id)
  await inTransaction(group.pool, (transaction) => revokeCode(transaction, id))
  expect(await inside(code)).toBeUndefined()
  expect(await visitorOfSession(group.pool, session)).toBeUndefined()
  expect(await findPerson(group.pool, id)).toMatchObject({ name: 'Ada', hasCode: false })
  expect((await group.pool.query('SELECT 1 FROM submissions')).rowCount).toBe(1)
})

test('nothing is left of somebody who was removed', async () => {
  const { cards } = await add('Ada', 'Grace')
  const { id } = cards[0]!
  await group.addJudged({ learner: id, exercise: 'x', checks: [{ id: 'a', outcome: 'failed' }] })
  await beginSession(group.pool, id)
  await removePerson(group.pool, id)
  for (const table of ['sessions', 'submissions', 'judgements', 'check_results'])
    expect((await group.pool.query(`SELECT 1 FROM ${table}`)).rowCount, table).toBe(0)
  expect((await listPeople(group.pool)).map(({ name }) => name)).toEqual(['Grace'])
})

test('a session lasts until it is ended, or over', async () => {
  const id = await group.addLearner('Ada', 'teacher')
  const [one, two, three] = await Promise.all([1, 2, 3].map(() => beginSession(group.pool, id)))
  expect(await visitorOfSession(group.pool, one!)).toEqual({ id, name: 'Ada', role: 'teacher' })
  await endSession(group.pool, one!)
  expect(await visitorOfSession(group.pool, one!)).toBeUndefined()
  expect(await visitorOfSession(group.pool, two!)).toBeDefined()
  await group.pool.query('UPDATE sessions SET expires_at = now()')
  expect(await visitorOfSession(group.pool, two!)).toBeUndefined()
  await forgetOldSessions(group.pool)
  expect((await group.pool.query('SELECT 1 FROM sessions')).rowCount).toBe(0)
  expect(new Set([one, two, three]).size).toBe(3)
})

test('a class of ten thousand is added in one go', async () => {
  const names = Array.from({ length: 10_000 }, (_, place) => `Person ${place}`)
  const { cards } = await add(...names)
  expect(new Set(cards.map(({ code }) => code)).size).toBe(10_000)
  expect(await inside(cards.at(-1)!.code)).toBe('Person 9999')
})

test('people are listed the teachers first, then as one looks a name up', async () => {
  await group.addLearner('Zed', 'teacher')
  for (const name of ['Zoë', 'Øyvind', 'bob', 'Learner 10', 'Learner 9', 'Ångström', 'Ada'])
    await group.addLearner(name)
  const names = (await listPeople(group.pool)).map(({ name }) => name)
  expect(names).toEqual([
    'Zed',
    'Ada',
    'Ångström',
    'bob',
    'Learner 9',
    'Learner 10',
    'Øyvind',
    'Zoë',
  ])
})
