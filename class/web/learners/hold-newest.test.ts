import { expect, test } from 'vitest'
import { holdNewest } from './hold-newest.ts'

function holdLetters(most: number) {
  const inUse = new Set<string>()
  const released: string[] = []
  let made = 0
  const held = holdNewest({
    most,
    create: (key) => `${key}${++made}`,
    isInUse: (value) => inUse.has(value),
    release: async (value) => void released.push(value),
  })
  return { held, inUse, released }
}

test('the same one is given again, and the one asked for longest ago goes first', () => {
  const { held, released } = holdLetters(2)
  expect([held.of('a'), held.of('b'), held.of('a')]).toEqual(['a1', 'b2', 'a1'])
  held.of('c')
  expect(released).toEqual(['b2'])
  expect(held.of('b')).toBe('b4')
  expect(released).toEqual(['b2', 'a1'])
})

test('one that is in use stays, and goes once it is not', () => {
  const { held, inUse, released } = holdLetters(2)
  inUse.add(held.of('a'))
  for (const key of ['b', 'c', 'd']) held.of(key)
  expect(released).toEqual(['b2', 'c3'])
  expect(held.of('a')).toBe('a1')
  inUse.clear()
  held.of('d')
  held.of('e')
  expect(released).toEqual(['b2', 'c3', 'a1'])
})

test('where all are in use, more are held', () => {
  const { held, inUse, released } = holdLetters(2)
  for (const key of ['a', 'b', 'c', 'd']) inUse.add(held.of(key))
  expect(released).toEqual([])
  inUse.clear()
  held.of('e')
  expect(released).toEqual(['a1', 'b2', 'c3'])
})

test('what is dropped is released once, and so is everything at the end', async () => {
  const { held, released } = holdLetters(5)
  for (const key of ['a', 'b', 'c']) held.of(key)
  await held.drop('b')
  await held.drop('b')
  await held.drop('never there')
  expect([held.has('a'), held.has('b')]).toEqual([true, false])
  await held.close()
  expect(released).toEqual(['b2', 'a1', 'c3'])
})
