import { expect, test } from 'vitest'
import { inTwoTabs } from '../../../exercises/lost-update/scenarios.ts'
import { exchange, type Written } from '../../../testing/exchange-builder.ts'

const put = (id: number, requestBody: string, status: number | null): Written => ({
  id,
  method: 'PUT',
  target: '/texts/menu',
  requestBody,
  status,
})

test('a PUT that Chromium sent again, because its idle connection was closed, is judged by the answer that the page got', () => {
  const exchanges = [
    put(1, 'ada', 204),
    put(2, 'ben', null),
    put(3, 'ben', 412),
    put(4, 'ada again', null),
    put(5, 'ada again', 204),
    put(6, 'both', 204),
  ].map(exchange)
  const facts: any = inTwoTabs.facts!({
    texts: ['ada', 'ben', 'ada again', 'both'],
    conflict: true,
    afterBen: exchange({ body: 'ada' }),
    afterAll: exchange({ body: 'both' }),
    exchanges,
  })
  expect([facts.ada.id, facts.ben.id]).toEqual([1, 3])
  expect(facts.goingOn.map(({ exchange }: any) => exchange.id)).toEqual([5, 6])
})
