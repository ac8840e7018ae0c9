import { expect, test } from 'vitest'
import { evidence, exchange } from '../../testing/exchange-builder.ts'
import { genericFault } from './common-faults.ts'

const redirect = (target: string, to: string) =>
  exchange({ target, status: 302, answers: [['Location', to]] })
const follow = (...targets: string[]) =>
  Array.from({ length: 20 }, (_, hop) =>
    redirect(targets[hop % targets.length]!, targets[(hop + 1) % targets.length]!),
  )

test('redirects that lead to themselves', () => {
  const exchanges = follow('/')
  expect(genericFault(evidence({}, { exchanges }), exchanges[0]!)).toEqual({
    id: 'redirect-loop',
    say: '/ redirects to itself.',
  })
})

test('redirects that lead in a circle', () => {
  const exchanges = follow('/a', '/b')
  expect(genericFault(evidence({}, { exchanges }), exchanges[0]!)).toEqual({
    id: 'redirect-loop',
    say: 'The redirects lead in a circle: /a → /b → /a.',
  })
})

test('redirects that lead in a circle after a while', () => {
  const exchanges = follow('/a', '/b', '/c', '/d', '/e')
  exchanges.push(...exchanges)
  expect(genericFault(evidence({}, { exchanges }), exchanges[0]!)).toEqual({
    id: 'redirect-loop',
    say: 'The redirects lead in a circle: /a → /b → /c → /d → /a.',
  })
})

test('redirects that lead somewhere are none of its business', () => {
  const exchanges = [redirect('/a', '/b'), exchange({ target: '/b' })]
  expect(genericFault(evidence({}, { exchanges }), exchanges[0]!)).toBeUndefined()
})

test.each<[string, [string, string][]]>([
  ['where five different requests were redirected', [['Location', '/thanks/1']]],
  ['where it leads to a loop, but belongs to none', [['Location', '/b']]],
  ['to another server with the same path', [['Location', 'https://shop.test/sign']]],
  ['without Location', []],
])('redirects from one address are no loop, %s', (_, answers) => {
  const sent = Array.from({ length: 6 }, () => exchange({ target: '/sign', status: 303, answers }))
  const exchanges = [...sent, redirect('/b', '/b')]
  expect(genericFault(evidence({}, { exchanges }), sent[0]!)).toBeUndefined()
})
