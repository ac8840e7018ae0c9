import { setImmediate } from 'node:timers/promises'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { writtenExercises } from '../testing/written-exercises.ts'

const { grade, remove } = writtenExercises()
afterAll(remove)

test('forty calls at the same time each get what is theirs, and Node warns of nothing', async () => {
  const warnings: Error[] = []
  const warned = (warning: Error) => void warnings.push(warning)
  process.on('warning', warned)
  onTestFinished(() => void process.off('warning', warned))
  const checks = `const calls = scenario('get() is called forty times', { record: ({ call }) => Promise.all(Array.from({ length: 40 }, (_, index) => call('get', index))) })
const gives = check('Each gives its own', calls, { verify: (calls, expect) => {
  for (const [index, call] of calls.entries()) expect(call).toGive(index)
} })
export default { gives }`
  const program = `const waiting: (() => void)[] = []
// The last call is done first.
export async function get(index: number): Promise<number> {
  if (index === 39) setImmediate(() => waiting.reverse().forEach((done) => done()))
  else await new Promise<void>((done) => waiting.push(done))
  return index
}
`
  const { report } = await grade({ kind: 'client', checks, program })
  expect(report.error ?? report.checks.map(({ outcome }) => outcome)).toEqual(['passed', 'passed'])
  await setImmediate()
  expect(warnings).toEqual([])
})
