import { expect, test } from 'vitest'
import { scenario, type Scenario } from '../scenario.ts'
import { check } from './check.ts'
import { lackingSetUps } from './lacking-set-ups.ts'

const record = async () => ({})
const checks = (...scenarios: Scenario<any>[]) =>
  new Map(
    scenarios.map((each) => [each.title, check(each.title, each, { verify: () => {} })] as const),
  )
const titles = (...scenarios: Scenario<any>[]) =>
  lackingSetUps(checks(...scenarios)).map(({ lacks, has }) => [lacks.title, has.title])

test('a scenario lacks the set-up that another one of its exercise has', () => {
  const first = scenario('first', { setUp: () => ({ environment: { WORD: 'a' } }), record })
  const second = scenario('second', { record })
  const third = scenario('third', { setUp: () => ({}), record })
  expect(titles(first, second, third)).toEqual([['second', 'first']])
  expect(titles(first, third)).toEqual([])
  expect(titles(second)).toEqual([])
})
