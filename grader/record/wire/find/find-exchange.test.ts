import { describe, expect, test } from 'vitest'
import { exchange, type Written } from '../../../../testing/exchange-builder.ts'
import type { Exchange } from '../../../types/index.ts'
import { wasTriedAgain } from '../../../types/helpers/tried-again.ts'
import { createExchangeFinder, createFinders, targetOf } from './find-exchange.ts'

const on = (connection: number, written: Written): Exchange => ({
  ...exchange(written),
  connection,
})

describe('an exchange finder', () => {
  test('names the exchanges of an action once each, in order', () => {
    const wire = [exchange({ id: 1, target: '/a' })]
    const finder = createExchangeFinder(() => wire)
    const mark = finder.mark()
    wire.push(
      exchange({ id: 2, target: '/b' }),
      exchange({ id: 3, target: '/a', method: 'POST' }),
      exchange({ id: 4, target: '/a' }),
      exchange({ id: 5, target: '/a' }),
    )
    expect(finder.take(mark, 'GET', '/a')?.id).toBe(4)
    expect(finder.take(mark, 'GET', '/a')?.id).toBe(5)
    expect(finder.take(mark, 'GET', '/a')).toBeUndefined()
    expect(finder.take(mark, 'POST', '/a')?.id).toBe(3)
    expect(finder.take(0, 'GET', '/a')?.id).toBe(1)
  })

  test('takes the whole target, with its query', () => {
    const finder = createExchangeFinder(() => [
      exchange({ id: 1, target: '/a?b' }),
      exchange({ id: 2, target: '/a' }),
    ])
    expect(finder.take(0, 'GET', '/a')?.id).toBe(2)
  })

  test('passes over a try that the browser made again', () => {
    const wire = [
      on(1, { id: 1, target: '/', at: 0 }),
      on(1, { id: 2, target: '/a', at: 1, status: null, cut: 'closed' }),
      on(2, { id: 3, target: '/a', at: 1.01 }),
    ]
    expect(createExchangeFinder(() => wire).take(1, 'GET', '/a')?.id).toBe(3)
  })
})

describe('a request whose answer the scenario lost', () => {
  const lost = { kind: 'cut', moment: 'before-response', how: 'reset', at: 1 } as const
  const first = on(1, { id: 1, target: '/a', at: 1, injected: [lost] })

  test('is passed over where the browser repeated it, and found where it did not', () => {
    const take = (wire: Exchange[]) => createExchangeFinder(() => wire).take(0, 'GET', '/a')?.id
    expect(take([first, on(2, { id: 2, target: '/a', at: 1.1 })])).toBe(2)
    expect(take([first, on(2, { id: 2, target: '/b', at: 1.1 })])).toBe(1)
    expect(take([first])).toBe(1)
  })

  test('is an exchange like any other for who counts them', () => {
    expect(wasTriedAgain(first, [first, on(2, { id: 2, target: '/a', at: 1.1 })])).toBe(false)
  })
})

describe('the target of an address', () => {
  test.each([
    ['http://a.test', '/'],
    ['http://a.test/next?', '/next?'],
    ['http://a.test/next?#part', '/next?'],
    ['http://a.test/next#part', '/next'],
    ['http://a.test/next#', '/next'],
    ['http://a.test/a?b=c&d', '/a?b=c&d'],
    ['http://u:p@a.test:8080/a', '/a'],
  ])('%s is asked as %s', (url, target) => expect(targetOf(url)).toBe(target))

  test.each([
    ['/a|b', '/a%7Cb'],
    ['/a^b', '/a%5Eb'],
    ["/?q='x'", '/?q=%27x%27'],
    ['/a%7cb', '/a%7Cb'],
    ['/next?', '/next?'],
  ])('%s is found where the wire has %s', (path, target) => {
    const server = {
      url: 'http://a.test',
      exchanges: () => wire,
      subscribe: () => () => {},
    }
    const wire: Exchange[] = []
    const take = createFinders([server]).fromNow()
    wire.push(exchange({ id: 1, target: '/a' }), exchange({ id: 2, target }))
    expect(take('GET', `http://a.test${path}`)?.id).toBe(2)
  })
})

describe('a request was tried again', () => {
  const before = on(1, { id: 1, target: '/', at: 0 })
  const dropped: Written = { id: 2, target: '/a', at: 1, status: null, cut: 'closed' }
  const again = on(2, { id: 3, target: '/a', at: 1.01 })

  test.each<[string, boolean, Exchange, Exchange[]]>([
    [
      'when its connection had answered before, and another carried it soon after',
      true,
      on(1, dropped),
      [before, again],
    ],
    ['also after a reset', true, on(1, { ...dropped, cut: 'reset' }), [before, again]],
    [
      'even when the second try fared no better',
      true,
      on(1, dropped),
      [before, on(2, { id: 3, target: '/a', at: 1.01, status: null, cut: 'closed' })],
    ],
    ['but not over a connection that was new', false, on(1, dropped), [again]],
    ['but not without a second try', false, on(1, dropped), [before]],
    [
      'but not for another target',
      false,
      on(1, dropped),
      [before, on(2, { id: 3, target: '/b', at: 1.01 })],
    ],
    [
      'but not with another method',
      false,
      on(1, dropped),
      [before, on(2, { id: 3, target: '/a', method: 'POST', at: 1.01 })],
    ],
    [
      'but not with other fields',
      false,
      on(1, dropped),
      [before, on(2, { id: 3, target: '/a', cookie: 'a=1', at: 1.01 })],
    ],
    [
      'but not over the same connection',
      false,
      on(1, dropped),
      [before, on(1, { id: 3, target: '/a', at: 1.01 })],
    ],
    ['but not long after', false, on(1, dropped), [before, on(2, { id: 3, target: '/a', at: 4 })]],
    [
      'but not when half of an answer came',
      false,
      on(1, { ...dropped, status: 200, complete: false }),
      [before, again],
    ],
    ['but not when garbage came', false, on(1, { ...dropped, garbage: 'x' }), [before, again]],
    ['but not while it still waits', false, on(1, { ...dropped, cut: null }), [before, again]],
  ])('%s', (_, expected, exchange_, others) => {
    expect(wasTriedAgain(exchange_, [...others, exchange_])).toBe(expected)
  })
})
