import { expect, test } from 'vitest'
import { resolvePaths } from '../../course/paths.ts'
import { CannotStart, explainListening } from './explain-listening.ts'

const explain = (error: unknown, port: number) =>
  explainListening(error, port, resolvePaths({}), (other) => `PORT=${other} npm run class`)

test('a port that only root may take: the command for another', async () => {
  const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES' })
  const explained = (await explain(error, 80)) as CannotStart
  expect(explained).toBeInstanceOf(CannotStart)
  expect(`${explained.message} ${explained.remedy}`).toBe(
    'You may not listen on port 80. Choose one above 1023: PORT=4321 npm run class',
  )
})

test.each([new Error('another'), Object.assign(new Error('x'), { code: 'EMFILE' }), 'text'])(
  '%s is left as it is',
  async (error) => expect(await explain(error, 4321)).toBe(error),
)
