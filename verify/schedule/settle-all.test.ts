import { expect, test } from 'vitest'
import { settleAll } from './settle-all.ts'

test('gives what each gives, in their order', async () => {
  expect(await settleAll([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two'])
})

test('rejects with the first error, after the others have ended', async () => {
  let hasCleanedUp = false
  const slower = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    hasCleanedUp = true
  })
  await expect(settleAll([Promise.reject(new Error('first')), slower])).rejects.toThrow('first')
  expect(hasCleanedUp).toBe(true)
})
