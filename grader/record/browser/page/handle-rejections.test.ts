import { expect, test } from 'vitest'
import { handleRejections } from './handle-rejections.ts'

test('a rejection that nobody awaits ends nothing, and one that is awaited is thrown', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => void unhandled.push(error)
  process.on('unhandledRejection', note)
  const methods = handleRejections({
    async fails(word: string) {
      await Promise.resolve()
      throw new Error(word)
    },
    gives: (a: number, b: number) => a + b,
    name: 'a page',
  })
  void methods.fails('unseen')
  await new Promise((resolve) => setTimeout(resolve, 20))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
  await expect(methods.fails('seen')).rejects.toThrow('seen')
  expect([methods.gives(1, 2), methods.name]).toEqual([3, 'a page'])
})
