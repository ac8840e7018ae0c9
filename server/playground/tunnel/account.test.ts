import { expect, test } from 'vitest'
import { exchange } from '../../../testing/exchange-builder.ts'
import { accountOf, later } from './account.ts'
import { deliveriesOf, type Delivery } from './deliveries.ts'
import type { Payment } from './shop.ts'

const delivery = (rest: Partial<Delivery> = {}): Delivery => ({
  order: 1,
  charged: true,
  key: undefined,
  answered: true,
  by: 'click',
  afterMs: 0,
  reused: true,
  ...rest,
})
const lost = (rest: Partial<Delivery> = {}) => delivery({ answered: false, ...rest })
const again = (rest: Partial<Delivery> = {}) =>
  delivery({ order: 2, by: 'browser', afterMs: 3.2, reused: false, ...rest })
const KEY = { key: '"k"' }
const KNOWN = { ...KEY, order: 1, charged: false }
const TWICE = /Nothing in it says that it's the same order, so the shop took money again\.$/
const ONCE = /the shop knew the order\. It took nothing more, and gave its first answer again\.$/

test.each<[string, Delivery[], number, RegExp[], RegExp[]]>([
  ['one that was answered', [delivery()], 1, [/^One request came .* came back\.$/], [/key/]],
  ['the same with a key', [delivery(KEY)], 1, [/The key wasn't needed this time\.$/], []],
  [
    'one that the browser repeated',
    [lost(), again()],
    2,
    [/^The line was cut .* sent it again by itself, 3 ms later\./, TWICE],
    [/differ|you sent/],
  ],
  [
    'the same with a key',
    [lost(KEY), again(KNOWN)],
    1,
    [/by itself, 3 ms later\./, ONCE],
    [/differ/],
  ],
  [
    'one that the browser repeated twice',
    [lost(), lost({ by: 'browser', afterMs: 2 }), again({ order: 3 })],
    3,
    [/by itself, 2 ms later\./, TWICE],
    [/and so did you/],
  ],
  [
    'one repeated on a new connection, too',
    [lost({ reused: false }), again()],
    2,
    [/this one was new\. Engines differ here\./, TWICE],
    [],
  ],
  [
    'a second click',
    [lost({ reused: false }), again({ by: 'click again' })],
    2,
    [/^The answer was lost, so you sent the request again\./, TWICE],
    [/browser/],
  ],
  [
    'a second click with the same key',
    [lost({ ...KEY, reused: false }), again({ ...KNOWN, by: 'click again' })],
    1,
    [/^The answer was lost, so you sent/, ONCE],
    [/browser/],
  ],
  [
    'both',
    [lost(), lost({ by: 'browser', order: 2 }), again({ by: 'click again', order: 3 })],
    3,
    [/^Your browser sent the request again by itself, and so did you\./, TWICE],
    [],
  ],
])('explains %s', (_name, deliveries, charged, says, saysNot) => {
  const account = accountOf(deliveries)
  expect(account).toMatchObject({ charged, answered: true })
  for (const pattern of says) expect(account.because).toMatch(pattern)
  for (const pattern of saysNot) expect(account.because).not.toMatch(pattern)
})

test.each<[string, Delivery[], RegExp]>([
  [
    'on a new connection',
    [lost({ reused: false })],
    /On a new connection your browser had no reason/,
  ],
  [
    'on a used one',
    [lost()],
    /Chromium does, on a connection that was used before\. Engines differ/,
  ],
  [
    'again, too',
    [lost(), lost({ by: 'browser', reused: false })],
    /On a new connection your browser had no reason/,
  ],
])('an answer that was lost %s leaves the page in doubt', (_name, deliveries, why) => {
  const { answered, because } = accountOf(deliveries)
  expect(answered).toBe(false)
  expect(because).toMatch(why)
  expect(because).toMatch(/^The shop took the money.* can't know .* Press the button again/)
})

test('a request that never came is said to', () => {
  expect(accountOf([])).toEqual({
    charged: 0,
    answered: false,
    because: 'Nothing came to the shop, because your browser let no request out.',
  })
})

test.each([
  [0.2, 'less than 1 ms later'],
  [3.4, '3 ms later'],
  [999, '999 ms later'],
  [1234, '1.2 s later'],
])('%d ms are %s', (ms, words) => {
  expect(later(ms)).toBe(words)
})

test.each<[string, number[], string[]]>([
  ['one click', [0], ['click', 'browser', 'browser']],
  ['a second click after the first payment', [0, 1], ['click', 'click again', 'browser']],
  ['a second click after a repetition', [0, 2], ['click', 'browser', 'click again']],
  ['a click whose request never came', [0, 0, 1], ['click', 'click again', 'browser']],
])('%s has had sent', (_name, clicks, by) => {
  const page = { ...exchange({ id: 1 }), connection: 1 }
  const payment = (id: number, connection: number, at: number) => ({
    ...exchange({ id, method: 'POST', target: '/payments', at }),
    connection,
  })
  const exchanges = [page, payment(2, 1, 1), payment(3, 2, 1.004), payment(4, 2, 2)]
  const payments: Payment[] = [1, 2, 3].map((order) => ({
    order,
    charged: true,
    key: undefined,
    answered: order > 1,
  }))
  const deliveries = deliveriesOf({
    exchanges,
    payments,
    clicks,
    isPayment: ({ request }) => request.method === 'POST',
  })
  expect(deliveries.map((each) => each.by)).toEqual(by)
  expect(deliveries.map((each) => [Math.round(each.afterMs), each.reused])).toEqual([
    [0, true],
    [4, false],
    [1000, true],
  ])
  expect(deliveries[1]).toMatchObject({ order: 2, answered: true })
})
