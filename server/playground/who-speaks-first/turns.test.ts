import { expect, test } from 'vitest'
import { EPOCH, exchange, type Written } from '../../../testing/exchange-builder.ts'
import { sequenceSteps } from '../../../grader/report/svg/index.ts'
import { turnsOf } from './turns.ts'

const turns = (exchanges: readonly Written[], news: readonly number[] = []) => {
  const evidence = {
    scenario: 'a visit',
    recorded: {},
    log: '',
    exit: null,
    remarks: [],
    exchanges: exchanges.map((each, index) => exchange({ id: index + 1, ...each })),
    printed: news.map((at) => ({ at: EPOCH + at * 1000, text: 'news' })),
  }
  return turnsOf(sequenceSteps(evidence)).map(({ after, right }) => `${after} ${right}`)
}
const page = { target: '/', at: 0, answeredAt: 0.01 }
const style = { target: '/style.css', at: 0.02, answeredAt: 0.03 }

test('a whole visit is stopped five times', () => {
  expect(
    turns(
      [
        page,
        style,
        { target: '/news', at: 2, answeredAt: 2.1 },
        { target: '/news', at: 2.2, answeredAt: 3.1 },
      ],
      [1, 3],
    ),
  ).toEqual(['0 client', '1 server', '2 client', '5 nobody', '8 server'])
})

test('nobody may speak only while no answer is owed', () => {
  expect(turns([page, style], [1])).toContain('5 nobody')
  expect(
    turns([page, style, { target: '/favicon.ico', at: 0.9, answeredAt: 1.1 }], [1]).filter((turn) =>
      turn.endsWith('nobody'),
    ),
  ).toEqual([])
  expect(
    turns([page, { ...style, status: null }], [1]).filter((turn) => turn.endsWith('nobody')),
  ).toEqual([])
})

test('asks nothing about what a record does not have', () => {
  expect(turns([page])).toEqual(['0 client', '1 server'])
  expect(turns([{ ...page, status: null }])).toEqual(['0 client', '1 server'])
  expect(turns([{ target: '/favicon.ico' }])).toEqual([])
})
