import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

const never = new AbortController().signal

test('what runs alone waits for the others, and frees its turn at its end', async () => {
  let freed = 0
  const turns = createTurns(() => freed++)
  const order: string[] = []
  turns.begin()
  turns.begin()
  turns.begin()
  turns.reserve()
  const alone = turns.alone(never).then(() => order.push('alone'))
  turns.end(false)
  await Promise.resolve()
  order.push('one is left')
  turns.end(false)
  await alone
  expect(order).toEqual(['one is left', 'alone'])
  expect(turns.isReserved()).toBe(true)
  turns.end(true)
  expect(turns.isReserved()).toBe(false)
  expect(freed).toBe(1)
})

test('with nothing beside it, it need not wait, and neither when it is ended', async () => {
  const turns = createTurns(() => {})
  turns.begin()
  turns.reserve()
  await turns.alone(never)
  turns.begin()
  const ending = new AbortController()
  const waiting = turns.alone(ending.signal)
  ending.abort()
  await waiting
  await turns.alone(ending.signal)
})
